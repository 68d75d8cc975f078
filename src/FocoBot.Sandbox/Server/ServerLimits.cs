namespace FocoBot.Sandbox.Server;

/// <summary>What the sandbox's server keeps to. The figures are those of the real one where they are known (protocol facts).</summary>
internal static class ServerLimits
{
    /// <summary>References handed to an unlinked client at once; when they are used up it connects anew.</summary>
    public const int Refs = 6;

    /// <summary>Companions an account may have.</summary>
    public const int Companions = 4;

    /// <summary>The highest device number.</summary>
    public const int LastDevice = 99;

    /// <summary>How often a primary may answer one link code.</summary>
    public const int HellosACode = 3;

    /// <summary>How long a link code is good.</summary>
    public static readonly TimeSpan LinkCode = TimeSpan.FromSeconds(180);

    /// <summary>How long a client may take for its part of the handshake.</summary>
    public static readonly TimeSpan Handshake = TimeSpan.FromSeconds(20);

    /// <summary>How many sent messages of a device are remembered, to address their receipts.</summary>
    public const int SentRemembered = 5_000;

    /// <summary>How many messages at once may be given up beforehand: each is a number in memory.</summary>
    public const int Refusals = 1_000;

    /// <summary>Bytes of one file: the largest document that phones send, encrypted.</summary>
    public const long MediaFileBytes = (1L << 31) + 64;

    /// <summary>Bytes of all files together: a test network's disk is small.</summary>
    public const long MediaBytes = 4L << 30;

    /// <summary>Bytes of a file that may be in memory.</summary>
    public const int SmallMedia = 1 << 20;

    /// <summary>Bytes of all files in memory; past it they go to disk.</summary>
    public const int MediaInMemory = 64 << 20;

    /// <summary>Bytes of a file that a phone fetches from an address to send it: what phones send as a video.</summary>
    public const int FetchedMedia = 100 << 20;

    /// <summary>Stanzas that may wait for a client that does not read; past it the connection is closed.</summary>
    public const int Backlog = 100_000;

    /// <summary>Patches of settings in one answer; for more the client asks again.</summary>
    public const int PatchesAPage = 50;

    /// <summary>From so many patches on a new companion gets a snapshot instead, if files can be stored.</summary>
    public const int SnapshotFrom = 100;

    /// <summary>Bytes of history that a message carries itself; more goes as a file, if files can be stored.</summary>
    public const int InlineHistory = 1 << 15;
}
