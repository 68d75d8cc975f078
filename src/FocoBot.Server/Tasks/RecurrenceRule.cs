using System.Collections.Immutable;
using System.Globalization;

namespace FocoBot.Tasks;

/// <summary>
/// How a task repeats: the value of an RFC 5545 RRULE (§3.3.10) without BYSECOND, BYMINUTE, BYHOUR, BYYEARDAY, BYWEEKNO and
/// SECONDLY, counted on the local wall clock. There is no stored DTSTART: the occurrence at hand takes its place, so it
/// sets the phase of INTERVAL and whatever the rule leaves open (weekday, day of the month, month, time).
/// Immutable; two rules are equal when their canonical texts are.
/// </summary>
public sealed partial record RecurrenceRule
{
    public RecurrenceFrequency Frequency { get; private init; }

    public int Interval { get; private init; } = 1;

    /// <summary>Occurrences left, the one at hand included; none when unlimited.</summary>
    public int? Count { get; private init; }

    /// <summary>The last moment an occurrence may have, itself included; a day without a time is included to its end.</summary>
    public Due? Until { get; private init; }

    public ImmutableArray<int> ByMonth { get; private init; } = [];

    /// <summary>1 to 31, or -1 to -31 from the end of the month.</summary>
    public ImmutableArray<int> ByMonthDay { get; private init; } = [];

    public ImmutableArray<RecurrenceDay> ByDay { get; private init; } = [];

    /// <summary>Which of a period's occurrences are kept, from the end when negative; all when empty.</summary>
    public ImmutableArray<int> BySetPosition { get; private init; } = [];

    public DayOfWeek WeekStart { get; private init; } = DayOfWeek.Monday;

    private RecurrenceRule()
    {
    }

    /// <summary>
    /// The first occurrence strictly after <paramref name="current"/> and not before a local moment, so that a late
    /// completion leaves no trail of overdue ones. An occurrence without a time counts until its day is over.
    /// Occurrences passed over do not use up COUNT: it is the number of times the task is put before its user.
    /// </summary>
    /// <param name="current">The occurrence at hand.</param>
    /// <param name="notBeforeLocal">A moment on the same wall clock as <paramref name="current"/>.</param>
    /// <returns>None when COUNT or UNTIL ends the rule, or when nothing matches within a bounded search before the year 3000.</returns>
    public Due? Next(Due current, DateTime notBeforeLocal) =>
        Count == 1 ? null : new OccurrenceSearch(this, current).Find(notBeforeLocal, afterAnchor: true);

    /// <summary>
    /// The first occurrence at or after <paramref name="anchor"/>, which sets the phase: with INTERVAL=2 a Monday rule
    /// anchored on a Wednesday begins in the week after next, as RFC 5545 has it.
    /// </summary>
    /// <returns>None when UNTIL has passed, or when nothing matches within a bounded search before the year 3000.</returns>
    public Due? First(Due anchor) =>
        new OccurrenceSearch(this, anchor).Find(DateTime.MinValue, afterAnchor: false);

    /// <summary>The rule to keep beside the occurrence that <see cref="Next"/> gave: one fewer to come.</summary>
    public RecurrenceRule AfterOne() => Count > 1 ? this with { Count = Count - 1 } : this;

    public bool Equals(RecurrenceRule? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// The canonical text: parts in a fixed order, lists sorted without repeats, defaults left out. Never longer than
    /// the text it was read from.
    /// </summary>
    public override string ToString()
    {
        List<string> parts = [$"FREQ={Frequency.ToString().ToUpperInvariant()}"];
        if (Interval != 1) parts.Add(string.Create(CultureInfo.InvariantCulture, $"INTERVAL={Interval}"));
        if (Count is { } count) parts.Add(string.Create(CultureInfo.InvariantCulture, $"COUNT={count}"));
        if (Until is { } until)
        {
            var day = until.Date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            parts.Add($"UNTIL={day}{until.Time?.ToString("'T'HHmmss", CultureInfo.InvariantCulture)}");
        }
        AddList("BYMONTH", ByMonth);
        AddList("BYMONTHDAY", ByMonthDay);
        AddList("BYDAY", ByDay);
        AddList("BYSETPOS", BySetPosition);
        if (WeekStart != DayOfWeek.Monday) parts.Add($"WKST={RecurrenceDay.NameOf(WeekStart)}");
        return string.Join(';', parts);

        void AddList<T>(string name, ImmutableArray<T> values)
        {
            if (!values.IsEmpty) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={string.Join(',', values)}"));
        }
    }
}
