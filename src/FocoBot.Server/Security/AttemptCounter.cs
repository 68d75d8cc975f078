namespace FocoBot.Security;

/// <summary>At most so many attempts in a window for each key, counted in memory.</summary>
public sealed class AttemptCounter(TimeProvider clock, int limit, TimeSpan window)
{
    private readonly ForgetfulMap<Count> _counts = new(clock);

    /// <summary>Takes one attempt of <paramref name="key"/>; when none is left, the time until the window ends.</summary>
    public TimeSpan? Take(string key) => _counts.Update(key, (found, now) =>
    {
        var count = found is null || found.Until <= now ? new Count(0, now + window) : found;
        return count.Taken >= limit
            ? (count, count.Until, count.Until - now)
            : (count with { Taken = count.Taken + 1 }, count.Until, (TimeSpan?)null);
    });

    private sealed record Count(int Taken, DateTimeOffset Until);
}
