using System.Globalization;
using FocoBot.Tasks;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.Tests.Tasks;

public class DueInstantTests
{
    private static readonly string[] Zones =
    [
        "America/Tijuana", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "America/Mexico_City",
        "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC",
    ];

    [Theory]
    [InlineData("America/Tijuana", "2026-07-01T09:00", "2026-07-01T09:00-07:00")]
    [InlineData("Europe/Madrid", "2026-01-15T09:00", "2026-01-15T09:00+01:00")]
    [InlineData("Asia/Kathmandu", "2026-01-15", "2026-01-15T00:00+05:45")]
    [InlineData("America/Mexico_City", "2026-04-05T02:30", "2026-04-05T02:30-06:00")]
    [InlineData("America/Mexico_City", "2026-07-01", "2026-07-01T00:00-06:00")]
    public void An_ordinary_time_has_the_offset_of_its_season(string zone, string due, string expected) => Check(zone, due, expected);

    [Theory]
    [InlineData("America/Tijuana", "2026-03-08T02:30", "2026-03-08T03:00-07:00")]
    [InlineData("Europe/Madrid", "2026-03-29T02:00", "2026-03-29T03:00+02:00")]
    [InlineData("Europe/Madrid", "2026-03-29T02:59", "2026-03-29T03:00+02:00")]
    [InlineData("Europe/Madrid", "2026-03-29T01:59", "2026-03-29T01:59+01:00")]
    [InlineData("Europe/Madrid", "2026-03-29T03:00", "2026-03-29T03:00+02:00")]
    [InlineData("America/New_York", "2026-03-08T02:15", "2026-03-08T03:00-04:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-04T02:30+11:00")]
    [InlineData("America/Mexico_City", "2022-04-03T02:30", "2022-04-03T03:00-05:00")]
    public void A_time_the_clock_skips_becomes_the_first_minute_after_the_gap(string zone, string due, string expected) =>
        Check(zone, due, expected);

    [Theory]
    [InlineData("America/Tijuana", "2026-11-01T01:30", "2026-11-01T01:30-07:00")]
    [InlineData("Europe/Madrid", "2026-10-25T02:30", "2026-10-25T02:30+02:00")]
    [InlineData("Europe/Madrid", "2026-10-25T03:00", "2026-10-25T03:00+01:00")]
    [InlineData("America/New_York", "2026-11-01T01:00", "2026-11-01T01:00-04:00")]
    [InlineData("America/New_York", "2026-11-01T02:00", "2026-11-01T02:00-05:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-05T01:45+11:00")]
    [InlineData("America/Sao_Paulo", "2018-02-17T23:30", "2018-02-17T23:30-02:00")]
    public void A_time_the_clock_repeats_is_its_first_occurrence(string zone, string due, string expected) => Check(zone, due, expected);

    [Theory]
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-29T01:00+03:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00-02:00")]
    [InlineData("America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00-03:00")]
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T00:00-04:00")]
    [InlineData("America/New_York", "2026-11-01", "2026-11-01T00:00-04:00")]
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00")]
    [InlineData("Pacific/Apia", "2011-12-30T18:45", "2011-12-31T00:00+14:00")]
    public void A_day_starts_when_its_clock_does(string zone, string due, string expected) => Check(zone, due, expected);

    [Fact]
    public void Near_every_kind_of_change_the_instant_is_the_first_one_that_reads_as_late()
    {
        string[] days =
        [
            "2011-12-29", "2018-02-17", "2018-11-03", "2022-04-02", "2022-10-29", "2026-02-14", "2026-03-07", "2026-03-21",
            "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31",
        ];
        var dues =
            from zone in Gen.Elements(Zones)
            from day in Gen.Elements(days)
            from shift in Gen.Choose(0, 2)
            from minute in Gen.Choose(-1, 24 * 60 - 1)
            select (zone, due: new Due(Due.Parse(day).Date.AddDays(shift), minute < 0 ? null : TimeOnly.MinValue.AddMinutes(minute)));

        Prop.ForAll(dues.ToArbitrary(), x => FirstMinuteReading(x.due, Zone(x.zone)) == x.due.InstantIn(Zone(x.zone)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true));
    }

    /// <summary>The definition itself, minute by minute. No zone is more than 14 hours from UTC.</summary>
    private static DateTimeOffset FirstMinuteReading(Due due, TimeZoneInfo zone)
    {
        var wall = due.Date.ToDateTime(due.Time ?? TimeOnly.MinValue);
        var instant = new DateTimeOffset(wall, TimeSpan.Zero).AddHours(-15);
        while (TimeZoneInfo.ConvertTime(instant, zone).DateTime < wall) instant = instant.AddMinutes(1);
        return instant;
    }

    private static void Check(string zone, string due, string expected) =>
        Assert.Equal(expected, Due.Parse(due).InstantIn(Zone(zone)).ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture));

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);
}
