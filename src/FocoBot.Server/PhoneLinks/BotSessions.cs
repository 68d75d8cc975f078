using System.Security.Cryptography;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>
/// The authorisation of a sender to command the assistant: 24 hours from message to message, 7 days in all (configurable).
/// An end by time is mended silently for a trusted fingerprint; any other end needs a verification.
/// </summary>
public sealed class BotSessions(Fingerprints fingerprints, EventLog events, ServerOptions options, TimeProvider clock)
{
    /// <summary>The reason of a link whose sender has another external id than before.</summary>
    public const string RecycledNumber = "recycled_number";

    private static readonly TimeSpan SeenStep = TimeSpan.FromHours(1);

    /// <summary>The verified link of a sender, by its exact address or else its canonical phone; null for a stranger. One SELECT, no lock.</summary>
    public static Task<LinkedSender?> FindAsync(Work work, ChannelSender sender) => work.FirstAsync<LinkedSender>(
        """
        SELECT l.id AS linkId, l.user_id AS accountId, l.phone, l.address, l.suspended_reason AS suspendedReason, l.first_message_until AS firstMessageUntil,
          a.language, a.time_zone AS timeZone, a.tier, a.disabled_at AS disabledAt, a.current_project_id AS projectId,
          c.external_user_id AS externalUserId, f.fingerprint_hash AS trustedFingerprint, f.last_seen_at AS lastSeenAt,
          EXISTS (SELECT 1 FROM whatsapp_device_fingerprints b WHERE b.user_id = l.user_id AND b.address = l.address AND b.is_blocked) AS blocked,
          s.id AS sessionId, s.expires_at AS sessionExpiresAt, s.max_expires_at AS sessionMaxExpiresAt
        FROM whatsapp_user_links l
        JOIN accounts a ON a.id = l.user_id
        LEFT JOIN contacts c ON c.address = l.address
        LEFT JOIN whatsapp_device_fingerprints f ON f.user_id = l.user_id AND f.address = l.address AND f.is_trusted
        LEFT JOIN whatsapp_bot_sessions s ON s.address = l.address AND s.user_id = l.user_id AND s.is_active
        WHERE (l.address = @Address OR l.phone = @Phone) AND l.verified
        ORDER BY (l.address = @Address) DESC LIMIT 1
        """, new { sender.Address, sender.Phone });

    /// <summary>
    /// Judges a message from <paramref name="sender"/>, whose link is <paramref name="link"/>. Reads nothing, and writes only
    /// when something changed: a session's end by a minute or more, a new session, an adopted id.
    /// </summary>
    public async Task<SessionVerdict> CheckAsync(Work work, LinkedSender link, ChannelSender sender)
    {
        if (link.SuspendedReason is not null) return new(SessionState.Suspended);
        if (link.Blocked) return new(SessionState.Blocked);
        if (link.ExternalUserId is not null && sender.ExternalUserId is not null && link.ExternalUserId != sender.ExternalUserId)
        {
            await SuspendAsync(work, link.LinkId, RecycledNumber).ConfigureAwait(false);
            return new(SessionState.Suspended);
        }

        var now = clock.GetUtcNow();
        var first = link.FirstMessageUntil > now;
        if (!first && !IsTrusted(link, sender)) return new(SessionState.NeedsVerify);

        if (first || sender.Address != link.Address)
        {
            await AdoptAddressAsync(work, link, sender).ConfigureAwait(false);
            await OpenAsync(work, link.AccountId, sender).ConfigureAwait(false);
            return new(SessionState.Renewed, DialogDropped: true);
        }

        var adopted = link.ExternalUserId is null && sender.ExternalUserId is not null;
        var known = adopted ? sender : new ChannelSender(sender.Channel, sender.Address, link.ExternalUserId, sender.MessageSid);
        if (adopted) await fingerprints.TrustAsync(work, link.AccountId, sender, verified: false).ConfigureAwait(false);

        if (link.SessionExpiresAt is { } end && now < end)
        {
            await RenewAsync(work, link, known, adopted, now).ConfigureAwait(false);
            return new(SessionState.Valid);
        }

        if (link.SessionId is not null) await ExpireAsync(work, link, sender, now).ConfigureAwait(false);
        await OpenAsync(work, link.AccountId, known).ConfigureAwait(false);
        return new(SessionState.Renewed, DialogDropped: true);
    }

