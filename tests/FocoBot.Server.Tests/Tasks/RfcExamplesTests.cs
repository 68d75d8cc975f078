using FocoBot.Tasks;

namespace FocoBot.Tests.Tasks;

/// <summary>
/// The examples of RFC 5545 §3.8.5.3 (and of §3.3.10 where said) that stay within our subset, in their order there. All start
/// at 09:00 in New York. UNTIL is given there in UTC; here it is the same moment on the local clock.
/// </summary>
public class RfcExamplesTests
{
    [Theory]
    [InlineData("FREQ=DAILY;COUNT=10", "1997 9/2 9/3 9/4 9/5 9/6 9/7 9/8 9/9 9/10 9/11 end")]
    [InlineData("FREQ=DAILY;INTERVAL=2", "1997 9/2 9/4 9/6 9/8 9/10 9/12 9/14 9/16 9/18 9/20 9/22 9/24 9/26 9/28 9/30 10/2")]
    [InlineData("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997 9/2 9/12 9/22 10/2 10/12 end")]
    [InlineData("FREQ=WEEKLY;COUNT=10", "1997 9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4 end")]
    [InlineData("FREQ=WEEKLY;UNTIL=19971223T190000",
        "1997 9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4 11/11 11/18 11/25 12/2 12/9 12/16 12/23 end")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997 9/2 9/16 9/30 10/14 10/28 11/11 11/25 12/9 12/23 1998 1/6 1/20 2/3 2/17")]
    [InlineData("FREQ=WEEKLY;UNTIL=19971006T200000;WKST=SU;BYDAY=TU,TH", "1997 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2 end")]
    [InlineData("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2 end")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;UNTIL=19971223T190000;WKST=SU;BYDAY=MO,WE,FR",
        "1997 9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3 10/13 10/15 10/17 10/27 10/29 10/31 11/10 11/12 11/14 11/24 11/26 11/28 12/8 12/10 12/12 12/22 end")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997 9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16 end")]
    [InlineData("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997 9/5 10/3 11/7 12/5 1998 1/2 2/6 3/6 4/3 5/1 6/5 end")]
    [InlineData("FREQ=MONTHLY;UNTIL=19971223T190000;BYDAY=1FR", "1997 9/5 10/3 11/7 12/5 end")]
    [InlineData("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997 9/7 9/28 11/2 11/30 1998 1/4 1/25 3/1 3/29 5/3 5/31 end")]
    [InlineData("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997 9/22 10/20 11/17 12/22 1998 1/19 2/16 end")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-3", "1997 9/28 10/29 11/28 12/29 1998 1/29 2/26")]
    [InlineData("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997 9/2 9/15 10/2 10/15 11/2 11/15 12/2 12/15 1998 1/2 1/15 end")]
    [InlineData("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997 9/30 10/1 10/31 11/1 11/30 12/1 12/31 1998 1/1 1/31 2/1 end")]
    [InlineData("FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997 9/10 9/11 9/12 9/13 9/14 9/15 1999 3/10 3/11 3/12 3/13 end")]
    [InlineData("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997 9/2 9/9 9/16 9/23 9/30 11/4 11/11 11/18 11/25 1998 1/6 1/13 1/20 1/27 3/3 3/10 3/17 3/24 3/31")]
    [InlineData("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997 6/10 7/10 1998 6/10 7/10 1999 6/10 7/10 2000 6/10 7/10 2001 6/10 7/10 end")]
    [InlineData("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997 3/10 1999 1/10 2/10 3/10 2001 1/10 2/10 3/10 2003 1/10 2/10 3/10 end")]
    [InlineData("FREQ=YEARLY;BYDAY=20MO", "1997 5/19 1998 5/18 1999 5/17")]
    [InlineData("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997 3/13 3/20 3/27 1998 3/5 3/12 3/19 3/26 1999 3/4 3/11 3/18 3/25")]
    [InlineData("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "1997 6/5 6/12 6/19 6/26 7/3 7/10 7/17 7/24 7/31 8/7 8/14 8/21 8/28 1998 6/4")]
    [InlineData("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998 2/13 3/13 11/13 1999 8/13 2000 10/13")]
    [InlineData("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997 9/13 10/11 11/8 12/13 1998 1/10 2/7 3/7 4/11 5/9 6/13")]
    [InlineData("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996 11/5 2000 11/7 2004 11/2")]
    [InlineData("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997 9/4 10/7 11/6 end")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997 9/29 10/30 11/27 12/30 1998 1/29 2/26 3/30")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997 8/5 8/10 8/19 8/24 end")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997 8/5 8/17 8/19 8/31 end")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007 1/15 1/30 2/15 3/15 3/30 end")]
    public void A_rule_gives_the_days_of_the_rfc(string text, string days)
    {
        var expected = Days(days);
        var ends = days.EndsWith("end", StringComparison.Ordinal);

        Assert.Equal(expected, Unroll(text, expected[0], expected.Count + (ends ? 1 : 0)));
    }

    [Theory]
    [InlineData("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", "09:00 12:00 15:00")]
    [InlineData("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "09:00 09:15 09:30 09:45 10:00 10:15")]
    [InlineData("FREQ=MINUTELY;INTERVAL=90;COUNT=4", "09:00 10:30 12:00 13:30")]
    public void A_rule_within_the_day_gives_the_times_of_the_rfc(string text, string times) =>
        Assert.Equal(
            times.Split(' ').Select(time => Due.Parse($"1997-09-02T{time}")),
            Unroll(text, Due.Parse("1997-09-02T09:00"), 100));

    [Fact]
    public void Daily_until_24_December_has_113_occurrences()
    {
        var all = Unroll("FREQ=DAILY;UNTIL=19971223T190000", Due.Parse("1997-09-02T09:00"), 1000);
        Assert.Equal((113, Due.Parse("1997-12-23T09:00")), (all.Count, all[^1]));
    }

    [Theory]
    [InlineData("FREQ=YEARLY;UNTIL=20000131T090000;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA")]
    [InlineData("FREQ=DAILY;UNTIL=20000131T090000;BYMONTH=1")]
    public void Every_day_in_January_for_three_years_can_be_said_in_two_ways(string text)
    {
        var january = Enumerable.Range(1998, 3).SelectMany(year => Enumerable.Range(1, 31).Select(day => new DateOnly(year, 1, day)));
        Assert.Equal(january, Unroll(text, Due.Parse("1998-01-01T09:00"), 1000).Select(due => due.Date));
    }

    [Fact]
    public void Friday_the_13th_is_found_from_a_start_that_is_none() =>
        Assert.Equal(Due.Parse("1998-02-13T09:00"), Rule("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13").First(Due.Parse("1997-09-02T09:00")));

    private static List<Due> Unroll(string text, Due start, int atMost)
    {
        var rule = Rule(text);
        var all = new List<Due>();
        for (var due = rule.First(start); due is { } found && all.Count < atMost; due = rule.Next(found, DateTime.MinValue), rule = rule.AfterOne())
            all.Add(found);
        return all;
    }

    private static List<Due> Days(string text)
    {
        var (year, days) = (0, new List<Due>());
        foreach (var word in text.Split(' ').Where(word => word != "end"))
            if (word.Split('/') is [var month, var day])
                days.Add(new Due(new DateOnly(year, int.Parse(month), int.Parse(day)), new TimeOnly(9, 0)));
            else
                year = int.Parse(word);
        return days;
    }

    private static RecurrenceRule Rule(string text)
    {
        Assert.True(RecurrenceRule.TryParse(text, out var rule, out var error), error);
        return rule;
    }
}
