using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Groups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Chats;

/// <summary>A group of the account's.</summary>
/// <param name="Group">Its address.</param>
/// <param name="Subject">What it is called.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Size">How many are in it.</param>
/// <param name="IsAdmin">The account is an admin of it.</param>
/// <param name="IsAnnouncement">Only admins may write.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Community">The community that it belongs to.</param>
internal record GroupView(string Group, string Subject, string? Description, int Size, bool IsAdmin, bool IsAnnouncement, DateTimeOffset? CreatedAt, string? Community);

/// <summary>A group with who is in it.</summary>
internal sealed record GroupDetails(
    string Group, string Subject, string? Description, int Size, bool IsAdmin, bool IsAnnouncement, DateTimeOffset? CreatedAt, string? Community, IReadOnlyList<ParticipantView> Participants)
    : GroupView(Group, Subject, Description, Size, IsAdmin, IsAnnouncement, CreatedAt, Community);

/// <summary>Somebody in a group.</summary>
/// <param name="Address">As messages have it: by hidden identity, as a rule.</param>
/// <param name="Alternate">By the other kind of address, if WhatsApp tells it.</param>
/// <param name="Number">The phone number, if WhatsApp tells it.</param>
/// <param name="IsAdmin">May change the group.</param>
/// <param name="IsOwner">Made it, and can't be removed.</param>
internal sealed record ParticipantView(string Address, string? Alternate, string? Number, bool IsAdmin, bool IsOwner);

/// <summary>Where a list of groups goes on.</summary>
internal sealed record GroupPosition(string Group);

/// <summary>Groups that a device's account is in, as WhatsApp tells them: <c>device/{id}/groups</c>.</summary>
internal static class GroupEndpoints
{
    public static void MapDeviceGroups(this RouteGroupBuilder api)
    {
        var device = api.MapGroup("device/{id:guid}").RequireScope(Scopes.MessagesRead);
        device.MapGet("groups", ListAsync).WithName("listGroups").WithSummary("Groups that the account is in; the list may be half a minute old")
            .MayRefuse(409, "DEVICE_DISCONNECTED").MayRefuse(422, "INVALID").MayRefuse(504, "CONNECTION_TIMEOUT");
        device.MapGet("groups/{group}", GetAsync).WithName("getGroup").WithSummary("A group with its participants")
            .MayRefuse(409, "DEVICE_DISCONNECTED").MayRefuse(422, "INVALID").MayRefuse(504, "CONNECTION_TIMEOUT");
    }

    private static async Task<Results<Ok<Page<GroupView>>, ProblemHttpResult>> ListAsync(
        Guid id, Caller caller, Database database, DeviceSupervisor supervisor, RecentGroups recent, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage, [Description("The nextCursor of the page before")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        var list = $"groups {caller.AccountId} {id}";
        if (!cursors.TryRead<GroupPosition>(list, cursor, out var after)) return PageSize.BadCursor();
        var (groups, problem) = await AskAsync(id, caller, database, supervisor, async client => recent.Find(id) ?? recent.Add(id, Views(client, await client.GetGroupsAsync(cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
        if (groups is null) return problem!;
        var rest = groups.SkipWhile(group => after is not null && string.CompareOrdinal(group.Group, after.Group) <= 0).Take(limit + 1).ToList();
        return TypedResults.Ok(new Page<GroupView>([.. rest.Take(limit)], rest.Count > limit ? cursors.Write(list, new GroupPosition(rest[limit - 1].Group)) : null));
    }

    private static async Task<Results<Ok<GroupDetails>, ProblemHttpResult>> GetAsync(Guid id, string group, Caller caller, Database database, DeviceSupervisor supervisor, CancellationToken cancellation)
    {
        if (ChatEndpoints.ChatOf(group) is not { Server: JidServer.Group } address) return Problem.Invalid("group", "A group is named by its address, such as …@g.us.");
        var (found, problem) = await AskAsync(id, caller, database, supervisor, async client => Details(client, await client.GetGroupAsync(address, cancellation).ConfigureAwait(false))).ConfigureAwait(false);
        return found is null ? problem! : TypedResults.Ok(found);
    }

    private static async Task<(T? Answer, ProblemHttpResult? Problem)> AskAsync<T>(Guid id, Caller caller, Database database, DeviceSupervisor supervisor, Func<WhatsAppClient, Task<T>> ask) where T : class
    {
        if (await database.AsAccount(caller.AccountId).ReadAsync(work => DeviceTable.FindAsync(work, caller.AccountId, id)).ConfigureAwait(false) is null) return (null, DeviceEndpoints.Unknown());
        if (supervisor.Find(id) is not { Client.State: WhatsApp.ConnectionState.Online } device) return (null, DeviceTrouble.Disconnected.ToProblem());
        try
        {
            return (await ask(device.Client).ConfigureAwait(false), null);
        }
        catch (RequestRefusedException refused) when (refused.Code is 401 or 403 or 404 or 406)
        {
            return (null, Problem.NotFound("group, or the account is not in it"));
        }
        catch (RequestTimeoutException)
        {
            return (null, DeviceTrouble.TimedOut.ToProblem());
        }
        catch (ConnectionEndedException)
        {
            return (null, DeviceTrouble.Disconnected.ToProblem());
        }
        catch (WhatsAppException)
        {
            return (null, DeviceTrouble.Interrupted.ToProblem());
        }
    }

    private static List<GroupView> Views(WhatsAppClient client, IReadOnlyList<Group> groups) => [.. groups.Select(group => View(client, group)).OrderBy(group => group.Group, StringComparer.Ordinal)];

    private static GroupView View(WhatsAppClient client, Group group) => new(
        group.Jid.ToString(), group.Subject, group.Description, group.Members.Count, group.Members.Any(member => IsOwn(member, client) && member.Role != GroupRole.Member), group.IsAnnouncement, group.Created, group.Community?.ToString());

    private static GroupDetails Details(WhatsAppClient client, Group group)
    {
        var view = View(client, group);
        return new GroupDetails(
            view.Group, view.Subject, view.Description, view.Size, view.IsAdmin, view.IsAnnouncement, view.CreatedAt, view.Community,
            [.. group.Members.Select(member => new ParticipantView(member.User.ToString(), member.Alternate?.ToString(), MessageBook.NumberOf(member.User, member.Alternate), member.Role != GroupRole.Member, member.Role == GroupRole.SuperAdmin))]);
    }

    private static bool IsOwn(GroupMember member, WhatsAppClient client) =>
        client.Device is { } own && (member.User == own.Lid?.WithoutDevice() || member.User == own.PhoneJid?.WithoutDevice());
}
