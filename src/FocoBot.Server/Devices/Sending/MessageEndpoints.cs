using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Devices.Files;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Messaging.Content;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Devices.Sending;

/// <summary>A message that will be sent.</summary>
/// <param name="Id">The server's id of it.</param>
/// <param name="MessageId">Its id at WhatsApp.</param>
/// <param name="Status">pending; of a repeat, what the message has come to.</param>
/// <param name="ResolvedTo">The recipient's number or address as WhatsApp has it; null while that is not known.</param>
internal sealed record SendAnswer(Guid Id, string MessageId, string Status, string? ResolvedTo);

/// <summary>Messages that were read here.</summary>
internal sealed record ReadRequest(IReadOnlyList<Guid>? Ids);

/// <summary>Shows somebody that something is being written, or no longer is.</summary>
internal sealed record TypingRequest(string? To, bool? Typing);

/// <summary>Messages of a device: <c>device/{id}/send</c>, <c>messages</c>, <c>typing</c>.</summary>
internal static class MessageEndpoints
{
    private const int MaxKey = 255;
    private const int MaxSearch = 100;
    private const int MaxRead = 100;

    public static void MapDeviceMessages(this RouteGroupBuilder api)
    {
        var device = api.MapGroup("device/{id:guid}");
        device.MapPost("send", SendAsync).RequireScope(Scopes.MessagesSend).WithName("sendMessage").WithSummary("Sends a message as the account's WhatsApp user")
            .MayRefuse(403, "DEVICE_BANNED").MayRefuse(409, "DEVICE_DISCONNECTED", "SESSION_INVALID", "ACCOUNT_LOCKED", "EXPORTED", "BLOCKED").MayRefuse(413, "MESSAGE_TOO_LARGE").MayRefuse(422, "INVALID", "INVALID_RECIPIENT", "IDEMPOTENCY_MISMATCH").MayRefuse(429, "RATE_LIMITED", "REACHOUT_LIMITED")
            .Accepts<SendRequest>("application/json", "multipart/form-data").WithMetadata(new RequestSizeLimitAttribute(MediaLimits.Request)).WithRequestTimeout(MediaLimits.RequestTime);
        device.MapDelete("send/{message:guid}", UndoAsync).RequireScope(Scopes.MessagesSend).WithName("undoSend").WithSummary("Takes a message back that has not left yet").MayRefuse(409, "TOO_LATE");
        device.MapGet("messages", ListAsync).RequireScope(Scopes.MessagesRead).WithName("listMessages").WithSummary("Messages of a device, the newest first").MayRefuse(422, "INVALID");
        device.MapPost("messages/read", MarkReadAsync).RequireScope(Scopes.MessagesSend).WithName("markRead").WithSummary("Tells the senders that messages were read").MayRefuse(409, "DEVICE_DISCONNECTED").MayRefuse(422, "INVALID");
        device.MapPost("typing", TypeAsync).RequireScope(Scopes.MessagesSend).WithName("showTyping").WithSummary("Shows that something is being written").MayRefuse(409, "DEVICE_DISCONNECTED").MayRefuse(422, "INVALID_RECIPIENT");
    }

    private static async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> SendAsync(Guid id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Caller caller, HttpRequest request, SendDesk desk) =>
        idempotencyKey is { Length: 0 or > MaxKey } ? Problem.Invalid("Idempotency-Key", $"A key has 1 to {MaxKey} characters.") : await desk.SendAsync(id, caller, request, idempotencyKey).ConfigureAwait(false);

