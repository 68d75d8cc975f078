using FocoBot.Devices.Linking;
using FocoBot.Events;
using FocoBot.Storage;

namespace FocoBot.Devices;

/// <summary>Takes an account's devices off the network while the account is locked, and brings them back.</summary>
internal sealed class DeviceLock(DeviceSupervisor supervisor, LinkingDesk linking, EventLog events, DeviceOptions options, TimeProvider clock)
{
    /// <summary>Marks the devices, in the unit that locks the account, so that no start connects them; which they are. Those that wait for their owner anyway keep their reason.</summary>
    public async Task<List<Guid>> LockAsync(Work work, Guid account)
    {
        var locked = await work.QueryAsync<Guid>(
            $"""
            UPDATE whatsapp_devices SET status = 'disconnected', disconnected_at = @now, updated_at = @now, error_code = @Code, error_message = @Message
            WHERE user_id = @account AND status IN ('linking', 'active', 'disconnected') AND link_method <> 'twilio' AND status_before IS NULL
              AND (error_code IS NULL OR error_code NOT IN {DeviceTable.WaitingForOwner})
            RETURNING id
            """, new { account, now = clock.GetUtcNow(), DeviceTrouble.Locked.Code, DeviceTrouble.Locked.Message }).ConfigureAwait(false);
        foreach (var id in locked)
            await events.AppendAsync(work, account, "device.disconnected", new { code = DeviceTrouble.Locked.Code, reason = DeviceTrouble.Locked.Message, willReconnect = false }, id).ConfigureAwait(false);
        return locked;
    }

    /// <summary>Closes what the account has open here, once the lock is durable.</summary>
    public async Task CloseAllAsync(Guid account)
    {
        linking.EndAll(account, DeviceTrouble.Locked);
        foreach (var device in supervisor.Live.Where(device => device.AccountId == account).ToList()) await supervisor.CloseAsync(device.Id).ConfigureAwait(false);
    }

    /// <summary>Takes the mark away, in the unit that lifts the lock; the devices that were marked.</summary>
    public async Task<List<DeviceRow>> UnlockAsync(Work work, Guid account)
    {
        var marked = await work.QueryAsync<Guid>(
            "UPDATE whatsapp_devices SET error_code = NULL, error_message = NULL, updated_at = @now WHERE user_id = @account AND error_code = @Code RETURNING id",
            new { account, now = clock.GetUtcNow(), DeviceTrouble.Locked.Code }).ConfigureAwait(false);
        return (await DeviceTable.ListAsync(work, account).ConfigureAwait(false)).FindAll(row => marked.Contains(row.Id));
    }

    /// <summary>Connects devices again, once it is durable that they may.</summary>
    public async Task ConnectAsync(IEnumerable<DeviceRow> devices)
    {
        if (!options.IsEnabled) return;
        foreach (var device in devices) await supervisor.ConnectAsync(device, CancellationToken.None).ConfigureAwait(false);
    }
}
