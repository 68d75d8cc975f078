using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Devices.Linking;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Chats;

/// <summary>The owner's choice for one chat.</summary>
/// <param name="Kept">Whether its messages are kept from now on; null leaves that to the device's consent.</param>
internal sealed record ChatChoice(Given<bool?> Kept);

/// <summary>Chats of a device: <c>device/{id}/chats</c>.</summary>
internal static class ChatEndpoints
{
    public static void MapDeviceChats(this RouteGroupBuilder api)
    {
        var device = api.MapGroup("device/{id:guid}");
        device.MapGet("chats", ListAsync).RequireScope(Scopes.MessagesRead).WithName("listChats").WithSummary("Chats that a device keeps or was told about, the one with the newest message first").MayRefuse(422, "INVALID");
        device.MapPut("chats/{chat}", ChooseAsync).RequireScope(Scopes.DevicesWrite).WithName("chooseChat").WithSummary("Chooses whether a chat is kept from now on; null leaves that to the device's consent").MayRefuse(422, "INVALID");
        device.MapDelete("chats/{chat}/messages", EraseAsync).RequireScope(Scopes.DevicesWrite).WithName("eraseChat").WithSummary("Erases what is stored of a chat, for good")
            .WithDescription("Messages, their words in the account's log, and files that wait to be sent. Messages that have not left yet do not leave any more. On the phone all stays.").MayRefuse(422, "INVALID");
    }

    /// <summary>Reads the address of a person's chat or a group's.</summary>
    internal static Jid? ChatOf(string text) =>
        text.Length <= ChatLimits.Address && Jid.TryParse(text, out var jid) && jid is { Server: JidServer.User or JidServer.Lid or JidServer.Group, Device: 0 } && IsName(jid) ? jid : null;

    private static async Task<Results<Ok<Page<ChatView>>, ProblemHttpResult>> ListAsync(
        Guid id, Caller caller, Database database, ChatDesk desk, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage, [Description("The nextCursor of the page before")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        var list = $"chats {caller.AccountId} {id}";
        if (!cursors.TryRead<ChatPosition>(list, cursor, out var after)) return PageSize.BadCursor();
        return await database.AsAccount(caller.AccountId).ReadAsync(async Task<Results<Ok<Page<ChatView>>, ProblemHttpResult>> (work) =>
        {
            if (await desk.OpenAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } device) return DeviceEndpoints.Unknown();
            var rows = await ChatList.ReadAsync(work, device, after, limit).ConfigureAwait(false);
            return TypedResults.Ok(new Page<ChatView>([.. rows.Take(limit).Select(row => row.View)], rows.Count > limit ? cursors.Write(list, rows[limit - 1].Position) : null));
        }, cancellation).ConfigureAwait(false);
    }

    private static async Task<Results<Ok<ChatView>, ProblemHttpResult>> ChooseAsync(Guid id, string chat, ChatChoice choice, Caller caller, HttpContext context, Database database, ChatDesk desk)
    {
        if (ChatOf(chat) is not { } address) return NoChat();
        if (!choice.Kept.IsGiven) return Problem.Invalid("kept", "kept is true, false or null.");
        if (await database.AsAccount(caller.AccountId).ReadAsync(work => desk.OpenAsync(work, caller.AccountId, id), context.RequestAborted).ConfigureAwait(false) is not { } device) return DeviceEndpoints.Unknown();
        return await desk.ChooseAsync(device, address, choice.Kept.Value, LinkingEndpoints.Origin(context), context.RequestAborted).ConfigureAwait(false) is { } view
            ? TypedResults.Ok(view) : Problem.Invalid("chat", $"There is a choice for {ChatLimits.Choices:N0} chats already.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EraseAsync(Guid id, string chat, Caller caller, HttpContext context, Database database, ChatDesk desk)
    {
        if (ChatOf(chat) is not { } address) return NoChat();
        if (await database.AsAccount(caller.AccountId).ReadAsync(work => desk.OpenAsync(work, caller.AccountId, id), context.RequestAborted).ConfigureAwait(false) is not { } device) return DeviceEndpoints.Unknown();
        await desk.EraseAsync(device, address, LinkingEndpoints.Origin(context), context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    // People are numbers; a group's id has a dash if it is old.
    private static bool IsName(Jid jid) => jid.User.Length > 0 && jid.User.All(c => char.IsAsciiDigit(c) || (c == '-' && jid.Server == JidServer.Group));

    private static ProblemHttpResult NoChat() => Problem.Invalid("chat", "A chat is named by its address, such as …@s.whatsapp.net, …@lid or …@g.us.");
}
