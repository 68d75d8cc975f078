using System.Globalization;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.WhatsApp.Groups;

/// <summary>What is asked of the server about groups: <c>&lt;iq xmlns="w:g2" to="the group, or all of them" type&gt;…&lt;/iq&gt;</c>.</summary>
internal sealed class GroupRequests(Func<CancellationToken, Task<StanzaConnection>> online)
{
    public async Task<Group> GetAsync(Jid group, CancellationToken token) =>
        GroupStanzas.Read((await AskAsync(group, "get", new Node("query", [("request", "interactive")]), token)).RequireChild("group"));

    public async Task<IReadOnlyList<Group>> GetAllAsync(CancellationToken token)
    {
        var answer = await AskAsync(Jid.GroupService, "get", new Node("participating", [new("participants"), new("description")]), token);
        return [.. answer.RequireChild("groups").ChildrenOf("group").Select(GroupStanzas.Read)];
    }

    public async Task<Group> CreateAsync(string subject, Node[] members, string key, CancellationToken token)
    {
        var create = new Node("create", [("subject", subject), ("key", key)], members);
        return GroupStanzas.Read((await AskAsync(Jid.GroupService, "set", create, token)).RequireChild("group"));
    }

    public async Task<IReadOnlyList<GroupMemberResult>> ChangeMembersAsync(Jid group, string change, Node[] members, CancellationToken token) =>
        Results((await AskAsync(group, "set", new Node(change, members), token)).RequireChild(change));

    public Task LeaveAsync(Jid group, CancellationToken token) =>
        AskAsync(Jid.GroupService, "set", new Node("leave", new Node("group", [("id", group)])), token);

    public Task SetSubjectAsync(Jid group, string subject, CancellationToken token) =>
        AskAsync(group, "set", new Node("subject", Encoding.UTF8.GetBytes(subject)), token);

    public Task SetDescriptionAsync(Jid group, string? description, string id, string? previous, CancellationToken token) =>
        AskAsync(
            group,
            "set",
            description is null
                ? new Node("description", [("delete", "true"), ("prev", previous)])
                : new Node("description", [("id", id), ("prev", previous)], new Node("body", Encoding.UTF8.GetBytes(description))),
            token);

    public Task SetAsync(Jid group, Node setting, CancellationToken token) => AskAsync(group, "set", setting, token);

    public async Task<string> InviteAsync(Jid group, bool anew, CancellationToken token) =>
        (await AskAsync(group, anew ? "set" : "get", new Node("invite"), token)).RequireChild("invite").Require("code");

    public async Task<Group> GetByInviteAsync(string code, CancellationToken token) =>
        GroupStanzas.Read((await AskAsync(Jid.GroupService, "get", new Node("invite", [("code", code)]), token)).RequireChild("group"));

    public async Task<GroupJoinResult> JoinAsync(string code, CancellationToken token)
    {
        var answer = await AskAsync(Jid.GroupService, "set", new Node("invite", [("code", code)]), token);
        return answer.Child("membership_approval_request") is { } pending
            ? new(pending.GetJid("jid"), IsPending: true)
            : new(answer.Child("group")?.GetJid("jid"), IsPending: false);
    }

    public async Task<IReadOnlyList<GroupJoinRequest>> JoinRequestsAsync(Jid group, CancellationToken token)
    {
        var answer = await AskAsync(group, "get", new Node("membership_approval_requests"), token);
        var requests = answer.RequireChild("membership_approval_requests").ChildrenOf("membership_approval_request");
        return [.. requests.Select(request => new GroupJoinRequest(request.RequireJid("jid"), request.GetTime("request_time")))];
    }

    public async Task<IReadOnlyList<GroupMemberResult>> AnswerJoinRequestsAsync(Jid group, bool approve, IEnumerable<Jid> users, CancellationToken token)
    {
        var verdict = approve ? "approve" : "reject";
        var action = new Node("membership_requests_action", new Node(verdict, GroupStanzas.Participants(users)));
        return Results((await AskAsync(group, "set", action, token)).RequireChild("membership_requests_action").RequireChild(verdict));
    }

    /// <summary>A number of seconds in a setting.</summary>
    public static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static GroupMemberResult[] Results(Node answer) =>
        [.. answer.ChildrenOf("participant").Select(member => new GroupMemberResult(member.RequireJid("jid"), (int)Math.Clamp(member.GetNumber("error") ?? 0, 0, 999)))];

    private async Task<Node> AskAsync(Jid to, string type, Node what, CancellationToken token) =>
        await (await online(token)).RequestAsync("w:g2", type, what, token, to);
}
