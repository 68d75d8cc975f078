using FocoBot.Devices.Care;
using FocoBot.Events;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.Devices;

/// <summary>Puts down what happens to a device's connection: its row, the attempt that links it, the account's log. Codes stay out of the log: it says that there is one.</summary>
internal sealed class DeviceJournal(Database database, EventLog events, OwnerNotices notices, DeviceOptions options, TimeProvider clock, ILogger<DeviceJournal> log)
{
    internal const string QrColumn = "whatsapp_linking_attempts.qr_code_data";
    internal const string CodeColumn = "whatsapp_linking_attempts.pairing_code";

    public async Task HappenedAsync(LiveDevice device, ClientEvent happened)
    {
        device.Note(happened, clock.GetUtcNow());
        try
        {
            await (happened switch
            {
                QrCodeShown qr => ShowAsync(device, "qr_code", qr.Text, Earlier(qr.ExpiresAt, options.QrTime)),
                LinkCodeShown code => ShowAsync(device, "pairing_code", code.Code, Earlier(code.ExpiresAt, options.CodeTime)),
                PasskeyRequested passkey => ShowAsync(device, "passkey", passkey.Options, passkey.ExpiresAt),
                PasskeyCodeShown code => ShowAsync(device, "passkey_code", code.Code, code.ExpiresAt),
                DeviceLinked => PairedAsync(device),
                Connected => ConnectedAsync(device),
                Disconnected ended => DisconnectedAsync(device, ended),
                MessageReceived message => HeardAsync(device, message.FromMe && message.Sender.Device == 0 ? message.Time : null, isMessage: true),
                PushNameChanged named => RenamedAsync(device, named.Name),
                PeerMessageReceived peer => HeardAsync(device, peer.Time, isMessage: false),
                ReceiptReceived { Kind: ReceiptKind.CopyDelivered or ReceiptKind.ReadByOwner } receipt => HeardAsync(device, receipt.Time ?? clock.GetUtcNow(), isMessage: false),
                _ => Task.CompletedTask,
            }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The connection goes on: nothing of a message is put down here.
            DevicesLog.NotPutDown(log, device.Id, e.GetType().Name);
        }
    }

    private DateTimeOffset Earlier(DateTimeOffset given, TimeSpan most) => given < clock.GetUtcNow() + most ? given : clock.GetUtcNow() + most;

    // What is shown comes first, so that whoever is told finds it.
    private Task ShowAsync(LiveDevice device, string kind, string content, DateTimeOffset expiresAt)
    {
        device.Showing = new Showing(kind, content, expiresAt);
        return database.AsService("show a code").WriteAsync(async work =>
        {
            if (kind is "qr_code")
                await work.PostAsync("UPDATE whatsapp_linking_attempts SET qr_code_data = @sealed, qr_code_expires_at = @expiresAt WHERE device_id = @Id AND completed_at IS NULL",
                    new { device.Id, expiresAt, @sealed = device.Kept.Key.Seal(QrColumn, device.Id, content) }).ConfigureAwait(false);
            else if (kind is "pairing_code")
                await work.PostAsync("UPDATE whatsapp_linking_attempts SET pairing_code = @sealed, pairing_code_expires_at = @expiresAt WHERE device_id = @Id AND completed_at IS NULL",
                    new { device.Id, expiresAt, @sealed = device.Kept.Key.Seal(CodeColumn, device.Id, content) }).ConfigureAwait(false);
            else
                await work.PostAsync("UPDATE whatsapp_linking_attempts SET status = 'scanned' WHERE device_id = @Id AND status = 'pending'", new { device.Id }).ConfigureAwait(false);
            await events.AppendAsync(work, device.AccountId, "device." + kind, new { expiresAt }, device.Id).ConfigureAwait(false);
        });
    }

    private Task PairedAsync(LiveDevice device)
    {
        device.Showing = null;
        return database.AsService("device paired").WriteAsync(work => work.ExecuteAsync(
            """
            UPDATE whatsapp_linking_attempts SET status = 'pairing', qr_code_data = NULL, pairing_code = NULL WHERE device_id = @Id AND completed_at IS NULL;
            UPDATE whatsapp_devices SET status = 'linking' WHERE id = @Id AND status = 'pending'
            """, new { device.Id }));
    }

    private Task ConnectedAsync(LiveDevice device)
    {
        var now = clock.GetUtcNow();
        var own = device.Client.Device;
        var phone = own?.PhoneJid is { } jid ? "+" + jid.User : null;
        return database.AsService("device connected").WriteAsync(async work =>
        {
            await DeviceTable.KeepIdentityAsync(work, device.Id, own, now).ConfigureAwait(false);
            await work.PostAsync(
                """
                UPDATE whatsapp_devices SET status = CASE WHEN status IN ('pending', 'linking') THEN status ELSE 'active' END, disconnected_at = NULL, error_code = NULL, error_message = NULL, noticed = NULL
                WHERE id = @Id AND status_before IS NULL AND (error_code IS NULL OR error_code <> 'ACCOUNT_LOCKED')
                """, new { device.Id }).ConfigureAwait(false);
            await events.AppendAsync(work, device.AccountId, "device.connected", new { phoneNumber = phone, own?.PushName }, device.Id).ConfigureAwait(false);
        });
    }

    // A pause of seconds is no news to anybody; a device counts as disconnected when nothing helps quickly any more.
    private async Task DisconnectedAsync(LiveDevice device, Disconnected ended)
    {
        if (ended.End.Cause is EndCause.Stopped) return;
        var trouble = DeviceTrouble.Of(ended.End);
        var willReconnect = ended.RetryIn is not null && trouble is null;
        // The library would go on when a ban for a time is over. Whether to go on is for the owner to say.
        if (ended.RetryIn is not null && !willReconnect) await device.Client.DisconnectAsync().ConfigureAwait(false);
        var isAway = !willReconnect || ended.RetryIn >= DeviceLimits.SlowReconnect / 2;
        if (isAway) DevicesLog.Disconnected(log, device.Id, trouble?.Code ?? ended.End.Cause.ToString());
        await database.AsService("device disconnected").WriteAsync(async work =>
        {
            if (isAway) await MarkAsync(work, device, ended, trouble).ConfigureAwait(false);
            await events.AppendAsync(work, device.AccountId, "device.disconnected",
                new { code = trouble?.Code ?? DeviceTrouble.Interrupted.Code, reason = trouble?.Message ?? DeviceTrouble.Interrupted.Message, willReconnect }, device.Id).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    // WhatsApp unlinks devices whose phone was away for too long: they have expired.
    private async Task MarkAsync(Work work, LiveDevice device, Disconnected ended, DeviceTrouble? trouble)
    {
        var now = clock.GetUtcNow();
        var marked = await work.FirstAsync<Marked>(
            """
            UPDATE whatsapp_devices SET status = CASE WHEN @status = 'revoked' AND expires_at <= @now THEN 'expired' ELSE @status END,
              disconnected_at = CASE WHEN status = 'disconnected' THEN COALESCE(disconnected_at, @now) ELSE @now END, updated_at = @now, error_code = @Code, error_message = @Message
            WHERE id = @Id AND status IN ('active', 'disconnected') AND (error_code IS NULL OR error_code <> 'ACCOUNT_LOCKED' OR @status = 'revoked')
            RETURNING status, disconnected_at AS since
            """, new { device.Id, now, status = ended.End.Cause is EndCause.LoggedOut ? "revoked" : "disconnected", trouble?.Code, trouble?.Message }).ConfigureAwait(false);
        if (marked is null) return;
        var notice = Notice.Of(ended.End, marked.Status) ?? (trouble is null && now - marked.Since >= CareLimits.Unreachable ? new Notice(Notice.Unreachable) : null);
        if (notice is not null) await notices.TellOnceAsync(work, device.Id, notice).ConfigureAwait(false);
    }

    private Task RenamedAsync(LiveDevice device, string name) =>
        database.AsService("push name").WriteAsync(work => work.ExecuteAsync("UPDATE whatsapp_devices SET push_name = @name WHERE id = @Id AND status_before IS NULL", new { device.Id, name }));

    // That the phone lives keeps the device linked; known to the hour is enough. What was kept for us while we were away says when it lived.
    private Task HeardAsync(LiveDevice device, DateTimeOffset? phoneAt, bool isMessage)
    {
        var now = clock.GetUtcNow();
        if (isMessage) device.LastMessageReceived = now;
        if (phoneAt is not { } at) return Task.CompletedTask;
        if (at > now) at = now;
        if (at - device.PhoneSeen < DeviceLimits.PhoneSeenEvery) return Task.CompletedTask;
        device.PhoneSeen = at;
        var expires = at + DeviceLimits.WithoutPhone;
        return database.AsService("phone seen").WriteAsync(work => work.ExecuteAsync(
            "UPDATE whatsapp_devices SET expires_at = @expires, phone_warned = CASE WHEN @isBack THEN 0 ELSE phone_warned END WHERE id = @Id AND (expires_at IS NULL OR expires_at < @expires)",
            new { device.Id, expires, isBack = expires - now > DeviceLimits.PhoneAwayWarning }));
    }

    private sealed record Marked(string Status, DateTimeOffset Since);
}
