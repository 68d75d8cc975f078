using System.Security.Cryptography;
using FocoBot.Storage;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices.Linking;

/// <summary>Attempts that a stopped server has left half-way: the phone had vouched for some of their devices, and these are linked; the others are as if nothing had been.</summary>
internal static class AbandonedAttempts
{
    /// <summary>Closes all that are open. Nothing may be under way.</summary>
    public static async Task CloseAsync(Work work, DeviceKeys keys, DateTimeOffset now)
    {
        foreach (var row in await work.QueryAsync<Row>(
            "SELECT id, phone_number AS phone, auth_keys AS wrapped, auth_creds AS credentials FROM whatsapp_devices WHERE status = 'linking' AND status_before IS NOT NULL").ConfigureAwait(false))
        {
            if (!IsSamePhone(row, keys)) await DisownAsync(work, row.Id).ConfigureAwait(false);
            else await LinkingTable.EndUnsureAsync(work, row.Id).ConfigureAwait(false);
        }

        await work.ExecuteAsync(
            """
            UPDATE whatsapp_linking_attempts SET status = 'success', completed_at = @now WHERE completed_at IS NULL AND status = 'pairing';
            UPDATE whatsapp_devices SET status = 'active', status_before = NULL, linked_at = @now, disconnected_at = NULL, error_code = NULL, error_message = NULL, expires_at = @expires, noticed = NULL,
              phone_warned = 0 WHERE status = 'linking';
            UPDATE whatsapp_linking_attempts SET status = 'failed', error_code = @Code, error_message = @Message, completed_at = @now, qr_code_data = NULL, pairing_code = NULL WHERE completed_at IS NULL;
            DELETE FROM whatsapp_device_records WHERE device_id IN (SELECT id FROM whatsapp_devices WHERE status = 'pending' AND status_before IS NOT NULL);
            UPDATE whatsapp_devices SET status = status_before, status_before = NULL, auth_creds = NULL WHERE status = 'pending' AND status_before IS NOT NULL;
            DELETE FROM whatsapp_devices WHERE status = 'pending' AND link_method <> 'twilio'
            """, new { DeviceTrouble.Interrupted.Code, DeviceTrouble.Interrupted.Message, now, expires = now + DeviceLimits.WithoutPhone }).ConfigureAwait(false);
    }

    // Another phone had scanned the code of a device that was to be linked again, and nobody had come to see it yet. That phone shows the device until somebody removes it there.
    private static Task DisownAsync(Work work, Guid device) => work.ExecuteAsync(
        """
        UPDATE whatsapp_linking_attempts SET status = 'scanned' WHERE device_id = @device AND completed_at IS NULL;
        UPDATE whatsapp_devices SET status = 'pending' WHERE id = @device
        """, new { device });

    private static bool IsSamePhone(Row row, DeviceKeys keys)
    {
        if (row is not { Phone: { } phone, Wrapped: { } wrapped, Credentials: { } credentials }) return false;
        try
        {
            var own = DeviceCredentials.Deserialize(keys.Open(row.Id, wrapped).OpenBytes(DeviceStore.CredentialsColumn, row.Id, credentials));
            return own.PhoneJid is { } jid && LinkingRun.IsSamePhone("+" + jid.User, phone);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private sealed record Row(Guid Id, string? Phone, byte[]? Wrapped, byte[]? Credentials);
}
