namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>
/// The system's clock, but that short pauses are over at once: those before a client connects or asks again. Longer ones, which tell that something is missing,
/// stay; but for the one that a client has said to make before it connects again.
/// </summary>
internal sealed class HastyClock : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromMinutes(1), AtOnce = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<TimeSpan, ITimer> _waiting = [];
    private readonly HashSet<TimeSpan> _cut = [];

    /// <summary>Lets a pause be over, one that has begun or the next one of just this length.</summary>
    public void Cut(TimeSpan pause)
    {
        // As waiting rounds it.
        pause = TimeSpan.FromMilliseconds((long)pause.TotalMilliseconds);
        lock (_gate)
        {
            if (pause < Short)
                return;
            // What waits may be something else of the same length: to end that too does no harm.
            if (_waiting.Remove(pause, out var timer))
                timer.Change(AtOnce, Timeout.InfiniteTimeSpan);
            _cut.Add(pause);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var isShort = dueTime > AtOnce && (dueTime < Short || _cut.Remove(dueTime));
            var timer = base.CreateTimer(callback, state, isShort ? AtOnce : dueTime, period);
            if (!isShort && dueTime >= Short && dueTime < LongestPause)
                _waiting[dueTime] = timer;
            return timer;
        }
    }
}
