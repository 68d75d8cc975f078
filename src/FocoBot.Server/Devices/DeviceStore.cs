using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FocoBot.Devices.Linking;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices;

/// <summary>
/// What the protocol library keeps of one device, in our database: every value sealed under the device's key, every commit one transaction that also holds the messages
/// it brings and their events. Commits of several devices share the engine's group commit; they share no lock.
/// </summary>
internal sealed class DeviceStore(Database database, MessageBook messages, KeptDevice device, long epoch) : IDeviceStore
{
    internal const string CredentialsColumn = "whatsapp_devices.auth_creds";
    internal const string RecordColumn = "whatsapp_device_records.value";

    private Jid? _linked;

    /// <inheritdoc/>
    public async ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token)
    {
        if (key.Kind is RecordKind.Credentials) return await LoadCredentialsAsync(token).ConfigureAwait(false);
        var value = await Door.ReadAsync(work => work.FirstAsync<byte[]>(
            "SELECT value FROM whatsapp_device_records WHERE device_id = @Id AND kind = @kind AND name = @Name", new { device.Id, kind = (int)key.Kind, key.Name }), token).ConfigureAwait(false);
        return value is null ? null : device.Key.OpenBytes(RecordColumn, RowOf(key), value);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token)
    {
        if (kind is RecordKind.Credentials) return await LoadCredentialsAsync(token).ConfigureAwait(false) is { } credentials ? [new DeviceRecord("", credentials)] : [];
        var rows = await Door.ReadAsync(work => work.QueryAsync<Row>(
            "SELECT name, value FROM whatsapp_device_records WHERE device_id = @Id AND kind = @kind", new { device.Id, kind = (int)kind }), token).ConfigureAwait(false);
        return rows.ConvertAll(row => new DeviceRecord(row.Name, device.Key.OpenBytes(RecordColumn, RowOf(new RecordKey(kind, row.Name)), row.Value)));
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(DeviceChanges changes) => await Door.WriteAsync(async work =>
    {
        // Locked, so that whoever takes the device over waits for this commit, or this one is refused.
        var owner = await work.FirstAsync<Owner>(
            "SELECT owner_epoch AS epoch, CASE WHEN status_before IS NOT NULL THEN phone_number END AS linkedBefore FROM whatsapp_devices WHERE id = @Id /*pg: FOR SHARE */", new { device.Id }).ConfigureAwait(false);
        if (owner?.Epoch != epoch) throw new DeviceTakenOverException();
        await StoreAsync(work, changes, isStrangers: owner.LinkedBefore is { } phone && IsOther(phone, changes)).ConfigureAwait(false);
    }).ConfigureAwait(false);

    /// <summary>Stores changes in the caller's own unit, who knows that nobody else owns the device.</summary>
    public Task StoreAsync(Work work, DeviceChanges changes) => StoreAsync(work, changes, isStrangers: false);

    private async Task StoreAsync(Work work, DeviceChanges changes, bool isStrangers)
    {
        if (changes.ClearsAll) await ClearAsync(work).ConfigureAwait(false);
        foreach (var (key, value) in changes.Records) await StoreAsync(work, key, value).ConfigureAwait(false);
        if (isStrangers) return;
        foreach (var happened in changes.Events) await messages.KeepAsync(work, device, happened).ConfigureAwait(false);
    }

    /// <summary>Everything of the device, opened.</summary>
    public async Task<DeviceChanges> ReadAllAsync(Work work)
    {
        var all = new DeviceChanges();
        if (await work.FirstAsync<byte[]>("SELECT auth_creds FROM whatsapp_devices WHERE id = @Id", new { device.Id }).ConfigureAwait(false) is { } credentials)
            all.Set(new RecordKey(RecordKind.Credentials, ""), device.Key.OpenBytes(CredentialsColumn, device.Id, credentials));
        foreach (var row in await work.QueryAsync<KindRow>("SELECT kind, name, value FROM whatsapp_device_records WHERE device_id = @Id", new { device.Id }).ConfigureAwait(false))
        {
            var key = new RecordKey((RecordKind)row.Kind, row.Name);
            all.Set(key, device.Key.OpenBytes(RecordColumn, RowOf(key), row.Value));
        }

        return all;
    }

    // Acknowledgements wait for these commits: they go before background work.
    private Door Door => database.AsService("device", urgent: true);

    // Another phone has scanned the code of a device that is being linked again. It is unlinked at once; what comes until then does not belong to the owner of the device's messages.
    private bool IsOther(string phone, DeviceChanges changes)
    {
        if (changes.Records.GetValueOrDefault(new RecordKey(RecordKind.Credentials, "")) is { } credentials) _linked = DeviceCredentials.Deserialize(credentials).PhoneJid;
        return _linked is { } linked && !LinkingRun.IsSamePhone("+" + linked.User, phone);
    }

    private async Task<byte[]?> LoadCredentialsAsync(CancellationToken token)
    {
        var value = await Door.ReadAsync(work => work.FirstAsync<byte[]>("SELECT auth_creds FROM whatsapp_devices WHERE id = @Id", new { device.Id }), token).ConfigureAwait(false);
        return value is null ? null : device.Key.OpenBytes(CredentialsColumn, device.Id, value);
    }

    private async Task ClearAsync(Work work)
    {
        await work.PostAsync("DELETE FROM whatsapp_device_records WHERE device_id = @Id", new { device.Id }).ConfigureAwait(false);
        await work.PostAsync("UPDATE whatsapp_devices SET auth_creds = NULL WHERE id = @Id", new { device.Id }).ConfigureAwait(false);
    }

    private Task StoreAsync(Work work, RecordKey key, byte[]? value)
    {
        if (key.Kind is RecordKind.Credentials)
            return work.PostAsync("UPDATE whatsapp_devices SET auth_creds = @sealed WHERE id = @Id", new { device.Id, @sealed = value is null ? null : device.Key.Seal(CredentialsColumn, device.Id, value) });
        if (value is null)
            return work.PostAsync("DELETE FROM whatsapp_device_records WHERE device_id = @Id AND kind = @kind AND name = @Name", new { device.Id, kind = (int)key.Kind, key.Name });
        return work.PostAsync(
            """
            INSERT INTO whatsapp_device_records (device_id, kind, name, value) VALUES (@Id, @kind, @Name, @sealed)
            ON CONFLICT (device_id, kind, name) DO UPDATE SET value = excluded.value
            """, new { device.Id, kind = (int)key.Kind, key.Name, @sealed = device.Key.Seal(RecordColumn, RowOf(key), value) });
    }

    // A record's identity within its device, to be bound into the seal.
    private static Guid RowOf(RecordKey key)
    {
        var name = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(key.Name)];
        BinaryPrimitives.WriteInt32BigEndian(name, (int)key.Kind);
        Encoding.UTF8.GetBytes(key.Name, name.AsSpan(sizeof(int)));
        return new Guid(SHA256.HashData(name).AsSpan(0, 16), bigEndian: true);
    }

    private sealed record KindRow(long Kind, string Name, byte[] Value);

    private sealed record Row(string Name, byte[] Value);

    private sealed record Owner(long Epoch, string? LinkedBefore);
}
