namespace FocoBot.Tests;

public class FakeClockTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Time_stands_still_until_advanced()
    {
        var before = _clock.GetUtcNow();
        var stamp = _clock.GetTimestamp();
        Assert.Equal(before, _clock.GetUtcNow());

        _clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(before.AddSeconds(90), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), _clock.GetElapsedTime(stamp));
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _clock, CancellationToken.None);
        _clock.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await delay;
    }

    [Fact]
    public void A_cancellation_source_cancels_after_its_span()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(source.IsCancellationRequested);

        source.CancelAfter(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(source.IsCancellationRequested);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_see_their_own_time()
    {
        var start = _clock.GetUtcNow();
        var seen = new List<(string Name, TimeSpan At)>();
        ITimer Set(string name, int due, int period = -1) => _clock.CreateTimer(
            _ => seen.Add((name, _clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(due), period < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
        using var late = Set("late", 7);
        using var early = Set("early", 1);
        using var twin = Set("twin", 7);
        using var beat = Set("beat", 3, 3);

        _clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(["early 1", "beat 3", "beat 6", "late 7", "twin 7"], seen.Select(x => $"{x.Name} {x.At.TotalSeconds}"));
    }

    [Fact]
    public void After_a_leap_a_periodic_timer_fires_once_and_goes_on()
    {
        var fired = new List<DateTimeOffset>();
        var start = _clock.GetUtcNow();
        using var beat = _clock.CreateTimer(_ => fired.Add(_clock.GetUtcNow()), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        _clock.Leap(TimeSpan.FromDays(30));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([start.AddDays(30), start.AddDays(30).AddSeconds(1)], fired);
    }

    [Fact]
    public void A_timer_set_by_a_timer_still_fires_within_the_same_advance()
    {
        var fired = 0;
        using var first = _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_disposed_or_stopped_timer_never_fires()
    {
        var fired = 0;
        var disposed = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var stopped = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, fired);
        Assert.False(disposed.Change(TimeSpan.FromSeconds(1), TimeSpan.Zero));
    }

    [Fact]
    public async Task A_timer_without_delay_fires_without_an_advance()
    {
        var fired = new TaskCompletionSource();
        using var timer = _clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_test_can_wait_until_the_code_has_begun_to_wait()
    {
        var waiting = _clock.WaitForTimersAsync();
        Assert.False(waiting.IsCompleted);
        var work = Task.Run(() => Task.Delay(TimeSpan.FromHours(1), _clock, CancellationToken.None));

        await waiting;
        _clock.Advance(TimeSpan.FromHours(1));
        await work;
    }

    [Fact]
    public async Task A_periodic_timer_ticks_once_a_period()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), _clock);
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(tick.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await tick);
    }
}
