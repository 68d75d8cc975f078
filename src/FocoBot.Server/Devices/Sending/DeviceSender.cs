using System.Collections.Concurrent;
using FocoBot.Devices.Files;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.Devices.Sending;

/// <summary>
/// Sends what waits in the outbox, for each device one message after the other in their order, no faster than a person. A message keeps its id over all tries: the library stores it
/// before it leaves, and sends one id once. What the server says of it is put down by the device's store; only what never left is put down here.
/// </summary>
internal sealed class DeviceSender(
    Database database, DeviceSupervisor supervisor, MediaCourier courier, MediaSpool spool, SendSignal signal, DeviceOptions options, TimeProvider clock, ILogger<DeviceSender> log) : BackgroundService
{
    private const int MostFaults = 5;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Guid, Task> _working = [];
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _last = new();

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
            while (device.Client.State is ConnectionState.Online && await NextAsync(device, stopping).ConfigureAwait(false) is { } waiting)
            {
                await PaceAsync(device.Id, stopping).ConfigureAwait(false);
                if (await BeginAsync(waiting).ConfigureAwait(false)) await SendAsync(device, waiting, stopping).ConfigureAwait(false);
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

    private Task<WaitingMessage?> NextAsync(LiveDevice device, CancellationToken stopping) => database.AsService("next message to send").ReadAsync(async work =>
    {
        var row = await work.FirstAsync<Row>(
            "SELECT id, body, attempts FROM whatsapp_device_outbox WHERE device_id = @Id AND due_at <= @now AND (next_try_at IS NULL OR next_try_at <= @now) ORDER BY id LIMIT 1",
            new { device.Id, now = clock.GetUtcNow() }).ConfigureAwait(false);
        return row is null ? null : new WaitingMessage(row.Id, row.Attempts, device.Kept.Key.OpenJson<OutboxBody>(DeviceOutbox.BodyColumn, row.Id, row.Body));
    }, stopping);

    // Up to a minute's messages at once would not look like a person.
    private async Task PaceAsync(Guid device, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var due = _last.TryGetValue(device, out var last) ? last + TimeSpan.FromMinutes(1) / options.MessagesAMinute : now;
        if (due > now) await Task.Delay(due - now, clock, stopping).ConfigureAwait(false);
        _last[device] = clock.GetUtcNow();
    }

    // From here on it can't be taken back.
    private async Task<bool> BeginAsync(WaitingMessage waiting) => await database.AsService("send a message", urgent: true).WriteAsync(work => work.ExecuteAsync(
        "UPDATE whatsapp_device_outbox SET attempts = attempts + 1, next_try_at = @next WHERE id = @Id", new { waiting.Id, next = clock.GetUtcNow() + TryAgain })).ConfigureAwait(false) > 0;

    private async Task SendAsync(LiveDevice device, WaitingMessage waiting, CancellationToken stopping)
    {
        var (chat, request) = (Jid.Parse(waiting.Body.Chat), waiting.Body.Request);
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
            await FailAsync(device, waiting, "REFUSED").ConfigureAwait(false);
        }
        catch (WhatsAppException)
        {
            // It is tried again, or the acknowledgement comes without us.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault of ours, or of what the message says: not for ever.
            DevicesLog.SendingFailed(log, device.Id, e.GetType().Name);
            if (waiting.Attempts >= MostFaults) await FailAsync(device, waiting, "REFUSED").ConfigureAwait(false);
        }
    }

    private static Quote? QuoteOf(OutboxBody body) =>
        body is { Target: { } target, Request.MessageType: not "reaction" } ? new Quote(target.Reference, NewMessage.Text(target.Text ?? " ")) : null;

    // The chat's own address is known by now; what comes from there belongs to it.
    private Task DoneAsync(LiveDevice device, WaitingMessage waiting, Jid chat) => database.AsService("message sent").WriteAsync(async work =>
    {
        await work.PostAsync("DELETE FROM whatsapp_device_outbox WHERE id = @Id", new { waiting.Id }).ConfigureAwait(false);
        if (chat.ToString() != waiting.Body.Chat) await MessageBook.SentAsync(work, device.Kept, chat, Jid.Parse(waiting.Body.Chat)).ConfigureAwait(false);
    });

    private Task FailAsync(LiveDevice device, WaitingMessage waiting, string code) => database.AsService("message refused").WriteAsync(async work =>
    {
        await work.PostAsync("DELETE FROM whatsapp_device_outbox WHERE id = @Id", new { waiting.Id }).ConfigureAwait(false);
        work.OnCommit(() => spool.Delete(waiting.Id));
        await work.PostAsync("UPDATE whatsapp_messages SET status = 'failed', refusal_code = COALESCE(refusal_code, @code) WHERE id = @Id AND device_id = @device", new { waiting.Id, code, device = device.Id }).ConfigureAwait(false);
    });

    private sealed record Row(Guid Id, byte[] Body, long Attempts);

    private sealed record WaitingMessage(Guid Id, long Attempts, OutboxBody Body);
}
