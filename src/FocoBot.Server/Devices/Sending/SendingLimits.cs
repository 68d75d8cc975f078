namespace FocoBot.Devices.Sending;

/// <summary>Bounds of sending as a person does.</summary>
internal static class SendingLimits
{
    /// <summary>Before somebody who writes shows as writing.</summary>
    public static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(600);

    /// <summary>For each character. Quicker than anybody: a queue must not wait for it.</summary>
    public static readonly TimeSpan Key = TimeSpan.FromMilliseconds(40);

    /// <summary>Nobody sees what is shown for less.</summary>
    public static readonly TimeSpan ShortestTyping = TimeSpan.FromMilliseconds(250);

    /// <summary>How long whoever sends waits for what WhatsApp says of the recipient, before the message is accepted without.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>How long a number is known to be on WhatsApp: numbers change hands, rarely.</summary>
    public static readonly TimeSpan NumberKnown = TimeSpan.FromDays(30);

    /// <summary>How long a number is known not to be there: somebody may just be joining.</summary>
    public static readonly TimeSpan NumberUnknown = TimeSpan.FromMinutes(10);

    /// <summary>Numbers that a device asks for in an hour. Who asks for many looks like a collector of numbers; beyond that messages are accepted without.</summary>
    public const int NumbersAnHour = 60;

    /// <summary>How long it is known that somebody is not blocked.</summary>
    public static readonly TimeSpan NotBlocked = TimeSpan.FromDays(1);

    /// <summary>People of whom that is kept in memory, of all devices; beyond it all are asked for anew.</summary>
    public const int NotBlockedKept = 50_000;

    /// <summary>Before the first further try of a message that did not get through; doubled with each.</summary>
    public static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    /// <summary>Before a further try at most.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>Tries of a message that fails by a fault of ours, or of what it says.</summary>
    public const int Faults = 5;

    /// <summary>Before the next try of a message that was tried some times.</summary>
    public static TimeSpan WaitAfter(long attempts) => TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, TryAgain.Ticks << (int)Math.Clamp(attempts, 0, 10)));
}
