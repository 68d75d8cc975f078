namespace FocoBot.Assistant.Understanding.When;

/// <summary>Turns a time as said into one on the clock (rules 7 to 9).</summary>
internal readonly struct TimeOfDay
{
    private const int FirstMorningHour = 7;
    private readonly Clock _clock;
    private readonly PartOfDay _part;

    public TimeOfDay(Clock clock, PartOfDay part)
    {
        _clock = clock;
        _part = clock.Part != PartOfDay.None ? clock.Part : part;
    }

    /// <summary>On the day said, or the next time it is that time.</summary>
    public DateTime On(DateOnly? day, DateTime now)
    {
        var today = DateOnly.FromDateTime(now);
        if (IsOpen && (day is null || day == today))
            return NextSuchHour(today, now, mayBeTomorrow: day is null);
        if (day is { } date)
            return InDay(date);
        var at = InDay(today);
        return at > now ? at : InDay(today.AddDays(1));
    }

    /// <summary>On a day of its own: 7 to 11 are a.m., 12 noon, 1 to 6 p.m. unless said.</summary>
    public DateTime InDay(DateOnly date)
    {
        var start = date.ToDateTime(default);
        if (_clock.Hour < 0)
            return start.AddHours(DefaultHour(_part));
        return start.AddHours(Hour()).AddMinutes(_clock.Minute + _clock.Shift);
    }

    private bool IsOpen => _clock.Hour is > 0 and <= 12 && !_clock.TwentyFour && _clock.Meridiem < 0 && _part == PartOfDay.None;

    private int Hour()
    {
        var hour = _clock.Hour;
        if (_clock.TwentyFour || hour > 12)
            return hour;
        var half = hour % 12;
        if (_clock.Meridiem >= 0)
            return half + _clock.Meridiem;
        return _part switch
        {
            PartOfDay.Morning => hour,
            PartOfDay.Dawn => half,
            PartOfDay.Noon => hour >= 11 ? hour : hour + 12,
            PartOfDay.Afternoon => half + 12,
            PartOfDay.Evening => half + 12,
            // Twelve at night ends the day; one to four come after it.
            PartOfDay.Night => hour == 12 ? 24 : hour < 5 ? hour + 24 : hour + 12,
            PartOfDay.Midnight => 24,
            _ => hour >= FirstMorningHour || hour == 0 ? hour : hour + 12,
        };
    }

    private DateTime NextSuchHour(DateOnly today, DateTime now, bool mayBeTomorrow)
    {
        var at = today.ToDateTime(default).AddHours(_clock.Hour % 12).AddMinutes(_clock.Minute + _clock.Shift);
        if (at > now)
            return at;
        at = at.AddHours(12);
        return at > now || !mayBeTomorrow ? at : at.AddHours(12);
    }

    private static int DefaultHour(PartOfDay part) => part switch
    {
        PartOfDay.Morning => 9,
        PartOfDay.Noon => 12,
        PartOfDay.Afternoon => 15,
        PartOfDay.Evening => 18,
        PartOfDay.Night => 20,
        PartOfDay.Midnight => 24,
        _ => 5,
    };
}
