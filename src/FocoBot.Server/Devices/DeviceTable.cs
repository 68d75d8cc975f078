using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices;

/// <summary>A device as it stands in the table.</summary>
public sealed record DeviceRow(
    Guid Id, Guid AccountId, string DeviceName, string DeviceType, string? PhoneNumber, string Status, string? LinkMethod, DateTimeOffset? LinkedAt, DateTimeOffset? LastConnectedAt,
    string? Platform, string? PushName, DateTimeOffset? ExpiresAt, string Network, string? ErrorCode, string? ErrorMessage, long Priority, string UseFor, string Consent, bool Assistant, byte[]? Wrapped,
    DateTimeOffset? CanaryAt, string? CanaryOutcome)
{
    /// <summary>It stands for a phone of the business channel: nothing to connect.</summary>
    public bool IsBusinessPhone => LinkMethod == "twilio";

    /// <summary>It was handed out and belongs elsewhere, until its owner takes it back.</summary>
    public bool IsExported => ErrorCode == DeviceTrouble.Exported.Code;
}

/// <summary>The table of devices.</summary>
internal static class DeviceTable
{
    private const string Columns =
        """
        id, user_id AS AccountId, device_name AS DeviceName, device_type AS DeviceType, phone_number AS PhoneNumber, status, link_method AS LinkMethod, linked_at AS LinkedAt,
        last_connected_at AS LastConnectedAt, platform, push_name AS PushName, expires_at AS ExpiresAt, network, error_code AS ErrorCode, error_message AS ErrorMessage, priority,
        use_for AS UseFor, consent, assistant, auth_keys AS Wrapped, canary_at AS CanaryAt, canary_outcome AS CanaryOutcome
        """;

    /// <summary>The errors of devices that nothing but a decision of their owner brings back.</summary>
    public const string WaitingForOwner = "('CONNECTION_REPLACED', 'DEVICE_BANNED', 'SESSION_INVALID', 'ACCOUNT_LOCKED', 'EXPORTED')";

    /// <summary>What counts toward the limit of an account.</summary>
    public const string Counting = "(link_method IS NULL OR link_method <> 'twilio') AND status IN ('pending', 'linking', 'active', 'disconnected')";

    /// <summary>The devices of an account, in their order of use; those that are new and only being linked are left out.</summary>
    public static Task<List<DeviceRow>> ListAsync(Work work, Guid account) =>
        work.QueryAsync<DeviceRow>($"SELECT {Columns} FROM whatsapp_devices WHERE user_id = @account AND (status NOT IN ('pending', 'linking') OR link_method = 'twilio' OR status_before IS NOT NULL) ORDER BY priority, id", new { account });

    /// <summary>A device of an account; null when it has none like that.</summary>
    public static Task<DeviceRow?> FindAsync(Work work, Guid account, Guid id) =>
        work.FirstAsync<DeviceRow>($"SELECT {Columns} FROM whatsapp_devices WHERE id = @id AND user_id = @account", new { id, account });

    /// <summary>Devices of all accounts, those being linked included, newest first.</summary>
    public static Task<List<DeviceRow>> PageAsync(Work work, Guid before, int limit) => work.QueryAsync<DeviceRow>(
        $"SELECT {Columns} FROM whatsapp_devices WHERE id < @before AND (link_method IS NULL OR link_method <> 'twilio') ORDER BY id DESC LIMIT @limit", new { before, limit });

    /// <summary>All that should be connected, the last used first.</summary>
    public static Task<List<DeviceRow>> ToConnectAsync(Work work) => work.QueryAsync<DeviceRow>(
        $"SELECT {Columns} FROM whatsapp_devices WHERE status IN ('active', 'disconnected') AND (error_code IS NULL OR error_code NOT IN {WaitingForOwner}) AND auth_creds IS NOT NULL ORDER BY last_connected_at DESC, id");

    /// <summary>How many devices of an account count toward its limit.</summary>
    public static Task<long> CountAsync(Work work, Guid account) => work.ScalarAsync<long>($"SELECT count(*) FROM whatsapp_devices WHERE user_id = @account AND {Counting}", new { account });

    /// <summary>Whether an account has linked a phone already, by another device than this one.</summary>
    public static async Task<bool> IsLinkedAsync(Work work, Guid account, string? phone, Guid? except) => await work.ScalarAsync<long>(
        $"SELECT count(*) FROM whatsapp_devices WHERE user_id = @account AND phone_number = @phone AND id <> @except AND {Counting}",
        new { account, phone, except = except ?? Guid.Empty }).ConfigureAwait(false) > 0;

    /// <summary>Whether anybody here uses this very device.</summary>
    public static async Task<bool> IsHereAsync(Work work, Jid own) => await work.ScalarAsync<long>(
        $"SELECT count(*) FROM whatsapp_devices WHERE client_id = @address AND {Counting}", new { address = own.ToString() }).ConfigureAwait(false) > 0;

    /// <summary>
    /// Puts down who a device is, as WhatsApp has told it. One that is being linked again stays who it was until it is known that this is the same phone. That the phone is there is known when it is
    /// linked, and not from our own connections.
    /// </summary>
    public static async Task KeepIdentityAsync(Work work, Guid id, DeviceCredentials? own, DateTimeOffset now, bool isConnected = true)
    {
        if (own?.PhoneJid is not { } address) return;
        // WhatsApp gives the addresses of companions that were unlinked to later ones.
        await work.PostAsync("UPDATE whatsapp_devices SET client_id = NULL WHERE client_id = @address AND id <> @id", new { id, address = address.ToString() }).ConfigureAwait(false);
        await work.PostAsync(
            """
            UPDATE whatsapp_devices SET phone_number = @phone, client_id = @address, lid = COALESCE(@lid, lid), push_name = COALESCE(@PushName, push_name), platform = COALESCE(@Platform, platform),
              last_connected_at = COALESCE(@connected, last_connected_at), expires_at = COALESCE(expires_at, @expires), updated_at = @now WHERE id = @id AND status_before IS NULL
            """,
            new { id, phone = "+" + address.User, address = address.ToString(), lid = own.Lid?.ToString(), own.PushName, own.Platform, now, connected = isConnected ? now : (DateTimeOffset?)null, expires = now + DeviceLimits.WithoutPhone }).ConfigureAwait(false);
    }

    /// <summary>Makes this node the owner: what the one before still wants to store is refused from here on. 0 when the device is gone, or was handed out.</summary>
    public static Task<long> ClaimAsync(Work work, Guid id, string node) => work.ScalarAsync<long>(
        "UPDATE whatsapp_devices SET owner_node = @node, owner_epoch = owner_epoch + 1 WHERE id = @id AND (error_code IS NULL OR error_code <> 'EXPORTED') RETURNING owner_epoch", new { id, node });
}
