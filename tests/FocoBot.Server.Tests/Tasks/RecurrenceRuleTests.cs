using FocoBot.Tasks;

namespace FocoBot.Tests.Tasks;

public class RecurrenceRuleTests
{
    [Theory]
    [InlineData("FREQ=DAILY", "2026-03-02", "2026-03-02T18:00", "2026-03-03")]
    [InlineData("FREQ=DAILY", "2026-03-02", "2026-03-09T18:00", "2026-03-09")]
    [InlineData("FREQ=DAILY", "2026-03-02T09:00", "2026-03-09T18:00", "2026-03-10T09:00")]
    [InlineData("FREQ=DAILY", "2026-03-02T09:00", "2026-03-09T09:00", "2026-03-09T09:00")]
    [InlineData("FREQ=DAILY", "2026-03-20T09:00", "2026-03-09T09:00", "2026-03-21T09:00")]
    [InlineData("FREQ=DAILY;INTERVAL=3", "2026-03-02", "2026-03-09T18:00", "2026-03-11")]
    [InlineData("FREQ=HOURLY;INTERVAL=8", "2026-03-02T06:00", "2026-03-09T07:30", "2026-03-09T14:00")]
    [InlineData("FREQ=MINUTELY;INTERVAL=45", "2026-03-02T23:30", "2026-03-02T23:30", "2026-03-03T00:15")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2", "2026-03-02", "2026-03-03T00:00", "2026-03-16")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-03-02", "2026-03-07T00:00", "2026-03-16")]
    [InlineData("FREQ=MONTHLY;INTERVAL=3", "2026-01-15", "2026-05-20T00:00", "2026-07-15")]
    [InlineData("FREQ=YEARLY", "2020-05-10", "2026-05-11T00:00", "2027-05-10")]
    public void A_late_completion_leaps_to_the_first_occurrence_still_to_come_in_the_same_phase(
        string rule, string current, string now, string expected) =>
        Assert.Equal(Due.Parse(expected), Next(rule, current, now));

    [Theory]
    [InlineData("FREQ=MONTHLY", "2026-01-31", "2026-03-31")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31", "2026-03-31", "2026-05-31")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "2026-02-28")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-31", "2026-01-01", "2026-03-01")]
    [InlineData("FREQ=YEARLY", "2024-02-29", "2028-02-29")]
    [InlineData("FREQ=YEARLY", "2096-02-29", "2104-02-29")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2024-02-29", "2025-02-28")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2072-02-29", "2112-02-29")]
    [InlineData("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2072-02-29", "2112-02-29")]
    [InlineData("FREQ=MONTHLY;BYDAY=5MO", "2026-03-30", "2026-06-29")]
    [InlineData("FREQ=YEARLY;BYDAY=53FR", "2026-01-01", "2027-12-31")]
    public void Days_a_month_or_year_lacks_are_skipped(string rule, string current, string expected) =>
        Assert.Equal(Due.Parse(expected), Next(rule, current, current));

    [Theory]
    [InlineData("FREQ=HOURLY;INTERVAL=5;BYDAY=MO", "2026-03-02T22:00", "2026-03-09T04:00")]
    [InlineData("FREQ=MINUTELY;INTERVAL=30;BYMONTH=1", "2026-01-31T23:45", "2027-01-01T00:15")]
    [InlineData("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-03-06", "2026-03-09")]
    [InlineData("FREQ=DAILY;BYMONTHDAY=1;BYSETPOS=-1", "2026-03-01", "2026-04-01")]
    [InlineData("FREQ=WEEKLY;BYMONTH=12", "2026-03-02", "2026-12-07")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-03-04", "2026-03-11")]
    [InlineData("FREQ=YEARLY;BYMONTHDAY=1", "2026-03-01", "2026-04-01")]
    public void Further_parts_narrow_a_rule(string rule, string current, string expected) =>
        Assert.Equal(Due.Parse(expected), Next(rule, current, current));

    [Fact]
    public void An_hourly_rule_counts_from_midnight_when_there_is_no_time() =>
        Assert.Equal(Due.Parse("2026-03-02T14:00"), Next("FREQ=HOURLY;INTERVAL=2", "2026-03-02", "2026-03-02T13:00"));

    [Theory]
    [InlineData("FREQ=DAILY;COUNT=1", "2026-03-02")]
    [InlineData("FREQ=DAILY;UNTIL=20260302", "2026-03-02")]
    [InlineData("FREQ=DAILY;UNTIL=20260303T085900", "2026-03-02T09:00")]
    [InlineData("FREQ=HOURLY;UNTIL=20260302", "2026-03-02T23:30")]
    [InlineData("FREQ=YEARLY", "2999-06-01")]
    [InlineData("FREQ=HOURLY", "2999-12-31T23:00")]
    public void A_rule_that_is_over_gives_no_more(string rule, string current) => Assert.Null(Next(rule, current, current));

    [Theory]
    [InlineData("FREQ=DAILY;UNTIL=20260303", "2026-03-02T09:00", "2026-03-03T09:00")]
    [InlineData("FREQ=DAILY;UNTIL=20260303T090000", "2026-03-02T09:00", "2026-03-03T09:00")]
    [InlineData("FREQ=DAILY;UNTIL=20260303T090000", "2026-03-02", "2026-03-03")]
    public void Until_includes_itself(string rule, string current, string expected) =>
        Assert.Equal(Due.Parse(expected), Next(rule, current, current));

    [Fact]
    public void A_completion_after_the_end_ends_the_rule() =>
        Assert.Null(Next("FREQ=DAILY;UNTIL=20260310", "2026-03-02", "2026-03-11T08:00"));

    [Fact]
    public void Occurrences_passed_over_do_not_use_up_the_count() =>
        Assert.Equal(Due.Parse("2026-03-20"), Next("FREQ=DAILY;COUNT=2", "2026-03-02", "2026-03-20T08:00"));

    [Theory]
    [InlineData("FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2")]
    [InlineData("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=2,4,6,9,11")]
    [InlineData("FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2")]
    [InlineData("FREQ=HOURLY;BYMONTHDAY=31;BYMONTH=2")]
    [InlineData("FREQ=MINUTELY;INTERVAL=7;BYMONTHDAY=31;BYMONTH=2")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2")]
    [InlineData("FREQ=MONTHLY;BYDAY=6MO")]
    [InlineData("FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29")]
    public void A_rule_that_never_matches_gives_nothing(string rule)
    {
        Assert.Null(Next(rule, "2026-03-02T09:00", "2026-03-02T09:00"));
        Assert.Null(Rule(rule).First(Due.Parse("2026-03-02T09:00")));
    }

    [Theory]
    [InlineData("0001-01-01", "0001-01-01T00:00")]
    [InlineData("9999-12-31", "0001-01-01T00:00")]
    [InlineData("2026-03-02", "9999-12-31T23:59")]
    public void Moments_outside_our_calendar_give_nothing(string current, string now)
    {
        foreach (var frequency in Enum.GetNames<RecurrenceFrequency>())
            Assert.Null(Rule($"FREQ={frequency};INTERVAL=1000").Next(new Due(DateOnly.Parse(current), null), DateTime.Parse(now)));
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=TU,TH", "2026-03-02", "2026-03-03")]
    [InlineData("FREQ=WEEKLY;BYDAY=TU,TH", "2026-03-03T09:00", "2026-03-03T09:00")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-03-04", "2026-03-16")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-02-10", "2026-02-28")]
    [InlineData("FREQ=HOURLY;INTERVAL=2", "2026-03-02T09:00", "2026-03-02T09:00")]
    public void The_first_occurrence_is_the_anchor_or_follows_it(string rule, string anchor, string expected) =>
        Assert.Equal(Due.Parse(expected), Rule(rule).First(Due.Parse(anchor)));

    private static Due? Next(string rule, string current, string now) => Rule(rule).Next(Due.Parse(current), DateTime.Parse(now));

    private static RecurrenceRule Rule(string text)
    {
        Assert.True(RecurrenceRule.TryParse(text, out var rule, out var error), error);
        return rule;
    }
}
