namespace FocoBot.Devices;

/// <summary>Bounds of this room.</summary>
internal static class DeviceLimits
{
    /// <summary>Bytes of a request: a passkey's assertion is the longest.</summary>
    public const int RequestBytes = 64 * 1024;

    /// <summary>Bytes of a device that comes as a file: some times what one with the sessions of a thousand contacts has.</summary>
    public const int ImportBytes = 32 * 1024 * 1024;

    /// <summary>Bytes that the files in an archive may have together once they are unpacked: what the server can hold for a moment. They are counted, not asked for.</summary>
    public const int ImportedBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of one of them: as many as the protocol library reads.</summary>
    public const int ImportedFile = 16 * 1024 * 1024;

    /// <summary>Files or records of a device: a thousand prekeys, and the sessions of a busy business many times over.</summary>
    public const int ImportedRecords = 50_000;

    /// <summary>Folders on the server that are offered for import, at once.</summary>
    public const int OfferedFolders = 1000;

    /// <summary>Characters of a record's name: the longest real ones, of group members, have about a hundred.</summary>
    public const int RecordName = 256;

    /// <summary>Fields of a form beside its file: there are four.</summary>
    public const int ImportFields = 8;

    /// <summary>Characters of such a field: a passphrase may be a sentence or two.</summary>
    public const int ImportField = 1024;

    /// <summary>Characters of a passphrase: who has the file can guess for years.</summary>
    public const int ShortestPassphrase = 12;

    /// <summary>Devices that are moved in or out at once: each may take a few times <see cref="ImportedBytes"/>.</summary>
    public const int TransfersAtOnce = 2;

    /// <summary>Characters of a device's name.</summary>
    public const int Name = 50;

    /// <summary>Lowest priority there is.</summary>
    public const int LowestPriority = 99;

    /// <summary>QR codes or link codes that may be begun in one attempt: each is a connection of its own.</summary>
    public const int GenerationsAnAttempt = 3;

    /// <summary>Connections that are opened at once after a start: each costs the server a handshake, and WhatsApp notices crowds.</summary>
    public const int ConnectsAtOnce = 50;

    /// <summary>How long an attempt to link may take.</summary>
    public static readonly TimeSpan Attempt = TimeSpan.FromMinutes(5);

    /// <summary>So long after a phone was verified a device is linked to it that was wished along with the code: later nobody waits for it.</summary>
    public static readonly TimeSpan WishLife = TimeSpan.FromMinutes(10);

    /// <summary>The window of <c>WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR</c>.</summary>
    public static readonly TimeSpan LinkingWindow = TimeSpan.FromHours(1);

    /// <summary>Before the second and the third request for a link code: the server sometimes needs a moment.</summary>
    public static readonly TimeSpan[] CodePauses = [TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6)];

    /// <summary>How long the answer of a new attempt waits for its first code: live within 10 s, at once on the sandbox.</summary>
    public static readonly TimeSpan FirstCode = TimeSpan.FromSeconds(10);

    /// <summary>After a link code was refused for there were too many: as long as WhatsApp wants it.</summary>
    public static readonly TimeSpan CodeCoolDown = TimeSpan.FromSeconds(60);

    /// <summary>Between tries to connect once the quick ones are used up.</summary>
    public static readonly TimeSpan SlowReconnect = TimeSpan.FromMinutes(15);

    /// <summary>How long WhatsApp keeps a companion whose phone is away.</summary>
    public static readonly TimeSpan WithoutPhone = TimeSpan.FromDays(14);

    /// <summary>So long before that, ten days after the phone was last seen, its owner is warned.</summary>
    public static readonly TimeSpan PhoneAwayWarning = TimeSpan.FromDays(4);

    /// <summary>How exactly it is kept when the phone was last seen.</summary>
    public static readonly TimeSpan PhoneSeenEvery = TimeSpan.FromHours(1);

    /// <summary>How long a connection after a start holds its place among those that are opened at once.</summary>
    public static readonly TimeSpan Admission = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Up to so long a connection after a start waits once it may begin, so that they don't come in step. It holds its place meanwhile: ten times as long, and 10,000 devices would take 100 s for that alone.
    /// </summary>
    public static readonly TimeSpan StartJitter = TimeSpan.FromMilliseconds(100);
}
