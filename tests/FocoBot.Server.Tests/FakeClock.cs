using System.Diagnostics;

namespace FocoBot.Tests;

/// <summary>
/// A clock that moves only by <see cref="Advance"/>. Timers that come due fire on the advancing thread, in the order of
/// their due times and each at its own due time, so <c>Task.Delay(span, clock)</c>, <c>new CancellationTokenSource(span, clock)</c>
/// and <c>PeriodicTimer</c> behave as with the real clock.
/// </summary>
public sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _waiting = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _watchers = [];
    private DateTimeOffset _now = start.ToUniversalTime();

    /// <summary>Starts on Friday 2026-11-20 at 16:15 UTC (10:15 in Mexico City), the usual "now" of the examples.</summary>
    public FakeClock() : this(new DateTimeOffset(2026, 11, 20, 16, 15, 0, TimeSpan.Zero)) { }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time forward and returns when every timer due by then has fired.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        while (TakeNextDue(until) is { } timer)
            timer.Fire();
    }

    /// <summary>
    /// Moves the time forward like a machine that slept: whatever came due meanwhile fires once, at the new time.
    /// For days and weeks, where <see cref="Advance"/> would fire a periodic timer a million times.
    /// </summary>
    public void Leap(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        List<FakeTimer> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _waiting.Where(timer => timer.Due <= _now).OrderBy(timer => timer.Due)];
            foreach (var timer in due)
            {
                _waiting.Remove(timer);
                if (timer.Period > TimeSpan.Zero) Wait(timer, _now + timer.Period);
            }
        }
        foreach (var timer in due)
            timer.Fire();
    }

    /// <summary>Moves the time forward second by second until <paramref name="task"/> is done, as far as it takes.</summary>
    public async Task AdvanceUntilAsync(Task task)
    {
        var started = Stopwatch.GetTimestamp();
        while (!task.IsCompleted)
        {
            Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "It never came.");
        }
    }

    /// <summary>Timers that wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Completes as soon as at least <paramref name="count"/> timers wait: the code under test has reached its delay.</summary>
    public Task WaitForTimersAsync(int count = 1)
    {
        lock (_gate)
        {
            if (_waiting.Count >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((count, reached));
            return reached.Task;
        }
    }

    private FakeTimer? TakeNextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            // MinBy keeps the first of equals, so timers due together fire in the order they were set.
            var next = _waiting.MinBy(timer => timer.Due);
            if (next is null || next.Due > until)
            {
                _now = Later(_now, until);
                return null;
            }
            _now = Later(_now, next.Due);
            _waiting.Remove(next);
            if (next.Period > TimeSpan.Zero)
                Wait(next, next.Due + next.Period);
            return next;
        }
    }

    private void Wait(FakeTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        _waiting.Add(timer);
        foreach (var watcher in _watchers.FindAll(watcher => _waiting.Count >= watcher.Count))
        {
            watcher.Reached.SetResult();
            _watchers.Remove(watcher);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                    return false;
                clock._waiting.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    clock.Wait(this, clock._now + dueTime);
            }
            // A timer without delay must not wait for someone to move the clock; like the real one it fires from the pool.
            if (dueTime == TimeSpan.Zero)
                ThreadPool.QueueUserWorkItem(_ => clock.Advance(TimeSpan.Zero));
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._waiting.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
