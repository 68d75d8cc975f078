using System.Net.WebSockets;
using System.Text.Json;
using FocoBot.Accounts;

namespace FocoBot.Events;

/// <summary>
/// One reader's WebSocket: pushes the log from a seq on. Nothing is queued for it; a slow reader only reads the log
/// later, and a stuck one is let go.
/// </summary>
public sealed class EventStream(EventFeed feed, CallerCheck callers, IHostApplicationLifetime lifetime, ILogger<EventStream> log, TimeProvider clock)
{
    private static readonly JsonElement NoData = JsonSerializer.SerializeToElement<object?>(null);

    private static readonly Ending PeerLeft = new(WebSocketCloseStatus.NormalClosure, "Goodbye.");
    private static readonly Ending Talkative = new(WebSocketCloseStatus.PolicyViolation, "This stream takes no messages.");
    private static readonly Ending SignedOut = new(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended.");
    private static readonly Ending TooSlow = new((WebSocketCloseStatus)1013, "Too slow. Connect again after the last seq."); // 1013: try again later (IANA registry)
    private static readonly Ending Failed = new(WebSocketCloseStatus.InternalServerError, "Something went wrong. Connect again after the last seq.");
    private static readonly Ending Stopping = new(WebSocketCloseStatus.EndpointUnavailable, "The server stops. Connect again after the last seq.");

    /// <summary>Opens a reader's WebSocket.</summary>
    public static Task<WebSocket> AcceptAsync(HttpContext context) =>
        context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = EventLimits.Heartbeat, KeepAliveTimeout = EventLimits.Send });

    /// <summary>Runs until the peer leaves, its sign-in ends, it is too slow, or the server stops; then the socket is closed, or aborted if the peer won't hear.</summary>
    /// <param name="socket">The reader's.</param>
    /// <param name="caller">Who reads.</param>
    /// <param name="after">The seq of the last event seen.</param>
    /// <param name="aborted">The connection is gone.</param>
    /// <param name="view">What this reader gets of an event; null for those that are not for it. Without a view, all as they are.</param>
    /// <param name="first">What the reader gets before all else.</param>
    public async Task RunAsync(WebSocket socket, Caller caller, long after, CancellationToken aborted, Func<LoggedEvent, LoggedEvent?>? view = null, LoggedEvent? first = null)
    {
        using var quit = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        using var over = new CancellationTokenSource();
        var peer = ListenAsync(socket, over.Token);
        var push = PushAsync(socket, caller, after, view ?? (static happened => happened), first, quit.Token);
        var done = await Task.WhenAny(peer, push).ConfigureAwait(false);
        await quit.CancelAsync().ConfigureAwait(false);
        await CloseAsync(socket, peer, await done.ConfigureAwait(false), over.Token).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        if (socket.State != WebSocketState.Closed) socket.Abort();
        await Task.WhenAll(peer, push).ConfigureAwait(false);
    }

    private async Task<Ending> PushAsync(WebSocket socket, Caller caller, long after, Func<LoggedEvent, LoggedEvent?> view, LoggedEvent? first, CancellationToken quit)
    {
        try
        {
            var beat = clock.GetUtcNow() + EventLimits.Heartbeat;
            if (first is not null && !await SendAsync(socket, first, quit).ConfigureAwait(false)) return TooSlow;
            while (true)
            {
                var found = await feed.NextAsync(caller.AccountId, after, EventLimits.DefaultPage, beat - clock.GetUtcNow(), quit).ConfigureAwait(false);
                foreach (var happened in found)
                {
                    if (view(happened) is { } seen && !await SendAsync(socket, seen, quit).ConfigureAwait(false)) return TooSlow;
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
        catch (Exception e) when (IsGone(e))
        {
            return PeerLeft;
        }
        catch (Exception e)
        {
            EventsLog.StreamFailed(log, e);
            return Failed;
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

    private static async Task<Ending> ListenAsync(WebSocket socket, CancellationToken over)
    {
        var buffer = new byte[EventLimits.PeerBuffer];
        try
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), over).ConfigureAwait(false);
            return received.MessageType == WebSocketMessageType.Close ? PeerLeft : Talkative;
        }
        catch (Exception e) when (IsGone(e) || over.IsCancellationRequested)
        {
            return PeerLeft;
        }
    }

    private async Task CloseAsync(WebSocket socket, Task<Ending> peer, Ending ending, CancellationToken over)
    {
        var closing = socket.CloseOutputAsync(ending.Status, ending.Reason, CancellationToken.None);
        await closing.WaitAsync(EventLimits.Goodbye, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (closing.IsCompletedSuccessfully)
            await HearGoodbyeAsync().WaitAsync(EventLimits.Goodbye, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task HearGoodbyeAsync()
        {
            for (var heard = await peer.ConfigureAwait(false); heard != PeerLeft; heard = await ListenAsync(socket, over).ConfigureAwait(false)) { }
        }
    }

    private static bool IsGone(Exception e) => e is WebSocketException or IOException or ObjectDisposedException;

    private sealed record Ending(WebSocketCloseStatus Status, string Reason);
}
