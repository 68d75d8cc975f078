using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(7, 60)]
    [InlineData(12, 1800)]
    [InlineData(int.MaxValue, 1800)]
    public void The_wait_doubles_then_grows_to_minutes_within_a_fifth(int failures, double seconds)
    {
        var random = new Random(3);
        var waits = Enumerable.Range(0, 500).Select(_ => Next(failures, TimeSpan.Zero, null, random)!.Value.TotalSeconds).ToList();
        Assert.All(waits, wait => Assert.InRange(wait, seconds * 0.8, seconds * 1.2));
        Assert.True(waits.Max() - waits.Min() > seconds * 0.3);
    }

    [Fact]
    public void What_the_far_side_asks_wins()
    {
        Assert.InRange(Next(1, TimeSpan.Zero, TimeSpan.FromMinutes(2), new Random(1))!.Value.TotalSeconds, 120, 144);
        Assert.InRange(Next(12, TimeSpan.Zero, TimeSpan.FromSeconds(3), new Random(1))!.Value.TotalSeconds, 3, 3.6);
        Assert.InRange(Next(1, TimeSpan.Zero, TimeSpan.Zero, new Random(1))!.Value.TotalSeconds, 1, 1.2);
    }

    [Fact]
    public void After_a_day_it_gives_up()
    {
        var (failures, elapsed) = (1, TimeSpan.Zero);
        while (Next(failures, elapsed, null, new Random(failures)) is { } wait)
            (failures, elapsed) = (failures + 1, elapsed + wait);
        Assert.InRange(elapsed.TotalHours, 23, 24);
        Assert.InRange(failures, 40, 80);
    }

    private static TimeSpan? Next(int failures, TimeSpan since, TimeSpan? retryAfter, Random random) =>
        RetrySchedule.NextDelay(failures, since, retryAfter, random);
}
