namespace FocoBot.PhoneLinks;

/// <summary>The limits of this room.</summary>
internal static class LinkLimits
{
    /// <summary>No way of writing a number is longer; the rest is not looked at.</summary>
    public const int TypedPhone = 64;

    /// <summary>Codes have 6 or 8 characters; this leaves room for spaces and dashes.</summary>
    public const int TypedCode = 32;

    /// <summary>A request body of this room is a few short fields.</summary>
    public const int RequestBytes = 4096;

    /// <summary>Long enough to fetch the phone, short enough that a million guesses don't fit (OWASP ASVS 6.5.5).</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    /// <summary>How long the question whether to move a phone waits for its answer.</summary>
    public static readonly TimeSpan MoveLife = TimeSpan.FromMinutes(10);

    /// <summary>After an outbound code the first message is trusted this long; later the number may have gone to somebody else.</summary>
    public static readonly TimeSpan FirstMessage = TimeSpan.FromDays(7);

    /// <summary>Wrong tries after which a code is dead.</summary>
    public const int AttemptsACode = 3;

    /// <summary>Between two codes for one phone: a message may take that long to arrive.</summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(60);

    /// <summary>Codes a day for one phone: 15 guesses in a million, and no more than that many messages to a stranger.</summary>
    public const int CodesADayAPhone = 5;

    /// <summary>Codes a day for one account, whatever the phones.</summary>
    public const int CodesADayAnAccount = 10;

    /// <summary>Codes a day from one address (IPv6: one /64): an office behind one address still gets in.</summary>
    public const int CodesADayAnIp = 30;

    /// <summary>Wrong codes a day that an account may type; past it nothing is looked at, so guessing costs us nothing.</summary>
    public const int TypedAttemptsADay = 30;

    /// <summary>Wrong codes a day from one sender: eight characters are not bound to a phone, so the sender is what is limited.</summary>
    public const int SentAttemptsADay = 10;

    /// <summary>Rows read for one phone; more accounts than this can't all be its owner's.</summary>
    public const int CandidatesAPhone = 500;

    /// <summary>A session's end is written only when it moves by this much, to save a write a message.</summary>
    public static readonly TimeSpan RenewalStep = TimeSpan.FromMinutes(1);
}
