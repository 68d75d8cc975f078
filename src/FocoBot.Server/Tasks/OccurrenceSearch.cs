using System.Collections.Immutable;

namespace FocoBot.Tasks;

/// <summary>
/// Looks for an occurrence of a rule, period by period, starting near the moment asked for. A period is what FREQ names;
/// its days are tested against the BYxxx parts and against what RFC 5545 §3.3.10 takes from the anchor where those are silent.
/// Bounded by <see cref="CalendarLimits.DaysSearched"/> and <see cref="CalendarLimits.LastYear"/>.
/// </summary>
internal sealed class OccurrenceSearch
{
    private static readonly DateOnly LastDate = new(CalendarLimits.LastYear, 12, 31);

    private readonly RecurrenceRule _rule;
    private readonly Due _anchor;
    private readonly ImmutableArray<int> _months;
    private readonly ImmutableArray<int> _monthDays;
    private readonly ImmutableArray<RecurrenceDay> _weekdays;

    public OccurrenceSearch(RecurrenceRule rule, Due anchor)
    {
        (_rule, _anchor) = (rule, anchor);
        (_months, _monthDays, _weekdays) = (rule.ByMonth, rule.ByMonthDay, rule.ByDay);
        if (!_monthDays.IsEmpty || !_weekdays.IsEmpty) return;

        if (rule.Frequency == RecurrenceFrequency.Weekly) _weekdays = [new(anchor.Date.DayOfWeek)];
        if (rule.Frequency >= RecurrenceFrequency.Monthly) _monthDays = [anchor.Date.Day];
        if (rule.Frequency == RecurrenceFrequency.Yearly && _months.IsEmpty) _months = [anchor.Date.Month];
    }

    /// <summary>The first occurrence at or after both the anchor and a local moment; past the anchor if so asked.</summary>
    public Due? Find(DateTime notBefore, bool afterAnchor)
    {
        if (_anchor.Date.Year < CalendarLimits.FirstYear || _anchor.Date > LastDate || notBefore.Year > CalendarLimits.LastYear)
            return null;
        return _rule.Frequency < RecurrenceFrequency.Daily ? FindByMinutes(notBefore, afterAnchor) : FindByDays(notBefore, afterAnchor);
    }

    private Due? FindByMinutes(DateTime notBefore, bool afterAnchor)
    {
        var step = TimeSpan.FromMinutes(_rule.Frequency == RecurrenceFrequency.Hourly ? 60 * _rule.Interval : _rule.Interval);
        var start = _anchor.Date.ToDateTime(_anchor.Time ?? TimeOnly.MinValue);
        var at = start + Math.Max(StepsUntil(notBefore), afterAnchor ? 1 : 0) * step;

        for (var looked = 0; looked < CalendarLimits.DaysSearched; looked++)
        {
            var day = DateOnly.FromDateTime(at);
            var due = new Due(day, TimeOnly.FromDateTime(at));
            if (IsOver(due)) return null;
            if (Kept([day]).Any()) return due;
            at = start + StepsUntil(day.AddDays(1).ToDateTime(TimeOnly.MinValue)) * step;
        }
        return null;

        long StepsUntil(DateTime moment) => moment <= start ? 0 : ((moment - start).Ticks + step.Ticks - 1) / step.Ticks;
    }

    private Due? FindByDays(DateTime notBefore, bool afterAnchor)
    {
        var origin = PeriodOf(_anchor.Date);
        var skipped = Math.Max(0, PeriodOf(DateOnly.FromDateTime(notBefore)) - origin);
        var last = PeriodOf(LastDate);

        var looked = 0;
        for (var period = origin + skipped / _rule.Interval * _rule.Interval; period <= last; period += _rule.Interval)
        {
            var (first, length) = DaysOf(period);
            if (IsOver(new Due(first, null)) || looked >= CalendarLimits.DaysSearched) return null;
            looked += length;

            foreach (var day in Kept(Enumerable.Range(0, length).Select(first.AddDays)))
            {
                var due = _anchor with { Date = day };
                if (IsOver(due)) return null;
                if (due.CompareTo(_anchor) >= (afterAnchor ? 1 : 0) && !IsBefore(due, notBefore)) return due;
            }
        }
        return null;
    }

    private int PeriodOf(DateOnly day) => _rule.Frequency switch
    {
        RecurrenceFrequency.Daily => day.DayNumber,
        RecurrenceFrequency.Weekly => (day.DayNumber + DaysOfFirstWeek) / 7,
        RecurrenceFrequency.Monthly => day.Year * 12 + day.Month - 1,
        _ => day.Year,
    };

    private (DateOnly First, int Length) DaysOf(int period) => _rule.Frequency switch
    {
        RecurrenceFrequency.Daily => (DateOnly.FromDayNumber(period), 1),
        RecurrenceFrequency.Weekly => (DateOnly.FromDayNumber(period * 7 - DaysOfFirstWeek), 7),
        RecurrenceFrequency.Monthly => (new DateOnly(period / 12, period % 12 + 1, 1), DateTime.DaysInMonth(period / 12, period % 12 + 1)),
        _ => (new DateOnly(period, 1, 1), DaysInYear(period)),
    };

    // Day number 0, 1 January of the year 1, is a Monday; this many days of its week lie before it.
    private int DaysOfFirstWeek => (DayOfWeek.Monday - _rule.WeekStart + 7) % 7;

    /// <summary>The days of one period that the rule keeps, in order. Lazy unless BYSETPOS needs to know them all.</summary>
    private IEnumerable<DateOnly> Kept(IEnumerable<DateOnly> days)
    {
        var matching = days.Where(Matches);
        if (_rule.BySetPosition.IsEmpty) return matching;

        var all = matching.ToList();
        return all.Where((_, index) =>
            _rule.BySetPosition.Contains(index + 1) || _rule.BySetPosition.Contains(index - all.Count));
    }

    private bool Matches(DateOnly day)
    {
        if (!_months.IsEmpty && !_months.Contains(day.Month)) return false;

        var length = DateTime.DaysInMonth(day.Year, day.Month);
        if (!_monthDays.IsEmpty && !_monthDays.Contains(day.Day) && !_monthDays.Contains(day.Day - length - 1)) return false;
        if (_weekdays.IsEmpty) return true;

        // An ordinal counts within the month, unless a yearly rule names no month.
        var ofYear = _rule.Frequency == RecurrenceFrequency.Yearly && _months.IsEmpty;
        var fromStart = ofYear ? day.DayOfYear : day.Day;
        var fromEnd = (ofYear ? DaysInYear(day.Year) : length) + 1 - fromStart;
        foreach (var (weekday, ordinal) in _weekdays)
            if (weekday == day.DayOfWeek
                && (ordinal == 0 || ordinal == (fromStart + 6) / 7 || -ordinal == (fromEnd + 6) / 7))
                return true;
        return false;
    }

    private bool IsOver(Due due) =>
        due.Date > LastDate
        || (_rule.Until is { } until
            && (until.Time is null || due.Time is null ? due.Date > until.Date : due.CompareTo(until) > 0));

    private static bool IsBefore(Due due, DateTime moment) =>
        due.Time is { } time ? due.Date.ToDateTime(time) < moment : due.Date < DateOnly.FromDateTime(moment);

    private static int DaysInYear(int year) => DateTime.IsLeapYear(year) ? 366 : 365;
}