    private static async Task<Results<NoContent, ProblemHttpResult>> UndoAsync(Guid id, Guid message, Caller caller, Database database, DeviceKeys keys, DeviceOutbox outbox, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<NoContent, ProblemHttpResult>> (work) =>
        {
            if (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { Wrapped: { } wrapped } row) return DeviceEndpoints.Unknown();
            return await outbox.UndoAsync(work, new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, wrapped)), message).ConfigureAwait(false) ? TypedResults.NoContent() : Problem.Of(409, "TOO_LATE", "The message has left already, or there is none.");
        }, cancellation).ConfigureAwait(false);

    private static async Task<Results<Ok<Page<MessageView>>, ProblemHttpResult>> ListAsync(
        Guid id, Caller caller, Database database, DeviceKeys keys, Cursors cursors, CancellationToken cancellation,
        [Description("inbound or outbound")] string? direction = null,
        [Description("text, image, video, audio, document, sticker, location, contact, reaction, poll or other")] string? type = null,
        [Description("pending, sent, delivered, read or failed")] string? status = null,
        [Description("A chat's address, as messages have it")] string? chat = null,
        [Description("Not older than this")] DateTimeOffset? since = null,
        [Description("Older than this")] DateTimeOffset? until = null,
        [Description("Words of the text; at most some thousand messages are looked through for one answer, the cursor goes on from there")] string? search = null,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage,
        [Description("The nextCursor of the page before, with the same filters")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        if (search?.Length > MaxSearch) return Problem.Invalid("search", $"At most {MaxSearch} characters.");
        var filter = new MessageFilter(direction, type, status, chat, since, until, string.IsNullOrWhiteSpace(search) ? null : search.Trim());
        var list = $"messages {caller.AccountId} {id} {filter.Name}";
        if (!cursors.TryRead<MessagePosition>(list, cursor, out var after)) return PageSize.BadCursor();
        return await database.AsAccount(caller.AccountId).ReadAsync(async Task<Results<Ok<Page<MessageView>>, ProblemHttpResult>> (work) =>
        {
            if (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { Wrapped: { } wrapped } row) return DeviceEndpoints.Unknown();
            var (items, next) = await MessageList.ReadAsync(work, new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, wrapped)), filter, after, limit).ConfigureAwait(false);
            return TypedResults.Ok(new Page<MessageView>(items, next is null ? null : cursors.Write(list, next)));
        }, cancellation).ConfigureAwait(false);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> MarkReadAsync(Guid id, ReadRequest request, Caller caller, HttpContext context, Database database, DeviceSupervisor supervisor, TimeProvider clock)
    {
        if (request.Ids is not { Count: > 0 and <= MaxRead } ids) return Problem.Invalid("ids", $"1 to {MaxRead} ids of messages.");
        if (Own(supervisor, id, caller) is not { } device) return DeviceEndpoints.Unknown();
        var messages = await database.AsAccount(caller.AccountId).ReadAsync(async work =>
        {
            var found = new List<MessageReference>();
            foreach (var message in ids)
                if (await MessageList.FindAsync(work, device.Kept, message).ConfigureAwait(false) is ({ Direction: "inbound" } view, _)) found.Add(new MessageReference(Jid.Parse(view.Chat), view.MessageId, Jid.Parse(view.Sender), false));
            return found;
        }, context.RequestAborted).ConfigureAwait(false);
        if (messages.Count == 0) return Problem.Invalid("ids", "There are no such messages that came in.");
        return await TellAsync(device, client => client.MarkReadAsync(messages, context.RequestAborted), () => database.AsAccount(caller.AccountId).WriteAsync(
            work => DeviceAudit.WriteAsync(work, clock, caller.AccountId, id, "messages_read", Linking.LinkingEndpoints.Origin(context), new { count = messages.Count }))).ConfigureAwait(false);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TypeAsync(Guid id, TypingRequest request, Caller caller, DeviceSupervisor supervisor, CancellationToken cancellation)
    {
        if (Own(supervisor, id, caller) is not { } device) return DeviceEndpoints.Unknown();
        if (new SendRequest(request.To).Recipient() is not { } chat)
            return Problem.Of(422, "INVALID_RECIPIENT", "Write the recipient as a phone number with + and country code, or as the address of a chat.");
        return await TellAsync(device, client => client.SendTypingAsync(chat, request.Typing is false ? Typing.Paused : Typing.Composing, cancellation), () => Task.CompletedTask).ConfigureAwait(false);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TellAsync(LiveDevice device, Func<WhatsAppClient, Task> tell, Func<Task> record)
    {
        if (device.Client.State is not WhatsApp.ConnectionState.Online) return DeviceTrouble.Disconnected.ToProblem();
        try
        {
            await tell(device.Client).ConfigureAwait(false);
        }
        catch (WhatsAppException)
        {
            return DeviceTrouble.Disconnected.ToProblem();
        }

        await record().ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static LiveDevice? Own(DeviceSupervisor supervisor, Guid id, Caller caller) => supervisor.Find(id) is { } device && device.AccountId == caller.AccountId ? device : null;
}
