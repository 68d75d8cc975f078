using FocoBot.Channels;
using FocoBot.Events;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>
/// Which phone commands which account. Proving a phone is in <c>PhoneLinking.Verify.cs</c>, taking it over from another
/// account in <c>PhoneLinking.Moves.cs</c>. All run inside a unit of the service, since they look across accounts.
/// </summary>
public sealed partial class PhoneLinking(
    Secrets secrets, Fingerprints fingerprints, BotSessions sessions, Outbox outbox, EventLog events, WishSignal wishes, TimeProvider clock)
{
    private const string LinkColumns =
        "id, user_id AS accountId, phone, address, verified, suspended_reason AS suspendedReason, linked_at AS linkedAt, code_purpose AS codePurpose, code_expires_at AS codeExpiresAt";

    private readonly LinkThrottle _throttle = new(clock);

    /// <summary>The links of an account, verified or waiting, oldest first.</summary>
    public static Task<List<PhoneLink>> ListAsync(Work work, Guid accountId) =>
        work.QueryAsync<PhoneLink>($"SELECT {LinkColumns} FROM whatsapp_user_links WHERE user_id = @accountId ORDER BY id", new { accountId });

    /// <summary>Whether linking this phone changes who commands the account: it has or had another one. Verifying one's own phone anew does not.</summary>
    public static async Task<bool> IsChangeAsync(Work work, Guid accountId, string? phone) => await work.ScalarAsync<long>(
        """
        SELECT CASE WHEN EXISTS (SELECT 1 FROM whatsapp_user_links WHERE user_id = @accountId AND verified AND phone = @phone) THEN 0 ELSE
          (SELECT count(*) FROM whatsapp_user_links WHERE user_id = @accountId AND verified)
          + (SELECT count(*) FROM whatsapp_device_fingerprints WHERE user_id = @accountId) END
        """, new { accountId, phone }).ConfigureAwait(false) > 0;

    /// <summary>The verified link of a channel address, or else of a canonical phone.</summary>
    public static Task<PhoneLink?> FindLinkAsync(Work work, string? address, string? phone) => work.FirstAsync<PhoneLink>(
        $"SELECT {LinkColumns} FROM whatsapp_user_links WHERE (address = @address OR phone = @phone) AND verified ORDER BY (address = @address) DESC LIMIT 1",
        new { address, phone });

    /// <summary>Ends a link, and what was allowed through it. A link that was never verified only disappears.</summary>
    /// <param name="work">The unit.</param>
    /// <param name="link">The link.</param>
    /// <param name="reason">unlinked, moved, ….</param>
    /// <param name="origin">The request that asked for it, if one did.</param>
    public async Task UnlinkAsync(Work work, PhoneLink link, string reason, RequestOrigin? origin = null)
    {
        var gone = await work.ExecuteAsync("DELETE FROM whatsapp_user_links WHERE id = @Id", new { link.Id }).ConfigureAwait(false) == 0;
        if (gone || !link.Verified) return;
        await sessions.RevokeAsync(work, link.AccountId, link.Address, reason).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.AccountUnlinked, true)
        {
            UserId = link.AccountId,
            Phone = link.Phone ?? link.Address,
            Details = new { reason },
            IpAddress = origin?.Ip,
            UserAgent = origin?.UserAgent,
        }).ConfigureAwait(false);
        await events.AppendAsync(work, link.AccountId, "phone.unlinked", new { linkId = link.Id, link.Phone, reason }).ConfigureAwait(false);
    }
}

/// <summary>A phone of an account, verified or waiting for its code.</summary>
/// <param name="Id">The link.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Phone">Canonical; null for a sender without a phone.</param>
/// <param name="Address">The exact channel address; null until verified.</param>
/// <param name="Verified">Proven, and commanding the account unless suspended.</param>
/// <param name="SuspendedReason">Set while a new verification is needed.</param>
/// <param name="LinkedAt">When it was last proven.</param>
/// <param name="CodePurpose">What kind of code was last asked for.</param>
/// <param name="CodeExpiresAt">When that code dies.</param>
public sealed record PhoneLink(
    Guid Id, Guid AccountId, string? Phone, string? Address, bool Verified, string? SuspendedReason, DateTimeOffset? LinkedAt,
    string? CodePurpose, DateTimeOffset? CodeExpiresAt);
