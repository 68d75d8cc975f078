namespace FocoBot.Channels.Twilio;

/// <summary>
/// When to try a send again: after 1, 2, 4, 8, 16 and 30 s, then at growing minutes up to half an hour, each ±20 % so that many
/// messages don't return at once; never more than a day after the first try, when a task reminder is of no more use.
/// </summary>
public static class RetrySchedule
{
    /// <summary>How long a message is tried in all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private const double Jitter = 0.2;
    private static readonly double[] Seconds = [1, 2, 4, 8, 16, 30, 60, 120, 300, 600, 900, 1800];

    /// <summary>The wait before the next try, or null to give up.</summary>
    /// <param name="failures">Failed tries so far, at least 1.</param>
    /// <param name="sinceFirst">Time since the first try.</param>
    /// <param name="retryAfter">What the far side asked for; it wins over our own wait, but never below the first one.</param>
    /// <param name="random">The source of jitter.</param>
    public static TimeSpan? NextDelay(int failures, TimeSpan sinceFirst, TimeSpan? retryAfter, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var factor = 1 - Jitter + (2 * Jitter * random.NextDouble());
        var delay = TimeSpan.FromSeconds(Seconds[Math.Min(failures, Seconds.Length) - 1] * factor);
        if (retryAfter is { } asked)
            delay = (asked.TotalSeconds > Seconds[0] ? asked : TimeSpan.FromSeconds(Seconds[0])) * (1 + (Jitter * random.NextDouble()));
        return sinceFirst + delay > Patience ? null : delay;
    }
}
