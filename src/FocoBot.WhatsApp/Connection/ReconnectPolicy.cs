using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Connection;

/// <summary>
/// How long to wait before connecting again: 1 s, doubled each time up to 30 s, give or take a fifth, so that many clients of one
/// server don't come at once. A connection that was stable starts the count anew.
/// </summary>
/// <param name="random">Randomness.</param>
/// <param name="quickTries">How many connections in a row may fail before the pauses are long ones; null for any number.</param>
/// <param name="longPause">How long they are then.</param>
internal sealed class ReconnectPolicy(RandomNumberGenerator random, int? quickTries, TimeSpan longPause)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);

    private int _failures;

    /// <summary>The pause after a connection that should be followed by another one.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="lasted">How long it was online.</param>
    /// <param name="now">The time.</param>
    public TimeSpan Next(ConnectionEnd end, TimeSpan lasted, DateTimeOffset now)
    {
        if (lasted >= Stable)
            _failures = 0;
        switch (end.Reaction)
        {
            // A server that always answers a login with "restart" is to be treated as one that fails.
            case EndReaction.ReconnectNow when _failures == 0:
                _failures = 1;
                return TimeSpan.Zero;
            case EndReaction.ReconnectSlowly:
                return Jitter(Slow);
            case EndReaction.Wait:
                return end.Until is { } until && until > now ? until - now : Jitter(Slow);
            default:
                if (_failures >= quickTries)
                    return Jitter(longPause);
                var pause = First * Math.Pow(2, Math.Min(_failures, 10));
                _failures++;
                return Jitter(pause < Longest ? pause : Longest);
        }
    }

    private TimeSpan Jitter(TimeSpan pause) => pause * (0.8 + 0.4 * random.Fraction());
}
