namespace FocoBot.Channels.Twilio;

/// <summary>
/// Paces what happens for each key: so many at once, then one an interval. It keeps one number a key, the moment at which its
/// bucket is full again, and needs no timer. Safe to use from many threads.
/// </summary>
/// <param name="interval">Time one token takes to come back.</param>
/// <param name="burst">Tokens of a full bucket, at least 1.</param>
/// <param name="capacity">
/// Keys kept at a time. A full bucket is forgotten, as a new one is full too; should every one be in use, a further key
/// goes unpaced rather than unserved.
/// </param>
/// <param name="clock">Measures by its timestamps, so a changed wall clock does no harm.</param>
public sealed class TokenBucket(TimeSpan interval, int burst, int capacity, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TimeSpan> _fullAt = new(StringComparer.Ordinal);
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _nextSweep;

    /// <summary>How many keys are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _fullAt.Count;
        }
    }

    /// <summary>Takes a token, out of the future if need be, and tells how long to wait before using it; zero means at once.</summary>
    /// <param name="key">Whose bucket.</param>
    /// <param name="longest">The longest wait the caller will sit out. A result above it took no token.</param>
    public TimeSpan Reserve(string key, TimeSpan longest)
    {
        lock (_lock)
        {
            var now = clock.GetElapsedTime(_start);
            var known = _fullAt.TryGetValue(key, out var fullAt);
            if (!known && _fullAt.Count >= capacity && !Sweep(now))
                return TimeSpan.Zero;
            fullAt = (fullAt > now ? fullAt : now) + interval;
            var wait = fullAt - now - (interval * burst);
            if (wait <= longest)
                _fullAt[key] = fullAt;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>Forgets full buckets; true when that made room. At most once an interval, so that hostile keys can't make it costly.</summary>
    private bool Sweep(TimeSpan now)
    {
        if (now < _nextSweep)
            return false;
        _nextSweep = now + interval;
        foreach (var (key, fullAt) in _fullAt)
        {
            if (fullAt <= now)
                _fullAt.Remove(key);
        }

        return _fullAt.Count < capacity;
    }
}
