namespace FocoBot.Security;

/// <summary>A map in memory whose entries end by themselves and whose size is bounded, whatever strangers send.</summary>
internal sealed class ForgetfulMap<T>(TimeProvider clock) where T : class
{
    private const int Capacity = 50_000; // about 10 MB of keys and records

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (T Value, DateTimeOffset Until)> _entries = [];

    public T? Find(string key)
    {
        lock (_gate)
            return _entries.TryGetValue(key, out var entry) && entry.Until > clock.GetUtcNow() ? entry.Value : null;
    }

    /// <summary>Replaces the entry of <paramref name="key"/> by what <paramref name="change"/> makes of it, as one step.</summary>
    public TimeSpan? Update(string key, Func<T?, DateTimeOffset, (T Value, DateTimeOffset Until, TimeSpan? Answer)> change)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var found = _entries.TryGetValue(key, out var entry) && entry.Until > now ? entry.Value : null;
            if (found is null && _entries.Count >= Capacity) MakeRoom(now);
            var (value, until, answer) = change(found, now);
            _entries[key] = (value, until);
            return answer;
        }
    }

    public void Remove(string key)
    {
        lock (_gate)
            _entries.Remove(key);
    }

    // What ended goes first; if that is not enough, the quarter that would end soonest.
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var key in _entries.Where(pair => pair.Value.Until <= now).Select(pair => pair.Key).ToList())
            _entries.Remove(key);
        if (_entries.Count < Capacity) return;
        foreach (var key in _entries.OrderBy(pair => pair.Value.Until).Take(Capacity / 4).Select(pair => pair.Key).ToList())
            _entries.Remove(key);
    }
}
