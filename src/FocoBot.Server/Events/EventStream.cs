using System.Net.WebSockets;
using System.Text.Json;
using FocoBot.Accounts;

namespace FocoBot.Events;

/// <summary>
/// One reader's WebSocket: pushes the log from a seq on. Nothing is queued for it; a slow reader only reads the log
/// later, and a stuck one is let go.
/// </summary>
public sealed class EventStream(EventFeed feed, CallerCheck callers, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly JsonElement NoData = JsonSerializer.SerializeToElement<object?>(null);

    private static readonly Ending PeerLeft = new(WebSocketCloseStatus.NormalClosure, "Goodbye.");
    private static readonly Ending Talkative = new(WebSocketCloseStatus.PolicyViolation, "This stream takes no messages.");
    private static readonly Ending SignedOut = new(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended.");
    private static readonly Ending TooSlow = new((WebSocketCloseStatus)1013, "Too slow. Connect again after the last seq."); // 1013: try again later (IANA registry)
    private static readonly Ending Stopping = new(WebSocketCloseStatus.EndpointUnavailable, "The server stops. Connect again after the last seq.");

    /// <summary>Runs until the peer leaves, its sign-in ends, it is too slow, or the server stops; then the socket is closed.</summary>
    public async Task RunAsync(WebSocket socket, Caller caller, long after, CancellationToken aborted)
    {
        using var quit = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        var peer = ListenAsync(socket);
        var push = PushAsync(socket, caller, after, quit.Token);
        var first = await Task.WhenAny(peer, push).ConfigureAwait(false);
        await quit.CancelAsync().ConfigureAwait(false);
        try
        {
            await CloseAsync(socket, peer, await first.ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            socket.Abort(); // No-op when the goodbyes were said; else it ends what still waits for the peer.
            await ((Task)Task.WhenAll(peer, push)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Ending> PushAsync(WebSocket socket, Caller caller, long after, CancellationToken quit)
    {
        try
        {
            var beat = clock.GetUtcNow() + EventLimits.Heartbeat;
            while (true)
            {
                var found = await feed.NextAsync(caller.AccountId, after, EventLimits.DefaultPage, beat - clock.GetUtcNow(), quit).ConfigureAwait(false);
                foreach (var happened in found)
                {
                    if (!await SendAsync(socket, happened, quit).ConfigureAwait(false)) return TooSlow;
                    after = happened.Seq;
                }

                if (clock.GetUtcNow() < beat) continue;
                if (!await callers.StillHoldsAsync(caller, quit).ConfigureAwait(false)) return SignedOut;
                if (!await SendAsync(socket, new LoggedEvent(after, "heartbeat", null, clock.GetUtcNow(), NoData), quit).ConfigureAwait(false)) return TooSlow;
                beat = clock.GetUtcNow() + EventLimits.Heartbeat;
            }
        }
        catch (OperationCanceledException) when (quit.IsCancellationRequested)
        {
            return Stopping;
        }
    }

    // The send itself is never cancelled: that would abort the socket before a reason can be given.
    private async Task<bool> SendAsync(WebSocket socket, LoggedEvent happened, CancellationToken quit)
    {
        var frame = JsonSerializer.SerializeToUtf8Bytes(happened, JsonSerializerOptions.Web);
        var sending = socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        if (sending.IsCompletedSuccessfully) return true;
        var sent = sending.AsTask();
        await sent.WaitAsync(EventLimits.Send, clock, quit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        quit.ThrowIfCancellationRequested();
        if (!sent.IsCompleted) return false;
        await sent.ConfigureAwait(false);
        return true;
    }

    private static async Task<Ending> ListenAsync(WebSocket socket)
    {
        var buffer = new byte[EventLimits.PeerBuffer];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false);
        return received.MessageType == WebSocketMessageType.Close ? PeerLeft : Talkative;
    }

    private async Task CloseAsync(WebSocket socket, Task peer, Ending ending)
    {
        var closing = socket.CloseOutputAsync(ending.Status, ending.Reason, CancellationToken.None);
        await closing.WaitAsync(EventLimits.Goodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (closing.IsCompletedSuccessfully) await peer.WaitAsync(EventLimits.Goodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed record Ending(WebSocketCloseStatus Status, string Reason);
}
