using System.ComponentModel;
using System.Text.Json;
using FocoBot.Accounts;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices;

/// <summary>
/// <c>WS device/{id}/stream</c>: what happens to one device, out of the account's log. Codes are not in the log; whoever may see them gets the one of the moment with the entry that says that there is one.
/// </summary>
internal static class DeviceStream
{
    private const string Prefix = "device.";

    public static void MapDeviceStream(this RouteGroupBuilder api) => api.MapMethods("device/{id:guid}/stream", ["GET", "CONNECT"], RunAsync).RequireScope(Scopes.DevicesRead)
        .WithName("streamDevice").WithSummary("What happens to a device, on a WebSocket")
        .WithDescription("Frames `{seq, type, deviceId, at, data}`: `qr_code`, `pairing_code`, `passkey`, `passkey_code`, `link_started`, `linked`, `connected`, `disconnected`, `message`, `receipt`, `error`, `notice` (what the owner is told), and a `heartbeat` every 25 s. With `after`, what came after that seq first.")
        .Produces(StatusCodes.Status101SwitchingProtocols).MayRefuse(403, "CROSS_SITE").MayRefuse(422, "INVALID").MayRefuse(426, "UPGRADE_REQUIRED").MayRefuse(429, "TOO_MANY_READERS").DisableRequestTimeout();

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> RunAsync(
        Guid id, Caller caller, HttpContext context, Database database, DeviceSupervisor supervisor, EventFeed feed, EventStream stream, ReaderPlaces places, TimeProvider clock,
        [Description("Seq of the last event seen; only events from now on when absent")] long? after = null)
    {
        if (!context.WebSockets.IsWebSocketRequest) return Problem.Of(426, "UPGRADE_REQUIRED", "This address speaks WebSocket.");
        if (after < 0) return Problem.Invalid("after", "after is the seq of an event, or 0.");
        var row = await database.AsAccount(caller.AccountId).ReadAsync(work => DeviceTable.FindAsync(work, caller.AccountId, id), context.RequestAborted).ConfigureAwait(false);
        if (row is null) return DeviceEndpoints.Unknown();
        using var place = places.Take(caller.AccountId);
        if (place is null) return Problem.Of(429, "TOO_MANY_READERS", "The account has as many readers waiting for events as it may.");

        var from = after ?? await feed.NewestAsync(caller.AccountId, context.RequestAborted).ConfigureAwait(false);
        // Codes are for those who may link.
        var maySee = caller.SessionId is not null || context.User.HasClaim(Caller.ScopeClaim, Scopes.DevicesWrite);
        Showing? Shown() => maySee ? supervisor.Find(id)?.Showing : null;
        var first = Shown() is { } now ? new LoggedEvent(from, now.Kind, id, clock.GetUtcNow(), DataOf(now)) : null;
        var access = EventAccess.Of(context.User);
        using var socket = await EventStream.AcceptAsync(context).ConfigureAwait(false);
        await stream.RunAsync(socket, caller, from, context.RequestAborted, happened => access(happened) is { } allowed ? View(allowed, id, Shown) : null, first).ConfigureAwait(false);
        if (socket.State != System.Net.WebSockets.WebSocketState.Closed) context.Abort();
        return TypedResults.Empty;
    }

    private static LoggedEvent? View(LoggedEvent happened, Guid device, Func<Showing?> shown)
    {
        if (happened.DeviceId != device || !happened.Type.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var type = happened.Type[Prefix.Length..];
        if (type is not ("qr_code" or "pairing_code" or "passkey" or "passkey_code")) return happened with { Type = type };
        // One that is past is of no use to anybody.
        return shown() is { } now && now.Kind == type ? happened with { Type = type, Data = DataOf(now) } : null;
    }

    private static JsonElement DataOf(Showing shown) => shown.Kind switch
    {
        "qr_code" => JsonSerializer.SerializeToElement(new { qrCode = CodeImage.Of(shown.Content), qrCodeData = shown.Content, shown.ExpiresAt }, JsonSerializerOptions.Web),
        "pairing_code" => JsonSerializer.SerializeToElement(new { pairingCode = shown.Content, shown.ExpiresAt }, JsonSerializerOptions.Web),
        "passkey" => JsonSerializer.SerializeToElement(new { options = JsonDocument.Parse(shown.Content).RootElement, shown.ExpiresAt }, JsonSerializerOptions.Web),
        _ => JsonSerializer.SerializeToElement(new { code = shown.Content, shown.ExpiresAt }, JsonSerializerOptions.Web),
    };
}
