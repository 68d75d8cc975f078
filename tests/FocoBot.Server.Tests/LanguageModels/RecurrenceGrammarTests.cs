using FocoBot.Assistant.LanguageModels;

namespace FocoBot.Tests.LanguageModels;

public class RecurrenceGrammarTests
{
    [Theory]
    [InlineData("FREQ=DAILY")]
    [InlineData("FREQ=HOURLY;INTERVAL=2")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")]
    [InlineData("INTERVAL=2;FREQ=WEEKLY;WKST=MO")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TH")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")]
    [InlineData("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=10")]
    [InlineData("FREQ=DAILY;COUNT=10")]
    [InlineData("FREQ=DAILY;UNTIL=20261224T235959Z")]
    public void Accepts(string rule) => Assert.True(RecurrenceGrammar.IsValid(rule));

    [Theory]
    [InlineData("")]
    [InlineData("DAILY")]
    [InlineData("RRULE:FREQ=DAILY")]
    [InlineData("FREQ=SECONDLY")]
    [InlineData("FREQ=daily")]
    [InlineData("FREQ=DAILY;")]
    [InlineData("FREQ=DAILY;FREQ=WEEKLY")]
    [InlineData("FREQ=DAILY;INTERVAL=0")]
    [InlineData("FREQ=DAILY;INTERVAL=-1")]
    [InlineData("FREQ=DAILY;INTERVAL=99999999999")]
    [InlineData("FREQ=DAILY;COUNT=1;UNTIL=20261224")]
    [InlineData("FREQ=DAILY;UNTIL=20261324")]
    [InlineData("FREQ=DAILY;BYHOUR=9")]
    [InlineData("FREQ=DAILY;X-EVIL=1")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX")]
    [InlineData("FREQ=WEEKLY;BYDAY=2MO")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1")]
    [InlineData("FREQ=MONTHLY;BYDAY=6MO")]
    [InlineData("FREQ=MONTHLY;BYDAY=0MO")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=32")]
    [InlineData("FREQ=MONTHLY;BYSETPOS=1")]
    [InlineData("FREQ=YEARLY;BYMONTH=13")]
    [InlineData("INTERVAL=2")]
    public void Rejects(string rule) => Assert.False(RecurrenceGrammar.IsValid(rule));

    [Fact]
    public void Rejects_a_rule_that_goes_on_and_on() =>
        Assert.False(RecurrenceGrammar.IsValid("FREQ=WEEKLY;BYDAY=" + string.Join(',', Enumerable.Repeat("MO", 100_000))));
}
