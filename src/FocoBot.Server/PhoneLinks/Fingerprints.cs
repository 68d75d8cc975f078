using System.Security.Cryptography;
using System.Text;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>
/// Which senders an account trusts. At most one fingerprint an address is trusted; whatever must lead to a new
/// verification takes the trust away, so trust is the one thing to look at.
/// </summary>
public sealed class Fingerprints(Secrets secrets, TimeProvider clock)
{
    /// <summary>HMAC-SHA256(secret, channel ‖ 0 ‖ address ‖ 0 ‖ external id or nothing). A profile name is anybody's to choose, so it is no part.</summary>
    public byte[] Of(string channel, string address, string? externalUserId) =>
        HMACSHA256.HashData(secrets.Fingerprint, Encoding.UTF8.GetBytes($"{channel}\0{address}\0{externalUserId}"));

    /// <summary>Makes <paramref name="sender"/> the one that the account trusts at its address, and remembers the sender's external id.</summary>
    internal async Task<byte[]> TrustAsync(Work work, Guid accountId, ChannelSender sender, bool verified)
    {
        var hash = Of(sender.Channel, sender.Address, sender.ExternalUserId);
        var now = clock.GetUtcNow();
        var row = new { id = Ids.New(clock), accountId, sender.Phone, sender.Address, hash, now, verifiedAt = verified ? now : (DateTimeOffset?)null, sender.ExternalUserId };
        await DistrustAsync(work, accountId, sender.Address).ConfigureAwait(false);
        var kept = await work.ScalarAsync<Guid>(
            """
            INSERT INTO whatsapp_device_fingerprints (id, user_id, phone, address, fingerprint_hash, is_trusted, first_seen_at, last_seen_at, verified_at)
            VALUES (@id, @accountId, @Phone, @Address, @hash, true, @now, @now, @verifiedAt)
            ON CONFLICT (user_id, fingerprint_hash) DO UPDATE SET is_trusted = true, last_seen_at = excluded.last_seen_at,
              verified_at = coalesce(excluded.verified_at, whatsapp_device_fingerprints.verified_at)
            RETURNING id
            """, row).ConfigureAwait(false);
        await work.ExecuteAsync(
            """
            INSERT INTO contacts (address, phone, external_user_id, created_at) VALUES (@Address, @Phone, @ExternalUserId, @now)
            ON CONFLICT (address) DO UPDATE SET external_user_id = excluded.external_user_id
            """, row).ConfigureAwait(false);
        if (kept == row.id) await AuditAsync(AuditActions.DeviceRegistered).ConfigureAwait(false);
        if (verified) await AuditAsync(AuditActions.DeviceVerified).ConfigureAwait(false);
        return hash;

        Task AuditAsync(string action) => AuditLog.WriteAsync(work, clock, new AuditEntry(action, true) { UserId = accountId, Phone = sender.Subject, MessageSid = sender.MessageSid });
    }

    /// <summary>Takes the trust from the fingerprint of one address, or of all of an account's.</summary>
    internal static Task DistrustAsync(Work work, Guid accountId, string? address) => work.ExecuteAsync(
        "UPDATE whatsapp_device_fingerprints SET is_trusted = false WHERE user_id = @accountId AND is_trusted AND address = coalesce(@address, address)",
        new { accountId, address });

    /// <summary>Notes that a trusted fingerprint was seen.</summary>
    internal static Task SeenAsync(Work work, Guid accountId, byte[] hash, DateTimeOffset now) => work.PostAsync(
        "UPDATE whatsapp_device_fingerprints SET last_seen_at = @now WHERE user_id = @accountId AND fingerprint_hash = @hash", new { accountId, hash, now });
}
