namespace FocoBot.PhoneLinks;

/// <summary>
/// The verified link that a sender's messages act for, with all that is needed to judge the next message: its account,
/// the fingerprint trusted there, the bot session. Read by one query; see <see cref="BotSessions.FindAsync"/>.
/// </summary>
/// <param name="LinkId">The link.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Phone">The canonical phone; null for a sender without one.</param>
/// <param name="Address">The address of the link, which may be another form of the sender's.</param>
/// <param name="SuspendedReason">Set while the link waits for a new verification.</param>
/// <param name="FirstMessageUntil">After an outbound code: until then the first message is trusted.</param>
/// <param name="Language">The account's language.</param>
/// <param name="TimeZone">The account's zone, an IANA id.</param>
/// <param name="Tier">The account's rate tier.</param>
/// <param name="DisabledAt">Set when the account may not do anything.</param>
/// <param name="ProjectId">The project that new tasks go to.</param>
/// <param name="ExternalUserId">The external id known at the link's address.</param>
/// <param name="TrustedFingerprint">What the account trusts at the link's address.</param>
/// <param name="LastSeenAt">When that was last noted.</param>
/// <param name="Blocked">An operator blocked this device.</param>
/// <param name="SessionId">The session that is open as far as the table knows.</param>
/// <param name="SessionExpiresAt">Its idle end.</param>
/// <param name="SessionMaxExpiresAt">Its end whatever happens.</param>
public sealed record LinkedSender(
    Guid LinkId, Guid AccountId, string? Phone, string Address, string? SuspendedReason, DateTimeOffset? FirstMessageUntil,
    string Language, string TimeZone, string Tier, DateTimeOffset? DisabledAt, Guid? ProjectId,
    string? ExternalUserId, byte[]? TrustedFingerprint, DateTimeOffset? LastSeenAt, bool Blocked,
    Guid? SessionId, DateTimeOffset? SessionExpiresAt, DateTimeOffset? SessionMaxExpiresAt);

/// <summary>Whether a sender may command the assistant.</summary>
public enum SessionState
{
    /// <summary>The session lives, and was renewed.</summary>
    Valid,

    /// <summary>The session had ended by time, or this is the first message; a new one was opened.</summary>
    Renewed,

    /// <summary>Nothing that is trusted: a new VERIFY is needed.</summary>
    NeedsVerify,

    /// <summary>The number seems to be somebody else's now; a new VERIFY is needed.</summary>
    Suspended,

    /// <summary>An operator blocked this device; a VERIFY does not lift it.</summary>
    Blocked,
}

/// <summary>The judgement over one message.</summary>
/// <param name="State">May it act?</param>
/// <param name="DialogDropped">What was remembered of the conversation (dialog row, last list) is gone with the old session.</param>
public readonly record struct SessionVerdict(SessionState State, bool DialogDropped = false);
