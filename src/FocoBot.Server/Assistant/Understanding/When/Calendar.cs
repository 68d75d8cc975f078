namespace FocoBot.Assistant.Understanding.When;

/// <summary>Calendar arithmetic on the user's dates. Weeks start on Monday.</summary>
internal static class Calendar
{
    private const int FirstYear = 1900;
    private const int LastYear = 2100;

    public static int Weekday(DateOnly date) => date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek;

    public static DateOnly Monday(DateOnly date) => date.AddDays(1 - Weekday(date));

    public static DateOnly NextWeekday(DateOnly today, int weekday, bool todayCounts)
    {
        var ahead = (weekday - Weekday(today) + 7) % 7;
        return today.AddDays(ahead == 0 && !todayCounts ? 7 : ahead);
    }

    public static DateOnly LastOfMonth(DateOnly date) => new(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month));

    public static DateOnly FirstOfMonth(DateOnly date, int monthsAhead = 0) => new DateOnly(date.Year, date.Month, 1).AddMonths(monthsAhead);

    /// <summary>The next month that has this day, today included.</summary>
    public static DateOnly NextDay(DateOnly today, int day)
    {
        for (var month = FirstOfMonth(today); ; month = month.AddMonths(1))
        {
            if (day <= DateTime.DaysInMonth(month.Year, month.Month) && month.AddDays(day - 1) is var date && date >= today)
                return date;
        }
    }

    /// <summary>The next such date, today included; null if no year has it.</summary>
    public static DateOnly? NextDate(DateOnly today, int month, int day)
    {
        for (var year = today.Year; year <= today.Year + 8; year++)
        {
            if (Exact(year, month, day) is { } date && date >= today)
                return date;
        }
        return null;
    }

    public static DateOnly? Exact(int year, int month, int day)
    {
        if (year is >= 0 and < 100)
            year += 2000;
        return year is >= FirstYear and <= LastYear && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;
    }

    /// <summary>The nth weekday of a month; the last one for -1; null if there is none.</summary>
    public static DateOnly? Nth(DateOnly month, int nth, int weekday)
    {
        var first = FirstOfMonth(month);
        if (nth < 0)
        {
            var last = LastOfMonth(month);
            return last.AddDays(-((Weekday(last) - weekday + 7) % 7));
        }
        var date = NextWeekday(first, weekday, todayCounts: true).AddDays(7 * (nth - 1));
        return date.Month == first.Month ? date : null;
    }
}
