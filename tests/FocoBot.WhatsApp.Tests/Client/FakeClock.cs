namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now + _ahead;
    }

    public override long GetTimestamp() => (GetUtcNow() - _ahead).UtcTicks;

    /// <summary>Is set forward: the date changes, but no timer notices.</summary>
    public void Jump(TimeSpan time)
    {
        lock (_gate)
            _ahead += time;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes on, and lets what is due happen in its order.</summary>
    public void Advance(TimeSpan time)
    {
        var until = GetUtcNow() - _ahead + time;
        while (Next(until) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = until;
    }

    /// <summary>Goes on second by second until something has happened.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> AdvanceUntilAsync(Task happened, TimeSpan atMost, TimeSpan? patience = null)
    {
        var began = GetUtcNow();
        while (!happened.IsCompleted && GetUtcNow() - began < atMost)
        {
            Advance(TimeSpan.FromSeconds(1));
            // What fell due runs on other threads, and pings must find their way there and back before they time out.
            await Task.Delay(TimeSpan.FromMilliseconds(10), System);
        }

        await happened.WaitAsync(patience ?? TimeSpan.FromSeconds(10));
        return GetUtcNow() - began;
    }

    private Timer? Next(DateTimeOffset until)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is not null && next.Due > _now)
                _now = next.Due.Value;
            return next;
        }
    }

    private sealed class Timer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                clock._timers.Remove(this);
                if (Due is not null)
                    clock._timers.Add(this);
                return true;
            }
        }

        public void Fire()
        {
            Change(_period, _period);
            callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
