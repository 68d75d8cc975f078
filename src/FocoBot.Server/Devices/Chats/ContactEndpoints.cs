using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Chats;

/// <summary>People whose names a device knows: <c>device/{id}/contacts</c>. WhatsApp does not answer this: the phone tells names as they change, and they are kept.</summary>
internal static class ContactEndpoints
{
    public static void MapDeviceContacts(this RouteGroupBuilder api) =>
        api.MapGet("device/{id:guid}/contacts", ListAsync).RequireScope(Scopes.MessagesRead).WithName("listContacts").WithSummary("People in the account's address book, and those whose messages are kept, with their names")
            .MayRefuse(409, "DEVICE_DISCONNECTED").MayRefuse(422, "INVALID");

    private static async Task<Results<Ok<Page<ContactView>>, ProblemHttpResult>> ListAsync(
        Guid id, Caller caller, Database database, DeviceSupervisor supervisor, ChatDesk desk, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage, [Description("The nextCursor of the page before")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        var list = $"contacts {caller.AccountId} {id}";
        if (!cursors.TryRead<ContactPosition>(list, cursor, out var after)) return PageSize.BadCursor();
        return await database.AsAccount(caller.AccountId).ReadAsync(async Task<Results<Ok<Page<ContactView>>, ProblemHttpResult>> (work) =>
        {
            if (await desk.OpenAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } device) return DeviceEndpoints.Unknown();
            // Nobody tells what has changed meanwhile.
            if (supervisor.Find(id)?.Client.State is not WhatsApp.ConnectionState.Online) return DeviceTrouble.Disconnected.ToProblem();
            var rows = await ContactList.ReadAsync(work, device, after, limit).ConfigureAwait(false);
            return TypedResults.Ok(new Page<ContactView>([.. rows.Take(limit)], rows.Count > limit ? cursors.Write(list, new ContactPosition(rows[limit - 1].Contact)) : null));
        }, cancellation).ConfigureAwait(false);
    }
}