    /// <summary>
    /// Ends the sessions of an account (of one address, or of all) for another reason than time: lockout, unlink, emergency,
    /// logout. Its devices are no longer trusted, so the next message needs a verification.
    /// </summary>
    public async Task RevokeAsync(Work work, Guid accountId, string? address, string reason)
    {
        var of = new { accountId, address, reason, now = clock.GetUtcNow() };
        await DropDialogsAsync(work, accountId, address).ConfigureAwait(false);
        await Fingerprints.DistrustAsync(work, accountId, address).ConfigureAwait(false);
        await work.ExecuteAsync("UPDATE whatsapp_user_links SET first_message_until = NULL WHERE user_id = @accountId AND address = coalesce(@address, address)", of).ConfigureAwait(false);
        var ended = await work.QueryAsync<string>(
            """
            UPDATE whatsapp_bot_sessions SET is_active = false, revoked_at = @now, revoked_reason = @reason
            WHERE user_id = @accountId AND is_active AND address = coalesce(@address, address)
            RETURNING coalesce(phone, address)
            """, of).ConfigureAwait(false);
        foreach (var phone in ended)
            await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.SessionRevoked, true) { UserId = accountId, Phone = phone, Details = new { reason } }).ConfigureAwait(false);
    }

    /// <summary>Suspends a link until a new verification, such as for <see cref="RecycledNumber"/>.</summary>
    public async Task SuspendAsync(Work work, Guid linkId, string reason)
    {
        var link = await work.FirstAsync<SuspendedLink>(
            """
            UPDATE whatsapp_user_links SET suspended_reason = @reason, updated_at = @now WHERE id = @linkId AND verified AND suspended_reason IS NULL
            RETURNING user_id AS accountId, phone, address
            """, new { linkId, reason, now = clock.GetUtcNow() }).ConfigureAwait(false);
        if (link is null) return;
        await RevokeAsync(work, link.AccountId, link.Address, reason).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.SuspiciousActivity, true) { UserId = link.AccountId, Phone = link.Phone ?? link.Address, Details = new { reason } }).ConfigureAwait(false);
        await events.AppendAsync(work, link.AccountId, "phone.suspended", new { linkId, link.Phone, reason }).ConfigureAwait(false);
    }

    /// <summary>Opens a session for a sender that was just found worthy of it.</summary>
    internal async Task OpenAsync(Work work, Guid accountId, ChannelSender sender)
    {
        var now = clock.GetUtcNow();
        var max = now + options.BotSessionMax;
        var row = new
        {
            id = Ids.New(clock),
            accountId,
            sender.Phone,
            sender.Address,
            now,
            max,
            fingerprint = fingerprints.Of(sender.Channel, sender.Address, sender.ExternalUserId),
            // On WhatsApp nobody presents a token; the column holds the hash of one that was never given out.
            token = SHA256.HashData(RandomNumberGenerator.GetBytes(32)),
            expires = Earlier(now + options.BotSessionIdle, max),
        };
        await work.ExecuteAsync("UPDATE whatsapp_bot_sessions SET is_active = false WHERE address = @Address AND is_active", row).ConfigureAwait(false);
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_bot_sessions (id, user_id, phone, address, fingerprint, session_token_hash, expires_at, max_expires_at, last_activity_at, created_at)
            VALUES (@id, @accountId, @Phone, @Address, @fingerprint, @token, @expires, @max, @now, @now)
            """, row).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.SessionCreated, true) { UserId = accountId, Phone = sender.Subject, MessageSid = sender.MessageSid }).ConfigureAwait(false);
    }

    // Another form of the same phone is the same person when the lasting id says so; without one only a verification can tell.
    private bool IsTrusted(LinkedSender link, ChannelSender sender) =>
        link.TrustedFingerprint is { } trusted
        && CryptographicOperations.FixedTimeEquals(trusted, fingerprints.Of(sender.Channel, link.Address, link.ExternalUserId))
        && (sender.Address == link.Address || (sender.ExternalUserId is not null && link.ExternalUserId is not null));

    private async Task AdoptAddressAsync(Work work, LinkedSender link, ChannelSender sender)
    {
        if (sender.Address != link.Address) await RevokeAsync(work, link.AccountId, link.Address, "address_changed").ConfigureAwait(false);
        await work.ExecuteAsync("UPDATE whatsapp_user_links SET address = @Address, first_message_until = NULL, updated_at = @now WHERE id = @LinkId",
            new { sender.Address, link.LinkId, now = clock.GetUtcNow() }).ConfigureAwait(false);
        await fingerprints.TrustAsync(work, link.AccountId, sender, verified: false).ConfigureAwait(false);
    }

    private async Task RenewAsync(Work work, LinkedSender link, ChannelSender known, bool adopted, DateTimeOffset now)
    {
        var expires = Earlier(now + options.BotSessionIdle, link.SessionMaxExpiresAt!.Value);
        if (!adopted && expires - link.SessionExpiresAt < LinkLimits.RenewalStep) return;
        var fingerprint = fingerprints.Of(known.Channel, known.Address, known.ExternalUserId);
        await work.PostAsync("UPDATE whatsapp_bot_sessions SET expires_at = @expires, last_activity_at = @now, fingerprint = @fingerprint WHERE id = @SessionId AND is_active",
            new { expires, now, fingerprint, link.SessionId }).ConfigureAwait(false);
        if (now - link.LastSeenAt >= SeenStep) await Fingerprints.SeenAsync(work, link.AccountId, fingerprint, now).ConfigureAwait(false);
    }

    private async Task ExpireAsync(Work work, LinkedSender link, ChannelSender sender, DateTimeOffset now)
    {
        await work.ExecuteAsync("UPDATE whatsapp_bot_sessions SET is_active = false WHERE id = @SessionId", new { link.SessionId }).ConfigureAwait(false);
        await DropDialogsAsync(work, link.AccountId, link.Address).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.SessionExpired, true)
        {
            UserId = link.AccountId,
            Phone = sender.Subject,
            MessageSid = sender.MessageSid,
            Details = new { reason = now >= link.SessionMaxExpiresAt ? "max" : "idle" },
        }).ConfigureAwait(false);
    }

    // What a conversation remembers must not outlive its session.
    private static Task DropDialogsAsync(Work work, Guid accountId, string? address) => work.ExecuteAsync(
        """
        DELETE FROM dialogs WHERE user_id = @accountId AND address IN
          (SELECT address FROM whatsapp_bot_sessions WHERE user_id = @accountId AND address = coalesce(@address, address))
        """, new { accountId, address });

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private sealed record SuspendedLink(Guid AccountId, string? Phone, string Address);
}
