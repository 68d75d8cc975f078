namespace FocoBot.StandIns.Twilio;

/// <summary>Durations in buckets that grow by a fifth; percentiles are right to that fifth.</summary>
internal sealed class LatencyHistogram
{
    private const double Growth = 1.2;
    private readonly long[] _buckets = new long[128];

    public void Add(TimeSpan duration)
    {
        var micros = Math.Max(1, duration.TotalMicroseconds);
        var bucket = Math.Min(_buckets.Length - 1, (int)Math.Ceiling(Math.Log(micros, Growth)));
        Interlocked.Increment(ref _buckets[bucket]);
    }

    /// <summary>The duration in microseconds that a share of the samples did not exceed; 0 without samples.</summary>
    public double Percentile(double share)
    {
        var total = _buckets.Sum();
        var wanted = (long)Math.Ceiling(total * share);
        var seen = 0L;
        for (var i = 0; total > 0 && i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
                return Math.Round(Math.Pow(Growth, i), 1);
        }

        return 0;
    }

    public void Clear() => Array.Clear(_buckets);
}
