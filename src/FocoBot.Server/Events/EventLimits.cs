namespace FocoBot.Events;

/// <summary>Bounds of what readers of the log may ask of the server.</summary>
internal static class EventLimits
{
    /// <summary>Readers an account may have waiting at once, streams and long polls together: every tab and device of a person, and a few programs.</summary>
    public const int Readers = 20;

    /// <summary>Events of one answer when the caller does not say.</summary>
    public const int DefaultPage = 100;

    /// <summary>Events of one answer at most, and of one look of a stream: a few MB even when each carries long notes.</summary>
    public const int MaxPage = 500;

    /// <summary>Seconds a long poll may wait: proxies cut idle requests at 60.</summary>
    public const int MaxWaitSeconds = 30;

    /// <summary>Bytes a peer may send at a time; a stream takes no messages at all.</summary>
    public const int PeerBuffer = 256;

    /// <summary>How often the log is looked at without having been woken: events may be written by another node.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>How often a stream shows that it lives, and checks that its reader is still signed in. Proxies cut idle connections at 30 s and more.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(25);

    /// <summary>How long a reader may take for one frame: longer, and it is gone or hopelessly behind. It can resume from its last seq.</summary>
    public static readonly TimeSpan Send = TimeSpan.FromSeconds(10);

    /// <summary>How long a reader may take to say goodbye.</summary>
    public static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);
}
