using FocoBot.Devices.Files;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.Devices.Sending;

/// <summary>
/// Sends what waits in the outbox, for each device one message after the other in their order, no faster than a person. A message keeps its id over all tries: the library stores it
/// before it leaves, and sends one id once. One that does not get through holds up its own chat, and no other. What the server says of it is put down by the device's store; only what never
/// left is put down here.
/// </summary>
internal sealed class DeviceSender(
    Database database, DeviceSupervisor supervisor, Recipients recipients, DeviceOutbox outbox, SendingPace pace, MediaCourier courier, MediaSpool spool, MessageBook messages, SendSignal signal, DeviceOptions options, TimeProvider clock,
    ILogger<DeviceSender> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, Task> _working = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsEnabled) return;
        signal.Listen(device => Wake(device, stoppingToken));
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await SweepAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is under way is told its end by the supervisor, which closes the connections.
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        try
        {
            var waiting = await database.AsService("look for messages to send").ReadAsync(work => work.QueryAsync<Guid>(
                "SELECT DISTINCT device_id FROM whatsapp_device_outbox WHERE due_at <= @now AND (next_try_at IS NULL OR next_try_at <= @now)", new { now = clock.GetUtcNow() }), stopping).ConfigureAwait(false);
            foreach (var device in waiting) Wake(device, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            DevicesLog.SweepFailed(log, e.GetType().Name);
        }
    }

    private void Wake(Guid device, CancellationToken stopping)
    {
        if (supervisor.Find(device) is not { Client.State: ConnectionState.Online } live || stopping.IsCancellationRequested) return;
        lock (_working)
        {
            if (!_working.TryGetValue(device, out var before) || before.IsCompleted) _working[device] = Task.Run(() => WorkAsync(live, stopping), CancellationToken.None);
        }
    }

    private async Task WorkAsync(LiveDevice device, CancellationToken stopping)
    {
        try
        {
            while (device.Client.State is ConnectionState.Online && await NextAsync(device, stopping).ConfigureAwait(false) is { } next)
            {
                if (await CheckAsync(device, next, stopping).ConfigureAwait(false) is not { } waiting) continue;
                var chat = Jid.Parse(waiting.Body.Chat);
                var isTyping = await pace.WaitAsync(device, chat, TypedIn(device, waiting, chat), stopping).ConfigureAwait(false);
                if (await BeginAsync(waiting).ConfigureAwait(false)) await SendAsync(device, waiting, chat, stopping).ConfigureAwait(false);
                else if (isTyping) await pace.StopAsync(device, chat, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            DevicesLog.SendingFailed(log, device.Id, e.GetType().Name);
        }
    }

    // A chat whose last message did not get through waits for that one: its order stays.
    private Task<WaitingMessage?> NextAsync(LiveDevice device, CancellationToken stopping) => database.AsService("next message to send").ReadAsync(async work =>
    {
        var row = await work.FirstAsync<Row>(
            """
            SELECT o.id, o.body, o.attempts, o.is_handed AS isHanded FROM whatsapp_device_outbox o JOIN whatsapp_messages m ON m.id = o.id
            WHERE o.device_id = @Id AND o.due_at <= @now AND (o.next_try_at IS NULL OR o.next_try_at <= @now)
              AND NOT EXISTS (SELECT 1 FROM whatsapp_device_outbox e JOIN whatsapp_messages f ON f.id = e.id WHERE e.device_id = @Id AND e.id < o.id AND e.next_try_at > @now AND f.chat_id = m.chat_id)
            ORDER BY o.id LIMIT 1
            """, new { device.Id, now = clock.GetUtcNow() }).ConfigureAwait(false);
        return row is null ? null : new WaitingMessage(row.Id, row.Attempts, row.IsHanded, device.Kept.Key.OpenJson<OutboxBody>(DeviceOutbox.BodyColumn, row.Id, row.Body));
    }, stopping);

    // Much may have changed since it was accepted, and its recipient may not have been asked for then. Null for one that does not leave.
    private async Task<WaitingMessage?> CheckAsync(LiveDevice device, WaitingMessage waiting, CancellationToken stopping)
    {
        if (waiting.IsHanded) return waiting;
        if (await database.AsService("device of a message").ReadAsync(work => DeviceTable.FindAsync(work, device.AccountId, device.Id), stopping).ConfigureAwait(false) is not { } row) return null;
        var recipient = await recipients.FindAsync(device, row, device.Kept, Jid.Parse(waiting.Body.Chat), stopping).ConfigureAwait(false);
        if (recipient.Refusal is { } refusal)
        {
            await FailAsync(device, waiting, refusal).ConfigureAwait(false);
            return null;
        }

        if (recipient.Chat.ToString() != waiting.Body.Chat)
        {
            var body = await database.AsService("recipient found").WriteAsync(
                work => outbox.RedirectAsync(work, device.Kept, waiting.Id, waiting.Body, recipient.Chat), CancellationToken.None).ConfigureAwait(false);
            waiting = waiting with { Body = body };
        }

        var isHeld = !recipient.IsKnown && await database.AsService("new chats").ReadAsync(work => NewChats.IsHeldAsync(work, device.Id, recipient.Chat, clock.GetUtcNow()), stopping).ConfigureAwait(false);
        if (!isHeld) return waiting;
        await FailAsync(device, waiting, Refusal.ReachoutLimited).ConfigureAwait(false);
        return null;
    }

    // Of what a person would type: not a second time, and not for oneself.
    private static int TypedIn(LiveDevice device, WaitingMessage waiting, Jid chat)
    {
        var (own, request) = (device.Client.Device, waiting.Body.Request);
        if (waiting.Attempts > 0 || chat == own?.PhoneJid?.WithoutDevice() || chat == own?.Lid?.WithoutDevice()) return 0;
        return request.MessageType is null or "text" || MediaKinds.Has(request.MessageType) ? request.Message?.Length ?? 0 : 0;
    }

    // From here on the library may have it, and it can't be taken back.
    private async Task<bool> BeginAsync(WaitingMessage waiting) => await database.AsService("send a message", urgent: true).WriteAsync(work => work.ExecuteAsync(
        "UPDATE whatsapp_device_outbox SET attempts = attempts + 1, is_handed = true, next_try_at = @next WHERE id = @Id", new { waiting.Id, next = clock.GetUtcNow() + SendingLimits.TryAgain })).ConfigureAwait(false) > 0;

    private async Task SendAsync(LiveDevice device, WaitingMessage waiting, Jid chat, CancellationToken stopping)
    {
        var request = waiting.Body.Request;
        try
        {
            var sending = new SendOptions { Id = waiting.Body.MessageId, Mentions = request.Mentioned(), ReplyTo = QuoteOf(waiting.Body) };
            var message = waiting.Body.File is { } file
                ? await courier.MessageAsync(device, waiting.Id, waiting.Body, file, stopping).ConfigureAwait(false)
                : request.ToMessage(waiting.Body.Target?.Reference, clock.GetUtcNow());
            var sent = await device.Client.SendAsync(chat, message, sending, stopping).ConfigureAwait(false);
            await DoneAsync(device, waiting, sent.Chat).ConfigureAwait(false);
        }
        catch (RequestRefusedException refused)
        {
            await FailAsync(device, waiting, Refusal.CodeOf(refused.Reason)!).ConfigureAwait(false);
        }
        catch (MediaUnavailableException) when (waiting.Attempts >= MediaLimits.UploadTries)
        {
            await FailAsync(device, waiting, Refusal.NotUploaded).ConfigureAwait(false);
        }
        catch (WhatsAppException)
        {
            // It is tried again, or the acknowledgement comes without us.
            await LaterAsync(device, waiting, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault of ours, or of what the message says: not for ever.
            DevicesLog.SendingFailed(log, device.Id, e.GetType().Name);
            if (waiting.Attempts >= SendingLimits.Faults) await FailAsync(device, waiting, Refusal.Other).ConfigureAwait(false);
            else await LaterAsync(device, waiting, stopping).ConfigureAwait(false);
        }
    }

    private static Quote? QuoteOf(OutboxBody body) =>
        body is { Target: { } target, Request.MessageType: not "reaction" } ? new Quote(target.Reference, NewMessage.Text(target.Text ?? " ")) : null;

    // The next try is counted from here, however long this one took, and from then on it waits longer: others have their turn. What the library does not have can still be taken back.
    private async Task LaterAsync(LiveDevice device, WaitingMessage waiting, CancellationToken stopping)
    {
        var isHanded = true;
        try
        {
            isHanded = await device.Client.HoldsAsync(waiting.Body.MessageId, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WhatsAppException or ObjectDisposedException)
        {
        }

        await database.AsService("try a message later").WriteAsync(work => work.ExecuteAsync(
            "UPDATE whatsapp_device_outbox SET is_handed = @isHanded, next_try_at = @next WHERE id = @Id", new { waiting.Id, isHanded, next = clock.GetUtcNow() + SendingLimits.WaitAfter(waiting.Attempts) }), CancellationToken.None).ConfigureAwait(false);
    }

    // The chat's own address is known by now; what comes from there belongs to it.
    private Task DoneAsync(LiveDevice device, WaitingMessage waiting, Jid chat) => database.AsService("message sent").WriteAsync(async work =>
    {
        await work.PostAsync("DELETE FROM whatsapp_device_outbox WHERE id = @Id", new { waiting.Id }).ConfigureAwait(false);
        if (chat.ToString() != waiting.Body.Chat) await MessageBook.SentAsync(work, device.Kept, chat, Jid.Parse(waiting.Body.Chat)).ConfigureAwait(false);
    });

    private Task FailAsync(LiveDevice device, WaitingMessage waiting, string code) => database.AsService("message refused").WriteAsync(async work =>
    {
        await work.PostAsync("DELETE FROM whatsapp_device_outbox WHERE id = @Id", new { waiting.Id }).ConfigureAwait(false);
        if (code == Refusal.InvalidRecipient) await Recipients.ForgetAsync(work, device.Id, waiting.Body.Chat).ConfigureAwait(false);
        await messages.FailAsync(work, device.Kept, waiting.Id, code).ConfigureAwait(false);
        work.OnCommit(() => spool.Delete(waiting.Id));
    });

    private sealed record Row(Guid Id, byte[] Body, long Attempts, bool IsHanded);

    private sealed record WaitingMessage(Guid Id, long Attempts, bool IsHanded, OutboxBody Body);
}
