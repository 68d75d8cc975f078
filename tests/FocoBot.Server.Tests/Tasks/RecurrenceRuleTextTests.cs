using FocoBot.Tasks;

namespace FocoBot.Tests.Tasks;

public class RecurrenceRuleTextTests
{
    [Theory]
    [InlineData("FREQ=DAILY", "FREQ=DAILY")]
    [InlineData("freq=weekly;byday=th,Tu", "FREQ=WEEKLY;BYDAY=TU,TH")]
    [InlineData("INTERVAL=1;WKST=MO;FREQ=DAILY", "FREQ=DAILY")]
    [InlineData("FREQ=WEEKLY;INTERVAL=02;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;WKST=SU")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR,+1FR,MO,MO", "FREQ=MONTHLY;BYDAY=MO,1FR,-1FR")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1,15,+01,-2", "FREQ=MONTHLY;BYMONTHDAY=1,15,-2,-1")]
    [InlineData("BYSETPOS=-1;BYDAY=FR,MO;BYMONTH=12,6;FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=6,12;BYDAY=MO,FR;BYSETPOS=-1")]
    [InlineData("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231")]
    [InlineData("FREQ=DAILY;UNTIL=20261231t235959", "FREQ=DAILY;UNTIL=20261231T235900")]
    [InlineData("FREQ=HOURLY;INTERVAL=1000;COUNT=10000", "FREQ=HOURLY;INTERVAL=1000;COUNT=10000")]
    public void A_rule_is_written_in_its_canonical_form(string text, string canonical)
    {
        var rule = Rule(text);
        Assert.Equal(canonical, rule.ToString());
        Assert.Equal(rule, Rule(canonical));
        Assert.Equal(rule.GetHashCode(), Rule(canonical).GetHashCode());
    }

    [Theory]
    [InlineData("FREQ=SECONDLY", "FREQ")]
    [InlineData("FREQ=3", "FREQ")]
    [InlineData("INTERVAL=2", "FREQ")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "INTERVAL")]
    [InlineData("FREQ=DAILY;INTERVAL=1001", "INTERVAL")]
    [InlineData("FREQ=DAILY;INTERVAL=-1", "INTERVAL")]
    [InlineData("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL")]
    [InlineData("FREQ=DAILY;COUNT=0", "COUNT")]
    [InlineData("FREQ=DAILY;COUNT=10001", "COUNT")]
    [InlineData("FREQ=DAILY;COUNT=", "COUNT")]
    [InlineData("FREQ=DAILY;COUNT", "COUNT")]
    [InlineData("FREQ=DAILY;COUNT=2;UNTIL=20261231", "COUNT and UNTIL")]
    [InlineData("FREQ=DAILY;UNTIL=20261231T235959Z", "UNTIL")]
    [InlineData("FREQ=DAILY;UNTIL=20260229", "UNTIL")]
    [InlineData("FREQ=DAILY;UNTIL=00010101", "UNTIL")]
    [InlineData("FREQ=YEARLY;BYMONTH=13", "BYMONTH")]
    [InlineData("FREQ=YEARLY;BYMONTH=-1", "BYMONTH")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=+-1", "BYMONTHDAY")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY")]
    [InlineData("FREQ=WEEKLY;BYDAY=", "BYDAY")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX", "BYDAY")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO", "BYDAY")]
    [InlineData("FREQ=YEARLY;BYDAY=54MO", "BYDAY")]
    [InlineData("FREQ=MONTHLY;BYDAY=0MO", "BYDAY")]
    [InlineData("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS")]
    [InlineData("FREQ=WEEKLY;WKST=1MO", "WKST")]
    [InlineData("FREQ=DAILY;INTERVAL=2;interval=3", "INTERVAL stands twice")]
    [InlineData("FREQ=DAILY;BYHOUR=9", "made of")]
    [InlineData("FREQ=DAILY;", "made of")]
    [InlineData("RRULE:FREQ=DAILY", "at most 200")]
    [InlineData("FREQ=DAILY\0", "at most 200")]
    [InlineData("FREQ = DAILY", "at most 200")]
    [InlineData("FREQ=MONTHLY;BYſETPOS=1", "at most 200")]
    [InlineData("", "at most 200")]
    [InlineData(null, "at most 200")]
    public void A_bad_rule_is_refused_with_what_was_expected(string? text, string said)
    {
        Assert.False(RecurrenceRule.TryParse(text, out var rule, out var error));
        Assert.Null(rule);
        Assert.Contains(said, error);
    }

    [Fact]
    public void The_longest_text_is_200_characters()
    {
        var text = "FREQ=MONTHLY;BYMONTHDAY=" + string.Join(',', Enumerable.Repeat("1", 88));
        Assert.Equal(199, text.Length);
        Assert.True(RecurrenceRule.TryParse(text.Replace("MONTHDAY=1", "MONTHDAY=01"), out _, out _));
        Assert.False(RecurrenceRule.TryParse(text + ",1", out _, out _));
    }

    [Fact]
    public void An_error_repeats_nothing_of_the_text()
    {
        Assert.False(RecurrenceRule.TryParse("FREQ=DAILY;CANARY=CANARY", out _, out var error));
        Assert.DoesNotContain("CANARY", error);
        Assert.False(RecurrenceRule.TryParse("FREQ=CANARY", out _, out error));
        Assert.DoesNotContain("CANARY", error);
    }

    [Fact]
    public void One_fewer_is_left_after_each_occurrence()
    {
        Assert.Equal("FREQ=DAILY;COUNT=2", Rule("FREQ=DAILY;COUNT=3").AfterOne().ToString());
        Assert.Equal("FREQ=DAILY;COUNT=1", Rule("FREQ=DAILY;COUNT=1").AfterOne().ToString());
        Assert.Equal("FREQ=DAILY", Rule("FREQ=DAILY").AfterOne().ToString());
    }

    private static RecurrenceRule Rule(string text)
    {
        Assert.True(RecurrenceRule.TryParse(text, out var rule, out var error), error);
        return rule;
    }
}
