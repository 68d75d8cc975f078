namespace FocoBot.Devices.Care;

/// <summary>Times and bounds of looking after devices.</summary>
internal static class CareLimits
{
    /// <summary>A server that is alive answers a ping every half minute at the latest: past this the connection is deaf.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(35);

    /// <summary>A message that is due for this long, without any other one taken meanwhile, is stuck. A large file may take minutes to upload.</summary>
    public static readonly TimeSpan Stuck = TimeSpan.FromMinutes(5);

    /// <summary>Between two new connections for messages that are stuck.</summary>
    public static readonly TimeSpan ReplaceEvery = TimeSpan.FromMinutes(15);

    /// <summary>How long a failure to store is remembered: the connection it ended is replaced within seconds.</summary>
    public static readonly TimeSpan StoreFailure = TimeSpan.FromMinutes(1);

    /// <summary>How long a device has been off before its owner is told: longer than the quick tries to connect, and a slow one has failed as well.</summary>
    public static readonly TimeSpan Unreachable = TimeSpan.FromMinutes(10);

    /// <summary>When the owner is told that the phone is away, the later first: days, and what is left then until WhatsApp unlinks the device.</summary>
    public static readonly (int Days, TimeSpan Left)[] PhoneWarnings = [(12, TimeSpan.FromDays(2)), (10, DeviceLimits.PhoneAwayWarning)];

    /// <summary>Devices that are looked at in one go of a round.</summary>
    public const int Batch = 500;

    /// <summary>How often devices are looked at.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    /// <summary>How often it is looked whose canary is due.</summary>
    public static readonly TimeSpan CanaryRound = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked whose phone is away.</summary>
    public static readonly TimeSpan PhoneRound = TimeSpan.FromHours(1);

    /// <summary>A device is this long online before its canary: what it missed comes first.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    /// <summary>Between canaries.</summary>
    public static readonly TimeSpan CanaryEvery = TimeSpan.FromDays(1);

    /// <summary>After a canary that failed.</summary>
    public static readonly TimeSpan CanaryAgain = TimeSpan.FromHours(1);

    /// <summary>How long a canary waits for the server, and then for the phone.</summary>
    public static readonly TimeSpan CanaryPatience = TimeSpan.FromSeconds(45);

    /// <summary>How long a canary waits for the connection that replaces one that failed it.</summary>
    public static readonly TimeSpan CanaryReconnect = TimeSpan.FromMinutes(2);

    /// <summary>Canaries at once: each is little more than a wait.</summary>
    public const int CanariesAtOnce = 32;

    /// <summary>How often it is looked for notices to mail: some come from the business channel, which does not say so.</summary>
    public static readonly TimeSpan MailRound = TimeSpan.FromSeconds(10);

    /// <summary>Before a mail is tried again; doubled each time.</summary>
    public static readonly TimeSpan MailAgain = TimeSpan.FromMinutes(2);

    /// <summary>Tries to mail a notice: over some three days.</summary>
    public const int MailTries = 12;

    /// <summary>Notices that are mailed in one go.</summary>
    public const int MailBatch = 20;
}
