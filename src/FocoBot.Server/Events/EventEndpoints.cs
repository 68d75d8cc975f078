using System.ComponentModel;
using System.Net.WebSockets;
using FocoBot.Accounts;
using FocoBot.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Events;

/// <summary>Events after a cursor; <c>nextCursor</c> is the seq to ask after next.</summary>
public sealed record EventPage(IReadOnlyList<LoggedEvent> Items, long NextCursor);

/// <summary><c>/api/events</c>: the account's log by long poll and by WebSocket.</summary>
internal static class EventEndpoints
{
    public static void MapEventEndpoints(this IEndpointRouteBuilder app)
    {
        var events = app.MapGroup("/api/events").WithTags("Events").RequireScope(Scopes.EventsRead).MayRefuse(422, "INVALID").MayRefuse(429, "TOO_MANY_READERS");
        events.DisableRequestTimeout();
        events.MapGet("/", ReadAsync).WithName("ReadEvents").WithSummary("Events after a seq, waiting for the next one if asked to")
            .WithDescription("Answers at once when there are events, else after `wait` seconds at most. `nextCursor` is the seq to pass as `after` next time; seqs of an account rise without gaps.");
        // CONNECT is how HTTP/2 opens a WebSocket (RFC 8441).
        events.MapMethods("/stream", ["GET", "CONNECT"], StreamAsync).WithName("StreamEvents").WithSummary("Events as they happen, on a WebSocket")
            .WithDescription("Frames `{seq, type, deviceId, at, data}`, after `after` or from now on, and a `heartbeat` every 25 s. Closed with 1001 when the server stops, 1008 when the sign-in ended, 1013 when the reader is too slow: connect again after the last seq.")
            .Produces(StatusCodes.Status101SwitchingProtocols).MayRefuse(403, "CROSS_SITE").MayRefuse(426, "UPGRADE_REQUIRED");
    }

    private static async Task<Results<Ok<EventPage>, ProblemHttpResult>> ReadAsync(
        Caller caller, HttpContext context, EventFeed feed, ReaderPlaces places, IHostApplicationLifetime lifetime, CancellationToken cancellation,
        [Description("Seq of the last event seen; 0 is the beginning")] long after = 0,
        [Description("1 to 500")] int limit = EventLimits.DefaultPage,
        [Description("Seconds to wait for an event when there is none, 0 to 30")] int wait = 0,
        [Description("Only where the log ends: no events, and the newest seq as nextCursor")] bool newest = false)
    {
        if (after < 0) return BadAfter();
        if (limit is < 1 or > EventLimits.MaxPage) return Problem.Invalid("limit", $"limit is a number from 1 to {EventLimits.MaxPage}.");
        if (wait is < 0 or > EventLimits.MaxWaitSeconds) return Problem.Invalid("wait", $"wait is a number of seconds from 0 to {EventLimits.MaxWaitSeconds}.");
        if (newest) return TypedResults.Ok(new EventPage([], await feed.NewestAsync(caller.AccountId, cancellation).ConfigureAwait(false)));
        using var place = places.Take(caller.AccountId);
        if (place is null) return TooManyReaders();

        IReadOnlyList<LoggedEvent> found;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        try
        {
            found = await feed.NextAsync(caller.AccountId, after, limit, TimeSpan.FromSeconds(wait), ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            found = []; // The server stops: the reader asks again, elsewhere or later.
        }

        var view = EventAccess.Of(context.User);
        return TypedResults.Ok(new EventPage([.. found.Select(view).OfType<LoggedEvent>()], found.Count > 0 ? found[^1].Seq : after));
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> StreamAsync(
        Caller caller, HttpContext context, EventFeed feed, EventStream stream, ReaderPlaces places, CancellationToken cancellation,
        [Description("Seq of the last event seen; only events from now on when absent")] long? after = null)
    {
        if (!context.WebSockets.IsWebSocketRequest) return Problem.Of(426, "UPGRADE_REQUIRED", "This address speaks WebSocket.");
        if (after < 0) return BadAfter();
        using var place = places.Take(caller.AccountId);
        if (place is null) return TooManyReaders();

        // Taken before the handshake: nothing that happens after the reader is told it is connected is missed.
        var from = after ?? await feed.NewestAsync(caller.AccountId, cancellation).ConfigureAwait(false);
        using var socket = await EventStream.AcceptAsync(context).ConfigureAwait(false);
        await stream.RunAsync(socket, caller, from, cancellation, EventAccess.Of(context.User)).ConfigureAwait(false);
        if (socket.State != WebSocketState.Closed) context.Abort(); // what is still on its way to a peer that does not read holds the connection
        return TypedResults.Empty;
    }

    private static ProblemHttpResult BadAfter() => Problem.Invalid("after", "after is the seq of an event, or 0.");

    private static ProblemHttpResult TooManyReaders() =>
        Problem.Of(429, "TOO_MANY_READERS", $"An account may have {EventLimits.Readers} readers waiting for events at once.");
}
