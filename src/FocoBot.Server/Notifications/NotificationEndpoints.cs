using FocoBot.Accounts;
using FocoBot.Devices.Routing;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Notifications;

/// <summary>Which kind of message to try out: notifications, proposals, broadcasts or direct-messages.</summary>
internal sealed record TestRequest(string? Kind);

/// <summary>A notification and the way it took.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Status">pending, sending (a channel has it), sent.</param>
/// <param name="Channel">device, twilio or web; null before it has left.</param>
/// <param name="DeviceId">The device that carries it.</param>
/// <param name="Reason">Why it took this way: what was chosen, and what had failed before.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="SentAt">When it had reached the person.</param>
internal sealed record NotificationView(Guid Id, string Kind, string Status, string? Channel, Guid? DeviceId, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset? SentAt)
{
    public static NotificationView Of(NotificationRow row) => new(row.Id, row.Kind, row.Status, row.Channel, row.DeviceId, row.Reason, row.CreatedAt, row.SentAt);
}

/// <summary><c>/api/notifications</c>.</summary>
internal static class NotificationEndpoints
{
    private const string Kind = "test";

    public static void MapNotificationEndpoints(this RouteGroupBuilder api)
    {
        api.MapPost("test", TestAsync).RequireScope(Scopes.AccountWrite).WithName("testNotification").WithSummary("Sends oneself a message the way that messages of a kind go").MayRefuse(422, "INVALID").MayRefuse(429, "RATE_LIMITED");
        api.MapGet("{id:guid}", FindAsync).RequireScope(Scopes.AccountRead).WithName("getNotification").WithSummary("A notification, which way it took and why");
    }

    private static async Task<Results<Accepted<NotificationView>, ProblemHttpResult>> TestAsync(TestRequest request, Caller caller, HttpContext context, Database database, NotificationBook book, TimeProvider clock)
    {
        if (RouteOf(request.Kind) is not { } route) return Problem.Invalid("kind", "The kind is notifications, proposals, broadcasts or direct-messages.");
        return await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<Accepted<NotificationView>, ProblemHttpResult>> (work) =>
        {
            // One after the other: two at once must not pass the limit together.
            var language = await work.ScalarAsync<string>("SELECT language FROM accounts WHERE id = @AccountId /*pg: FOR UPDATE */", new { caller.AccountId }).ConfigureAwait(false);
            var lately = await work.ScalarAsync<long>("SELECT count(*) FROM focobot_scheduled_notifications WHERE user_id = @AccountId AND kind = @Kind AND created_at > @since",
                new { caller.AccountId, Kind, since = clock.GetUtcNow() - NotificationLimits.TestWindow }).ConfigureAwait(false);
            if (lately >= NotificationLimits.Tests) return Problem.RateLimited(context, NotificationLimits.TestWindow / NotificationLimits.Tests);
            var id = await book.AddAsync(work, caller.AccountId, Kind, route, TextOf(request.Kind!, language!)).ConfigureAwait(false);
            return TypedResults.Accepted($"/api/notifications/{id}", NotificationView.Of((await NotificationBook.FindAsync(work, caller.AccountId, id).ConfigureAwait(false))!));
        }, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<Results<Ok<NotificationView>, ProblemHttpResult>> FindAsync(Guid id, Caller caller, Database database, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).ReadAsync(work => NotificationBook.FindAsync(work, caller.AccountId, id), cancellation).ConfigureAwait(false) is { } row
            ? TypedResults.Ok(NotificationView.Of(row)) : Problem.NotFound("notification");

    private static MessageKind? RouteOf(string? kind) => kind switch
    {
        "notifications" => MessageKind.Notification,
        "proposals" => MessageKind.Proposal,
        "broadcasts" => MessageKind.Broadcast,
        "direct-messages" => MessageKind.DirectMessage,
        _ => null,
    };

    private static string TextOf(string kind, string language) => (kind, language) switch
    {
        ("notifications", "es") => "Prueba de FocoBot: por aquí te llegan los avisos.",
        ("proposals", "es") => "Prueba de FocoBot: por aquí te llegan las propuestas.",
        ("broadcasts", "es") => "Prueba de FocoBot: por aquí te llegan los anuncios.",
        (_, "es") => "Prueba de FocoBot: por aquí salen los mensajes directos.",
        ("notifications", _) => "A test by FocoBot: this is where your notifications arrive.",
        ("proposals", _) => "A test by FocoBot: this is where your proposals arrive.",
        ("broadcasts", _) => "A test by FocoBot: this is where announcements arrive.",
        _ => "A test by FocoBot: this is the way direct messages take.",
    };
}
