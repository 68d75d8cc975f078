namespace FocoBot.Security;

/// <summary>Growing pauses after failures, for each key, counted in memory. It never refuses for good.</summary>
public sealed class Backoff(TimeProvider clock, PauseRule rule)
{
    private readonly ForgetfulMap<Record> _records = new(clock);

    /// <summary>
    /// Starts an attempt, which counts as failed until <see cref="Succeed"/> or <see cref="Forgive"/>: attempts made at
    /// the same time can't slip past the count. When the key has to pause, the time left.
    /// </summary>
    public TimeSpan? Begin(string key) => _records.Update(key, (found, now) =>
    {
        var record = found ?? new Record(0, default);
        if (record.Until > now) return (record, record.Until + rule.Memory, record.Until - now);
        record = new Record(record.Failures + 1, now + rule.PauseAfter(record.Failures + 1));
        return (record, record.Until + rule.Memory, (TimeSpan?)null);
    });

    /// <summary>The time left to pause; null when there is none.</summary>
    public TimeSpan? Left(string key) => _records.Find(key) is { } record && record.Until > clock.GetUtcNow() ? record.Until - clock.GetUtcNow() : null;

    /// <summary>The attempt was right: everything before it is forgotten.</summary>
    public void Succeed(string key) => _records.Remove(key);

    /// <summary>The attempt was neither right nor wrong: as if it had not been made.</summary>
    public void Forgive(string key) => _records.Update(key, (found, now) =>
    {
        var record = new Record(Math.Max(0, (found?.Failures ?? 0) - 1), now);
        return (record, now + rule.Memory, (TimeSpan?)null);
    });

    private sealed record Record(long Failures, DateTimeOffset Until);
}

/// <summary>How pauses grow: none for <paramref name="Free"/> failures, then <paramref name="First"/>, doubled each time up to <paramref name="Longest"/>; forgotten after <paramref name="Memory"/>.</summary>
public sealed record PauseRule(int Free, TimeSpan First, TimeSpan Longest, TimeSpan Memory)
{
    /// <summary>The pause after that many failures in a row.</summary>
    public TimeSpan PauseAfter(long failures)
    {
        if (failures <= Free) return TimeSpan.Zero;
        var doublings = Math.Min(failures - Free - 1, 30);
        return TimeSpan.FromTicks(Math.Min(First.Ticks << (int)doublings, Longest.Ticks));
    }
}
