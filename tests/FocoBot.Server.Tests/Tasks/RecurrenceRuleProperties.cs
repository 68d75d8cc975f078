using FocoBot.Tasks;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.Tests.Tasks;

public class RecurrenceRuleProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true);
    private static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    [Fact]
    public void What_is_printed_reads_back_as_the_same_rule() =>
        Prop.ForAll(Rules.ToArbitrary(), rule =>
            Read(rule.ToString()).Equals(rule) && Read(rule.ToString()).ToString() == rule.ToString() && rule.ToString().Length <= 200)
            .Check(Thorough);

    [Fact]
    public void The_next_occurrence_is_later_not_past_and_fulfils_the_rule() =>
        Prop.ForAll(Cases.ToArbitrary(), x =>
        {
            if (x.Rule.Next(x.Current, x.Now) is not { } next) return true;
            var hasTime = x.Current.Time is not null || x.Rule.Frequency < RecurrenceFrequency.Daily;
            return next.CompareTo(x.Current) > 0
                && (next.Time is { } time ? next.Date.ToDateTime(time) >= x.Now : next.Date >= DateOnly.FromDateTime(x.Now))
                && next.Time is not null == hasTime
                && Fulfils(x.Rule, x.Current, next);
        }).Check(Thorough);

    [Fact]
    public void No_day_that_fulfils_the_rule_is_passed_over() =>
        Prop.ForAll(Cases.Where(x => x.Rule.Frequency >= RecurrenceFrequency.Daily && x.Rule.BySetPosition.IsEmpty).ToArbitrary(), x =>
        {
            var next = x.Rule.Next(x.Current, x.Now);
            var from = x.Current with { Date = Later(x.Current.Date, DateOnly.FromDateTime(x.Now)).AddDays(1) };
            var days = Enumerable.Range(0, 1_000).Select(from.Date.AddDays).TakeWhile(day => next is null || day < next.Value.Date);
            return x.Rule.Count == 1 || !days.Any(day => Fulfils(x.Rule, x.Current, x.Current with { Date = day }));
        }).Check(Thorough);

    [Fact]
    public void Asking_from_the_answer_onward_gives_the_same_answer() =>
        Prop.ForAll(Cases.ToArbitrary(), x =>
            x.Rule.Next(x.Current, x.Now) is not { } next
            || x.Rule.Next(x.Current, next.Date.ToDateTime(next.Time ?? TimeOnly.MinValue)) == next).Check(Thorough);

    [Fact]
    public void Hostile_text_never_throws()
    {
        var pieces = Gen.Elements(
            "FREQ=", "DAILY", "MONTHLY", "BYDAY=", "BYMONTHDAY=", "BYSETPOS=", "UNTIL=", "COUNT=", "INTERVAL=", "WKST=", "MO", "-1FR", ";", ",", "=", "-",
            "+", "0", "99999999999", "20261231T235960", "\0", "é", "\ud800", " ", "RRULE:");
        var built = pieces.ListOf().Select(parts => string.Concat(parts));
        var any = ArbMap.Default.GeneratorFor<string?>();

        Prop.ForAll(Gen.OneOf(built.Select(text => (string?)text), built.Select(text => (string?)("FREQ=DAILY;" + text)), any).ToArbitrary(), text =>
        {
            var read = RecurrenceRule.TryParse(text, out var rule, out var error);
            Due.TryParse(text, out _);
            return read == rule is not null && read == error is null;
        }).Check(Thorough);
    }

    /// <summary>The rule's parts and phase, told from two occurrences alone. BYSETPOS is left to the examples.</summary>
    private static bool Fulfils(RecurrenceRule rule, Due current, Due next)
    {
        var (day, was) = (next.Date, current.Date);
        var daysInMonth = DateTime.DaysInMonth(day.Year, day.Month);
        var daysInYear = new DateOnly(day.Year, 12, 31).DayOfYear;
        var silent = rule.ByDay.IsEmpty && rule.ByMonthDay.IsEmpty;
        var ordinalsOfYear = rule.Frequency == RecurrenceFrequency.Yearly && rule.ByMonth.IsEmpty;
        var (nth, nthLast) = ordinalsOfYear
            ? ((day.DayOfYear - 1) / 7 + 1, (daysInYear - day.DayOfYear) / 7 + 1)
            : ((day.Day - 1) / 7 + 1, (daysInMonth - day.Day) / 7 + 1);

        return (rule.ByMonth.IsEmpty || rule.ByMonth.Contains(day.Month))
            && (rule.ByMonthDay.IsEmpty || rule.ByMonthDay.Contains(day.Day) || rule.ByMonthDay.Contains(day.Day - daysInMonth - 1))
            && (rule.ByDay.IsEmpty || rule.ByDay.Any(x => x.Day == day.DayOfWeek && (x.Ordinal == 0 || x.Ordinal == nth || x.Ordinal == -nthLast)))
            && (rule.Until is not { } until || day <= until.Date)
            && rule.Count != 1
            && rule.Frequency switch
            {
                RecurrenceFrequency.Daily => (day.DayNumber - was.DayNumber) % rule.Interval == 0,
                RecurrenceFrequency.Weekly => (StartOfWeek(day).DayNumber - StartOfWeek(was).DayNumber) % (7 * rule.Interval) == 0
                    && (!silent || day.DayOfWeek == was.DayOfWeek),
                RecurrenceFrequency.Monthly => ((day.Year - was.Year) * 12 + day.Month - was.Month) % rule.Interval == 0
                    && (!silent || day.Day == was.Day),
                RecurrenceFrequency.Yearly => (day.Year - was.Year) % rule.Interval == 0
                    && (!silent || (day.Day == was.Day && (!rule.ByMonth.IsEmpty || day.Month == was.Month))),
                var withinDay => (next.Date.ToDateTime(next.Time!.Value) - was.ToDateTime(current.Time ?? TimeOnly.MinValue)).TotalMinutes
                    % (rule.Interval * (withinDay == RecurrenceFrequency.Hourly ? 60 : 1)) == 0,
            };

        DateOnly StartOfWeek(DateOnly date)
        {
            while (date.DayOfWeek != rule.WeekStart) date = date.AddDays(-1);
            return date;
        }
    }

    private static Gen<(RecurrenceRule Rule, Due Current, DateTime Now)> Cases =>
        from rule in Rules
        from day in Gen.Choose(0, 4_000)
        from minute in Gen.Choose(-600, 24 * 60 - 1)
        from lateness in Gen.Frequency((2, Gen.Choose(-10_000, 0)), (3, Gen.Choose(0, 100_000)), (1, Gen.Choose(0, 5_000_000)))
        let current = new Due(new DateOnly(2020, 1, 1).AddDays(day), minute < 0 ? null : TimeOnly.MinValue.AddMinutes(minute))
        select (rule, current, current.Date.ToDateTime(current.Time ?? TimeOnly.MinValue).AddMinutes(lateness).AddSeconds(day % 60));

    private static Gen<RecurrenceRule> Rules =>
        from frequency in Gen.Elements(Enum.GetValues<RecurrenceFrequency>())
        from interval in Gen.Frequency((3, Gen.Constant(1)), (5, Gen.Choose(1, 6)), (1, Gen.Choose(1, 1_000)))
        from end in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Choose(1, 5).Select(n => $";COUNT={n}")), (1, Gen.Choose(2020, 2035).Select(y => $";UNTIL={y}0630")))
        from months in Part("BYMONTH", Gen.Choose(1, 12).Select(n => n.ToString()))
        from monthDays in Part("BYMONTHDAY", Gen.Choose(-31, 31).Where(n => n != 0).Select(n => n.ToString()))
        from days in Part("BYDAY", Weekday(frequency))
        from position in Part("BYSETPOS", Gen.Choose(-6, 6).Where(n => n != 0).Select(n => n.ToString()))
        from weekStart in Gen.Frequency((2, Gen.Constant("")), (1, Gen.Elements(Weekdays).Select(day => ";WKST=" + day)))
        let narrowing = months + (frequency == RecurrenceFrequency.Weekly ? "" : monthDays) + days
        select Read($"FREQ={frequency};INTERVAL={interval}{end}{narrowing}{(narrowing == "" ? "" : position)}{weekStart}");

    private static Gen<string> Weekday(RecurrenceFrequency frequency) =>
        from day in Gen.Elements(Weekdays)
        from ordinal in frequency < RecurrenceFrequency.Monthly ? Gen.Constant(0) : Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(-5, 5)))
        select ordinal == 0 ? day : $"{ordinal}{day}";

    private static Gen<string> Part(string name, Gen<string> value) => Gen.Frequency(
        (3, Gen.Constant("")),
        (2, value.NonEmptyListOf().Select(values => $";{name}={string.Join(',', values.Take(4))}")));

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private static RecurrenceRule Read(string text)
    {
        Assert.True(RecurrenceRule.TryParse(text, out var rule, out var error), $"{text}: {error}");
        return rule;
    }
}
