using System.Text;

namespace FocoBot.Assistant.Understanding.When;

internal enum Frequency : byte
{
    None,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A repetition as it was said.</summary>
internal struct Rule
{
    private static readonly string[] DayNames = ["", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    public Frequency Frequency;
    public int Interval;

    /// <summary>Bit n for weekday n (1 Monday).</summary>
    public int Weekdays;

    /// <summary>Bit n for day n of the month.</summary>
    public uint MonthDays;
    public bool LastDay;

    /// <summary>Which of the month's <see cref="Weekdays"/>: 1 to 5, -1 the last.</summary>
    public int Nth;
    public int Month;
    public PartOfDay Part;
    public DateOnly? Until;

    public static Rule Of(Frequency frequency, int interval = 1) => new() { Frequency = frequency, Interval = interval };

    public readonly bool HasAnchor => Weekdays != 0 || MonthDays != 0 || LastDay || Month != 0;

    public readonly bool Falls(DateOnly date)
    {
        if (Month != 0 && date.Month != Month)
            return false;
        if (LastDay)
            return date == Calendar.LastOfMonth(date);
        if (MonthDays != 0)
            return (MonthDays >> date.Day & 1) != 0;
        if (Weekdays == 0)
            return true;
        var weekday = Calendar.Weekday(date);
        return (Weekdays >> weekday & 1) != 0 && (Nth == 0 || Calendar.Nth(date, Nth, weekday) == date);
    }

    public override readonly string ToString()
    {
        var text = new StringBuilder("FREQ=").Append(Frequency switch
        {
            Frequency.Minutely => "MINUTELY",
            Frequency.Hourly => "HOURLY",
            Frequency.Daily => "DAILY",
            Frequency.Weekly => "WEEKLY",
            Frequency.Monthly => "MONTHLY",
            _ => "YEARLY",
        });
        if (Interval > 1)
            text.Append(";INTERVAL=").Append(Interval);
        if (Weekdays != 0 && Frequency != Frequency.Yearly)
            AppendWeekdays(text);
        if (LastDay)
            text.Append(";BYMONTHDAY=-1");
        else if (MonthDays != 0 && Frequency == Frequency.Monthly)
            AppendMonthDays(text);
        if (Until is { } until)
            text.Append(";UNTIL=").Append(until.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private readonly void AppendWeekdays(StringBuilder text)
    {
        var separator = ";BYDAY=";
        for (var day = 1; day <= 7; day++)
        {
            if ((Weekdays >> day & 1) == 0)
                continue;
            text.Append(separator);
            if (Nth != 0)
                text.Append(Nth);
            text.Append(DayNames[day]);
            separator = ",";
        }
    }

    private readonly void AppendMonthDays(StringBuilder text)
    {
        var separator = ";BYMONTHDAY=";
        for (var day = 1; day <= 31; day++)
        {
            if ((MonthDays >> day & 1) == 0)
                continue;
            text.Append(separator).Append(day);
            separator = ",";
        }
    }
}
