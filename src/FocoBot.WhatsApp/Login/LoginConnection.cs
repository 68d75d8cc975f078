using System.Security.Cryptography;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.History;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Login;

/// <summary>
/// The connection of a linked device, from the server's <c>success</c> on. Stanzas are handled one after the other; what asks the server
/// goes on beside them, since answers come in the same stream.
/// <code>
/// S success                   → upload when the state is a copy; count, upload when few; active; rotate when due; digest, upload when it differs; unified_session
/// S ib, notification, …       → handled and acknowledged
/// </code>
/// </summary>
internal sealed class LoginConnection(
    StanzaConnection connection, DeviceState state, MessagingConnection messaging, MediaRetries mediaRetries, AppStateConnection appState, HistoryReceiver history,
    RandomNumberGenerator random, TimeProvider clock, ILogger log, Func<bool> isReaderBehind, Action ready)
{
    private const int OfflineBatch = 100;

    private readonly PreKeyUpload _preKeys = new(connection, state, random);
    private readonly ChatSignals _signals = new(state);
    private readonly CancellationTokenSource _life = new();
    private Task _login = Task.CompletedTask, _refill = Task.CompletedTask, _cleaning = Task.CompletedTask;
    private bool _isAccepted;
    private TimeSpan _clockOffset;

    /// <summary>Handles stanzas until the connection ends.</summary>
    public async Task<ConnectionEnd> RunAsync()
    {
        messaging.Start(_life.Token);
        var end = await connection.RunAsync(HandleAsync);
        await _life.CancelAsync();
        await Task.WhenAll(_login, _refill, _cleaning, messaging.EndAsync());
        await Task.WhenAll(appState.EndAsync(), history.EndAsync());
        _life.Dispose();
        return end;
    }

    private async ValueTask HandleAsync(Node stanza)
    {
        try
        {
            switch (stanza.Tag)
            {
                case "success":
                    await SucceedAsync(stanza);
                    return;
                case "ib":
                    await HandleInfoAsync(stanza);
                    return;
                case "iq":
                    await AnswerAsync(stanza);
                    return;
                case "ack":
                    await messaging.AcknowledgeAsync(stanza, _life.Token);
                    return;
                case "notification" or "receipt" or "message" when isReaderBehind():
                    // What is not acknowledged comes again.
                    connection.End(new(EndCause.EventsUnread));
                    return;
                case "notification":
                    HandleNotification(stanza);
                    mediaRetries.HandleNotification(stanza);
                    appState.HandleNotification(stanza);
                    await _signals.HandleNotificationAsync(stanza);
                    await state.Units.BeginAsync(unit => TakeNotificationAsync(unit, stanza), _life.Token);
                    return;
                case "receipt":
                    if (messaging.HandleReceipt(stanza))
                        return;
                    await _signals.HandleReceiptAsync(stanza);
                    break;
                case "message":
                    await messaging.ReceiveAsync(stanza, _life.Token);
                    return;
                case "presence" or "chatstate":
                    await _signals.HandlePresenceAsync(stanza);
                    return;
            }
        }
        catch (ProtocolException broken)
        {
            Log.StanzaRefused(log, broken, stanza);
        }

        // Also what was not understood, and kinds that came after this library: the server would send it for ever.
        await state.Units.BeginAsync(unit => Acknowledge(unit, stanza), _life.Token);
    }

    private async Task<bool> TakeNotificationAsync(DeviceUnit unit, Node notification)
    {
        await messaging.HandleNotificationAsync(unit, notification, _life.Token);
        Acknowledge(unit, notification);
        return true;
    }

    private void Acknowledge(DeviceUnit unit, Node stanza)
    {
        if (Stanzas.Ack(stanza) is { } ack)
            unit.Then(() => connection.SendAsync(ack));
    }

    private async Task SucceedAsync(Node success)
    {
        if (_isAccepted)
            return;
        _isAccepted = true;
        _clockOffset = success.GetTime("t") is { } serverTime ? serverTime - clock.GetUtcNow() : TimeSpan.Zero;
        var lid = success.GetJid("lid") is { Server: JidServer.Lid } given ? given : (Jid?)null;
        await state.ChangeAsync(device => device with { Lid = lid ?? device.Lid, LoginCounter = device.LoginCounter + 1 }, _life.Token);
        _login = LogInAsync();
    }

    private async Task LogInAsync()
    {
        if (state.Credentials.IsRestored && !await StepAsync("Prekeys of a copy", ReplaceAsync))
        {
            // Nothing is sent before. It is tried again on the next connection.
            connection.End(new(EndCause.Lost));
            return;
        }

        await StepAsync("Prekey count", RefillAsync);
        if (!await StepAsync("Active", async token => await connection.RequestAsync("passive", "set", new Node("active"), token)))
        {
            // Without this the server keeps what it has for us.
            connection.End(new(EndCause.Lost));
            return;
        }

        await StepAsync("Signed prekey rotation", token => _preKeys.RotateAsync(clock.GetUtcNow(), token));
        await StepAsync("Prekey digest", CheckDigestAsync);
        await StepAsync("Begin", async token =>
        {
            await connection.SendAsync(Stanzas.UnifiedSession(clock.GetUtcNow() + _clockOffset), token);
            await messaging.ResumeAsync(token);
            ready();
            appState.Outdated(CollectionNames.All);
            // Not sooner: they may need files, whose hosts the server names to those who are online.
            appState.Start(_life.Token);
            history.Start(_life.Token);
        });
    }

    // The server may have some that only the original knows, and takes the current signed one back with the new ones.
    private async Task ReplaceAsync(CancellationToken token)
    {
        await UploadAsync(token);
        await state.ChangeAsync(device => device with { IsRestored = false }, token);
    }

    private async Task RefillAsync(CancellationToken token)
    {
        if (await _preKeys.CountAsync(token) < PreKeyUpload.LowWater)
            await UploadAsync(token);
    }

    private async Task CheckDigestAsync(CancellationToken token)
    {
        if (await _preKeys.IsIntactAsync(token))
            return;
        Log.DigestDiffers(log);
        await UploadAsync(token);
    }

    private async Task UploadAsync(CancellationToken token)
    {
        await _preKeys.UploadAsync(token);
        Log.PreKeysUploaded(log, PreKeyUpload.Batch);
    }

    // <ib> <offline_preview/> | <offline/> | <dirty/> | <edge_routing/> | … </ib>
    private async Task HandleInfoAsync(Node info)
    {
        foreach (var child in info.Children)
        {
            switch (child.Tag)
            {
                case "offline_preview":
                    await TellAsync(new OfflineAnnounced(Count(child, "message"), Count(child, "receipt"), Count(child, "notification")));
                    await connection.SendAsync(Stanzas.OfflineBatch(OfflineBatch));
                    break;
                case "offline":
                    await TellAsync(new OfflineDelivered());
                    break;
                case "dirty":
                    var kind = child.Require("type");
                    await TellAsync(new StateOutdated(kind));
                    if (kind == "syncd_app_state")
                        appState.Outdated(CollectionNames.All);
                    _cleaning = CleanAsync(_cleaning, kind, child["timestamp"]);
                    break;
                case "edge_routing" when child.Child("routing_info") is { Content.Bytes: { Length: > 0 and <= Limits.RoutingInfo } routing }:
                    await state.ChangeAsync(device => device with { RoutingInfo = routing.ToArray() }, _life.Token);
                    break;
            }
        }
    }

    // After what came before it.
    private Task TellAsync(ClientEvent happened) => state.Units.BeginAsync(unit => unit.Tell(happened), _life.Token);

    private async Task CleanAsync(Task before, string kind, string? timestamp)
    {
        await before;
        await StepAsync("Clean", async token =>
            await connection.RequestAsync("urn:xmpp:whatsapp:dirty", "set", new Node("clean", [("type", kind), ("timestamp", timestamp)]), token));
    }

    private void HandleNotification(Node notification)
    {
        if (notification["type"] != "encrypt" || notification.GetJid("from") != Jid.Service || !_refill.IsCompleted)
            return;
        if (notification.Child("count") is { } count && count.RequireNumber("value") < PreKeyUpload.LowWater)
            _refill = AfterLoginAsync("Prekey refill", RefillAsync);
        else if (notification.Child("digest") is not null)
            _refill = AfterLoginAsync("Prekey digest", CheckDigestAsync);
    }

    private async Task AfterLoginAsync(string name, Func<CancellationToken, Task> step)
    {
        await _login;
        await StepAsync(name, step);
    }

    // The server's own requests; a ping is the only one known.
    private async Task AnswerAsync(Node request)
    {
        if (request["type"] == "get" && request["xmlns"] == "urn:xmpp:ping" && request["id"] is not null)
            await connection.SendAsync(Stanzas.Result(request));
    }

    // A step that asks the server. Its failure is no reason to end a connection on which messages can flow.
    private async Task<bool> StepAsync(string name, Func<CancellationToken, Task> step)
    {
        try
        {
            await step(_life.Token);
            return true;
        }
        catch (Exception over) when (over is ConnectionEndedException or OperationCanceledException)
        {
            return false;
        }
        catch (WhatsAppException failed)
        {
            Log.StepFailed(log, failed, name);
            return false;
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(log, failed);
            connection.End(new(EndCause.Internal));
            return false;
        }
    }

    private static int Count(Node node, string key) => (int)Math.Clamp(node.GetNumber(key) ?? 0, 0, int.MaxValue);
}
