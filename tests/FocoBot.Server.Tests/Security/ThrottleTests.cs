using FocoBot.Security;

namespace FocoBot.Tests.Security;

public class ThrottleTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void A_window_gives_so_many_attempts_to_each_key_and_then_again()
    {
        var counter = new AttemptCounter(_clock, 2, TimeSpan.FromMinutes(10));
        Assert.Null(counter.Take("a"));
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(counter.Take("a"));
        Assert.Equal(TimeSpan.FromMinutes(6), counter.Take("a"));
        Assert.Null(counter.Take("b"));

        _clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Null(counter.Take("a"));
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_however_many_failures()
    {
        var rule = new PauseRule(2, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        Assert.Equal([0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 11).Select(failures => rule.PauseAfter(failures).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(1), rule.PauseAfter(long.MaxValue));
    }

    [Fact]
    public void Failures_are_forgotten_after_the_memory_and_after_a_success()
    {
        var backoff = new Backoff(_clock, new PauseRule(0, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)));
        Assert.Null(backoff.Begin("a"));
        Assert.Equal(TimeSpan.FromSeconds(10), backoff.Begin("a"));
        backoff.Succeed("a");
        Assert.Null(backoff.Begin("a"));

        _clock.Advance(TimeSpan.FromHours(2));

        Assert.Null(backoff.Begin("a"));
        Assert.Equal(TimeSpan.FromSeconds(10), backoff.Left("a"));
    }

    [Fact]
    public void However_many_strangers_come_memory_stays_bounded_and_the_newest_are_kept()
    {
        var map = new ForgetfulMap<string>(_clock);
        for (var i = 0; i < 60_000; i++)
        {
            var life = TimeSpan.FromSeconds(1_000 + i);
            map.Update($"key{i}", (_, now) => ("value", now + life, null));
        }

        var kept = Enumerable.Range(0, 60_000).Count(i => map.Find($"key{i}") is not null);
        Assert.InRange(kept, 37_500, 50_000);
        Assert.NotNull(map.Find("key59999"));
        Assert.Null(map.Find("key0"));
    }
}
