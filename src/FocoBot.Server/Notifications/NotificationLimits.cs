namespace FocoBot.Notifications;

/// <summary>Bounds of this room.</summary>
internal static class NotificationLimits
{
    /// <summary>Bytes of a request.</summary>
    public const int RequestBytes = 4096;

    /// <summary>Notifications that are looked at in one turn.</summary>
    public const int Batch = 100;

    /// <summary>Tests of an account within <see cref="TestWindow"/>: each is a real message.</summary>
    public const int Tests = 5;

    public static readonly TimeSpan TestWindow = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked whether one is due, or what became of those that were handed over.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Before one that failed by a fault of ours is tried again.</summary>
    public static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    /// <summary>How long a device or Twilio may keep one without a word of it, before another way is tried: a reminder that comes an hour late is none.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>When to ask again what became of one: soon at first, then ever more seldom.</summary>
    public static TimeSpan AskAgain(TimeSpan since) => since / 10 < Look ? Look : since / 10 > Patience ? Patience : since / 10;
}
