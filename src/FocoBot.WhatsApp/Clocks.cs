namespace FocoBot.WhatsApp;

/// <summary>Waiting by a clock that tests can set.</summary>
internal static class Clocks
{
    // What a timer can take at most is 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <summary>Waits for any time.</summary>
    public static async Task WaitAsync(this TimeProvider clock, TimeSpan time, CancellationToken token)
    {
        for (var left = time; left > TimeSpan.Zero; left -= LongestTimer)
            await Task.Delay(left < LongestTimer ? left : LongestTimer, clock, token);
    }
}
