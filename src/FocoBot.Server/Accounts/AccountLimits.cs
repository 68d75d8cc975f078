using FocoBot.Security;

namespace FocoBot.Accounts;

/// <summary>The limits of this room, each with its reason.</summary>
internal static class AccountLimits
{
    /// <summary>The longest address SMTP can carry (RFC 5321 §4.5.3.1.3, without the brackets).</summary>
    public const int Email = 254;

    /// <summary>Below this, guessing against a leaked table is too cheap.</summary>
    public const int PasswordShortest = 10;

    /// <summary>Long enough for any passphrase; bounds what we hash.</summary>
    public const int PasswordLongest = 128;

    /// <summary>OWASP's figure for PBKDF2 with HMAC-SHA-512.</summary>
    public const int PasswordIterations = 210_000;

    /// <summary>Hashes waiting for a turn; each takes about 0.1 s, so the last waits some seconds and more would wait in vain.</summary>
    public const int HashQueue = 64;

    /// <summary>A name of an API key, to be read in a list.</summary>
    public const int KeyName = 80;

    /// <summary>Live API keys of an account: plenty for a person's programs.</summary>
    public const int Keys = 20;

    /// <summary>The longest life of an API key that ends at all.</summary>
    public const int KeyDays = 730;

    /// <summary>Live web sessions of an account; the one unseen for longest makes room.</summary>
    public const int Sessions = 50;

    /// <summary>Codes that stand in for the authenticator app, each good once.</summary>
    public const int RecoveryCodes = 8;

    /// <summary>Any of our tokens and codes is shorter; what is longer is not looked at.</summary>
    public const int Token = 200;

    /// <summary>The longest body of a request to this room; the largest real one is under 1 KiB.</summary>
    public const int Body = 16 * 1024;

    /// <summary>A web session that nobody used for this long ends.</summary>
    public static readonly TimeSpan SessionIdle = TimeSpan.FromDays(14);

    /// <summary>A web session ends after this long, used or not.</summary>
    public static readonly TimeSpan SessionMax = TimeSpan.FromDays(90);

    /// <summary>"Last seen" is no finer than this: a write per request would buy nothing.</summary>
    public static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    /// <summary>Reset links travel by mail or by an administrator's hand, and open the account.</summary>
    public static readonly TimeSpan ResetLife = TimeSpan.FromHours(1);

    /// <summary>A link that confirms an e-mail address.</summary>
    public static readonly TimeSpan ConfirmLife = TimeSpan.FromHours(24);

    /// <summary>The first administrator's link; each start makes a new one.</summary>
    public static readonly TimeSpan FirstAdminLife = TimeSpan.FromDays(7);

    /// <summary>Invitations wait for people.</summary>
    public const int InviteDays = 7;

    /// <summary>The longest life of an invitation.</summary>
    public const int InviteDaysMost = 30;

    /// <summary>Sign-ins for one account from one address: a person mistypes a few times, a machine doesn't stop.</summary>
    public static readonly PauseRule LoginPauses = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1));

    /// <summary>Sign-ins for one account from everywhere: slower, since strangers can raise it. Addresses the account is signed in from are exempt.</summary>
    public static readonly PauseRule AccountPauses = new(20, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15), TimeSpan.FromHours(24));

    /// <summary>Sign-ins from one address, whichever the account: an office behind one address stays below it.</summary>
    public const int LoginsPerAddress = 100;

    public static readonly TimeSpan LoginWindow = TimeSpan.FromMinutes(15);

    /// <summary>Registrations from one address in an hour; each costs a hash, and each may tell that an e-mail is taken.</summary>
    public const int RegistrationsPerAddress = 10;

    /// <summary>Reset requests and spent links from one address in an hour.</summary>
    public const int ResetsPerAddress = 10;

    /// <summary>Mails of one kind to one address in an hour: nobody's mailbox is flooded through us.</summary>
    public const int MailsPerRecipient = 3;

    /// <summary>Changes of e-mail an account may ask for in an hour: each may tell that an address is taken.</summary>
    public const int EmailChanges = 5;

    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
}
