namespace FocoBot.Assistant.Understanding.When;

internal enum DayKind
{
    /// <summary>One certain date.</summary>
    Plain,

    /// <summary>"el viernes": the next one, after today unless it repeats.</summary>
    Weekday,

    /// <summary>"el 15": the next one, today included.</summary>
    DayOfMonth,
    LastOfMonth,

    /// <summary>"el 3 de mayo", without its year.</summary>
    MonthDay,

    /// <summary>A past date: read over, not a due.</summary>
    Past,
}

/// <summary>A date as it was said.</summary>
internal struct Day
{
    public DayKind Kind;
    public DateOnly Date;

    /// <summary>Weekday (1–7) or day of the month, by the kind.</summary>
    public int Number;

    /// <summary>Only says more about a thing ("la junta del lunes"); another date goes first.</summary>
    public bool Weak;

    /// <summary>"hasta el 30": the end of a repetition, if there is one.</summary>
    public bool Until;
    public PartOfDay Part;

    public static Day Of(DateOnly date, DayKind kind = DayKind.Plain, int number = 0) => new() { Kind = kind, Date = date, Number = number };
}

internal enum PartOfDay : byte
{
    None,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
    Midnight,
    Dawn,
}

/// <summary>A time of day as it was said.</summary>
internal struct Clock
{
    /// <summary>0 to 24, or -1 when only the part of the day was said.</summary>
    public int Hour;
    public int Minute;

    /// <summary>0 a.m., 12 p.m., -1 not said.</summary>
    public int Meridiem;
    public bool TwentyFour;
    public PartOfDay Part;

    /// <summary>Minutes to add: "20 minutos antes de las 6".</summary>
    public int Shift;

    public static Clock At(int hour, int minute) => new() { Hour = hour, Minute = minute, Meridiem = -1 };

    public static Clock In(PartOfDay part) => new() { Hour = -1, Meridiem = -1, Part = part };
}
