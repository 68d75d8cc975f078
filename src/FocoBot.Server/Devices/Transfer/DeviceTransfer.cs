using FocoBot.Accounts;
using FocoBot.Events;
using FocoBot.Messages;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices.Transfer;

/// <summary>
/// Takes devices in from elsewhere and hands ours out. A device must be used in one place only: one that was handed out is not connected here until its owner takes it back, and then goes on as a copy.
/// </summary>
internal sealed class DeviceTransfer(
    Database database, DeviceKeys keys, DeviceSupervisor supervisor, MessageBook messages, EventLog events, DeviceOptions options, TimeProvider clock)
{
    /// <summary>Takes a device in, and connects it.</summary>
    public async Task<(DeviceRow? Row, DeviceTrouble? Refusal)> ImportAsync(Caller caller, ImportWish wish, RequestOrigin origin, CancellationToken cancellation)
    {
        var (row, refusal) = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            // One after the other for an account: two at once must not pass the limit together.
            await work.ScalarAsync<Guid>("SELECT id FROM accounts WHERE id = @AccountId /*pg: FOR UPDATE */", new { caller.AccountId }).ConfigureAwait(false);
            return await RefuseAsync(work, caller.AccountId, wish.Device.Own.PhoneJid!.Value).ConfigureAwait(false) is { } why
                ? ((DeviceRow?)null, (DeviceTrouble?)why)
                : (await StoreAsync(work, caller.AccountId, wish, origin).ConfigureAwait(false), null);
        }, cancellation).ConfigureAwait(false);
        // It is ours also when it can't be connected: a refresh or the next start does that.
        if (row is not null) await supervisor.ConnectAsync(row, CancellationToken.None).ConfigureAwait(false);
        return (row, refusal);
    }

    /// <summary>Hands a device out: our connection is closed, nothing is stored by it any more, and all that is stored comes back.</summary>
    /// <returns>All records; null when there is no such device by now.</returns>
    public Task<DeviceChanges?> ExportAsync(DeviceRow row, string format, RequestOrigin origin) => supervisor.CloseAsync(row.Id, () => database.AsAccount(row.AccountId).WriteAsync(async work =>
    {
        var (now, why) = (clock.GetUtcNow(), DeviceTrouble.Exported);
        // A new owner, who stores nothing: whatever is still on its way to the table is refused.
        var epoch = await work.ScalarAsync<long>(
            """
            UPDATE whatsapp_devices SET status = 'disconnected', disconnected_at = COALESCE(disconnected_at, @now), updated_at = @now, error_code = @Code, error_message = @Message,
              owner_node = NULL, owner_epoch = owner_epoch + 1
            WHERE id = @Id AND user_id = @AccountId AND status IN ('active', 'disconnected') AND auth_creds IS NOT NULL RETURNING owner_epoch
            """, new { row.Id, row.AccountId, now, why.Code, why.Message }).ConfigureAwait(false);
        if (epoch == 0) return null;
        await DeviceAudit.WriteAsync(work, clock, row.AccountId, row.Id, "export", origin, new { format }).ConfigureAwait(false);
        await events.AppendAsync(work, row.AccountId, "device.disconnected", new { code = why.Code, reason = why.Message, willReconnect = false }, row.Id).ConfigureAwait(false);
        return await StoreOf(row, epoch).ReadAllAsync(work).ConfigureAwait(false);
    }));

    /// <summary>Takes a device back that was handed out: as a copy, since it may have been used elsewhere.</summary>
    /// <returns>False when somebody else has done something with it meanwhile.</returns>
    public async Task<bool> TakeBackAsync(DeviceRow row)
    {
        var door = database.AsAccount(row.AccountId);
        var epoch = await door.WriteAsync(work => work.ScalarAsync<long>(
            "UPDATE whatsapp_devices SET owner_epoch = owner_epoch + 1 WHERE id = @Id AND error_code = @Code RETURNING owner_epoch", new { row.Id, DeviceTrouble.Exported.Code })).ConfigureAwait(false);
        try
        {
            await DeviceStores.MarkRestoredAsync(StoreOf(row, epoch)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DeviceTakenOverException or InvalidOperationException)
        {
            return false;
        }

        // Last: from here on it may be connected.
        return await door.WriteAsync(work => work.ExecuteAsync(
            "UPDATE whatsapp_devices SET error_code = NULL, error_message = NULL WHERE id = @Id AND error_code = @Code AND owner_epoch = @epoch",
            new { row.Id, DeviceTrouble.Exported.Code, epoch })).ConfigureAwait(false) > 0;
    }

    /// <summary>Whether a device is a copy that has not been connected yet, and so can't be handed to Baileys, which knows no copies.</summary>
    public async Task<bool> IsUnusedCopyAsync(DeviceRow row, CancellationToken cancellation) =>
        await StoreOf(row, 0).LoadAsync(new RecordKey(RecordKind.Credentials, ""), cancellation).ConfigureAwait(false) is { } stored && DeviceCredentials.Deserialize(stored).IsRestored;

    private async Task<DeviceTrouble?> RefuseAsync(Work work, Guid account, Jid own)
    {
        if (await DeviceTable.CountAsync(work, account).ConfigureAwait(false) >= options.MaxDevices) return DeviceTrouble.LimitReached;
        return await DeviceTable.IsLinkedAsync(work, account, "+" + own.User, except: null).ConfigureAwait(false) || await DeviceTable.IsHereAsync(work, own).ConfigureAwait(false)
            ? DeviceTrouble.AlreadyLinked : null;
    }

    private async Task<DeviceRow?> StoreAsync(Work work, Guid account, ImportWish wish, RequestOrigin origin)
    {
        var (id, now, own) = (Ids.New(clock), clock.GetUtcNow(), wish.Device.Own);
        var (key, wrapped) = keys.Make(id);
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_devices (id, user_id, device_name, device_type, status, auth_keys, link_method, linked_at, created_at, updated_at, network)
            VALUES (@id, @account, @Name, 'desktop', 'active', @wrapped, 'import', @now, @now, @now, @Network)
            """, new { id, account, wish.Name, wish.Network, wrapped, now }).ConfigureAwait(false);
        await DeviceTable.KeepIdentityAsync(work, id, own, now, isConnected: false).ConfigureAwait(false);
        await new DeviceStore(database, messages, new KeptDevice(id, account, key), epoch: 0).StoreAsync(work, wish.Device.Records).ConfigureAwait(false);
        await DeviceAudit.WriteAsync(work, clock, account, id, "import", origin, new { wish.Source, wish.Network, wish.IsCopy }).ConfigureAwait(false);
        await events.AppendAsync(work, account, "device.linked", new { phoneNumber = "+" + own.PhoneJid!.Value.User, own.PushName }, id).ConfigureAwait(false);
        return await DeviceTable.FindAsync(work, account, id).ConfigureAwait(false);
    }

    private DeviceStore StoreOf(DeviceRow row, long epoch) => new(database, messages, new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, row.Wrapped!)), epoch);
}
