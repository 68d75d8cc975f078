using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Queries;

/// <summary>Groups: made, changed, joined and left; all members hear of each change.</summary>
internal sealed class GroupQueries(SandboxNetwork network)
{
    private const int InviteBytes = 12;

    public Node Answer(Device device, Node query, Node? what) => (query.RequireJid("to").User.Length == 0, what?.Tag) switch
    {
        (true, "participating") => Stanzas.Result(query, new Node("groups", network.Groups.Of(device.Account).Select(group => group.ToNode()).ToArray())),
        (true, "create") => Create(device.Account, query, what!),
        (true, "leave") => Leave(device.Account, query, what!),
        (true, "invite") => query["type"] == "set" ? Join(device.Account, query, what!) : ByInvite(query, what!),
        (false, not null) => OfGroup(device.Account, query, what),
        _ => Stanzas.Result(query),
    };

    private Node OfGroup(Account account, Node query, Node what)
    {
        if (network.Groups.Find(query.RequireJid("to")) is not { } group) return Stanzas.Error(query, 404, "item-not-found");
        if (!group.Members.TryGetValue(account, out var role)) return Stanzas.Error(query, 403, "forbidden");
        if (what.Tag == "query") return Stanzas.Result(query, group.ToNode());
        var admin = role != GroupRole.Member;
        if (!admin && (group.Locked || what.Tag is not ("subject" or "description" or "ephemeral" or "not_ephemeral" or "add"))) return Stanzas.Error(query, 403, "forbidden");
        return Change(account, group, query, what);
    }

    private Node Change(Account account, Group group, Node query, Node what)
    {
        switch (what.Tag)
        {
            case "add" or "remove" or "promote" or "demote":
                return ChangeMembers(account, group, query, what);
            case "invite":
                if (query["type"] == "set" || group.InviteCode.Length == 0) group.InviteCode = NewInvite();
                return Stanzas.Result(query, new Node("invite", [("code", group.InviteCode)]));
            case "subject":
                group.Subject = what.Content.Text;
                Tell(group, account, new Node("subject", [("subject", group.Subject), ("s_t", network.Now), ("s_o", account.Lid)]));
                break;
            case "description":
                group.Description = what.Child("body")?.Content.Text;
                group.DescriptionId = what["id"];
                Tell(group, account, new Node("description", [("id", group.DescriptionId)], group.Description is { } text ? new Node("body", System.Text.Encoding.UTF8.GetBytes(text)) : null));
                break;
            case "announcement" or "not_announcement":
                group.Announcement = what.Tag == "announcement";
                Tell(group, account, new Node(what.Tag));
                break;
            case "locked" or "unlocked":
                group.Locked = what.Tag == "locked";
                Tell(group, account, new Node(what.Tag));
                break;
            case "ephemeral" or "not_ephemeral":
                group.Expiration = (int)(what.GetNumber("expiration") ?? 0);
                Tell(group, account, new Node(what.Tag, [("expiration", what["expiration"])]));
                break;
            default:
                return Stanzas.Error(query, 400, "bad-request");
        }

        return Stanzas.Result(query);
    }

    private Node ChangeMembers(Account by, Group group, Node query, Node what)
    {
        var answers = new List<Node>();
        var changed = new List<Account>();
        var before = group.Members.Keys.ToList();
        foreach (var participant in what.ChildrenOf("participant"))
        {
            var account = network.Accounts.Find(participant.RequireJid("jid"));
            if (account is not null && what.Tag == "add" && !TokenQueries.IsWelcome(by, account, participant, "privacy"))
            {
                answers.Add(new Node("participant", [("jid", participant.GetJid("jid")), ("error", "403")]));
                continue;
            }

            var fits = account is not null && (what.Tag == "add" ? group.Members.TryAdd(account, GroupRole.Member) : group.Members.ContainsKey(account));
            answers.Add(new Node("participant", [("jid", participant.GetJid("jid")), ("error", fits ? null : account is null ? "404" : "409")]));
            if (!fits) continue;
            changed.Add(account!);
            if (what.Tag == "remove") group.Members.Remove(account!);
            else if (what.Tag != "add") group.Members[account!] = what.Tag == "promote" ? GroupRole.Admin : GroupRole.Member;
        }

        if (changed.Count > 0) Tell(before.Union(group.Members.Keys), group, by, new Node(what.Tag, Participants(changed)));
        return Stanzas.Result(query, new Node(what.Tag, answers.ToArray()));
    }

    private Node Create(Account creator, Node query, Node what)
    {
        var group = network.Groups.Add(what["subject"] ?? "", creator, network.Clock.GetUtcNow());
        foreach (var participant in what.ChildrenOf("participant"))
            if (network.Accounts.Find(participant.RequireJid("jid")) is { } member) group.Members.TryAdd(member, GroupRole.Member);
        Tell(group, creator, new Node("create", [("type", "new"), ("key", what["key"])], group.ToNode()));
        return Stanzas.Result(query, group.ToNode());
    }

    private Node Leave(Account account, Node query, Node what)
    {
        var left = new List<Node>();
        foreach (var named in what.ChildrenOf("group"))
        {
            if (network.Groups.Find(named.GetJid("id") ?? new Jid(named.Require("id"), JidServer.Group)) is not { } group || !group.Members.ContainsKey(account)) continue;
            Tell(group.Members.Keys.ToList(), group, account, new Node("remove", Participants([account])));
            group.Members.Remove(account);
            left.Add(new Node("group", [("id", group.Jid)]));
        }

        return Stanzas.Result(query, new Node("leave", left.ToArray()));
    }

    private Node ByInvite(Node query, Node what) =>
        network.Groups.FindInvite(what["code"] ?? "") is { } group ? Stanzas.Result(query, group.ToNode()) : Stanzas.Error(query, 404, "item-not-found");

    private Node Join(Account account, Node query, Node what)
    {
        if (network.Groups.FindInvite(what["code"] ?? "") is not { } group) return Stanzas.Error(query, 404, "item-not-found");
        if (group.Members.TryAdd(account, GroupRole.Member)) Tell(group, account, new Node("add", [("reason", "invite")], Participants([account])));
        return Stanzas.Result(query, new Node("group", [("jid", group.Jid)]));
    }

    private void Tell(Group group, Account by, Node change) => Tell(group.Members.Keys, group, by, change);

    private void Tell(IEnumerable<Account> who, Group group, Account by, Node change)
    {
        foreach (var device in who.SelectMany(account => account.Devices.Values).ToList())
            network.Relay.Deliver(device, new Node("notification",
                [("from", group.Jid), ("participant", by.Lid), ("participant_pn", by.Pn), ("type", "w:gp2"), ("id", network.NewId()), ("t", network.Now), ("notify", by.PushName), ("addressing_mode", "lid")], change));
    }

    private static Node[] Participants(IEnumerable<Account> accounts) => [.. accounts.Select(account => new Node("participant", [("jid", account.Lid), ("phone_number", account.Pn)]))];

    private string NewInvite()
    {
        var bytes = new byte[InviteBytes];
        network.Random.GetBytes(bytes);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }
}
