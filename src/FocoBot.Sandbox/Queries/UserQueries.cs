using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Queries;

/// <summary>What a client asks about people: devices, hidden identities, who is on WhatsApp; and about its own account.</summary>
internal sealed class UserQueries(SandboxNetwork network)
{
    public Node Synchronise(Device device, Node query)
    {
        var usync = query.RequireChild("usync");
        var wanted = usync.RequireChild("query").Children.Select(protocol => protocol.Tag).ToHashSet();
        var users = usync.RequireChild("list").ChildrenOf("user").Select(user => User(user, wanted)).ToArray();
        return Stanzas.Result(query, new Node("usync",
            [("sid", usync["sid"]), ("mode", usync["mode"]), ("context", usync["context"]), ("index", "0"), ("last", "true")],
            [new Node("result", wanted.Select(protocol => new Node(protocol)).ToArray()), new Node("list", users)]));
    }

    public Node? RemoveCompanion(Device device, Node query)
    {
        // The answer goes before the end of the stream.
        device.Connection?.Send(Stanzas.Result(query));
        network.Relay.Remove(device);
        return null;
    }

    private Node User(Node user, HashSet<string> wanted)
    {
        var number = user.Child("contact")?.Content.Text.TrimStart('+').Split('@')[0];
        var asked = user.GetJid("jid");
        var account = asked is { } jid ? network.Accounts.Find(jid) : number is null ? null : network.Accounts.FindDialled(number);
        var named = asked?.WithoutDevice() ?? account?.Pn ?? new Jid(number ?? "0", JidServer.User);
        if (account is null) return new Node("user", [("jid", named)], wanted.Contains("contact") ? new Node("contact", [("type", "out")]) : null);
        var answers = new List<Node>();
        // Who is asked for by the hidden identity has none behind it.
        foreach (var protocol in wanted.Where(protocol => protocol != "lid" || named.Server != JidServer.Lid))
        {
            answers.Add(protocol switch
            {
                "devices" => Devices(account),
                "lid" => new Node("lid", [("val", account.Lid)]),
                "contact" => new Node("contact", [("type", "in")], user.Child("contact")?.Content ?? default),
                "status" => new Node("status", account.Shows("status") ? System.Text.Encoding.UTF8.GetBytes(account.About) : null),
                "picture" when account.Picture is { } picture && account.Shows("profile") => new Node("picture", [("id", picture)]),
                "business" when account.IsBusiness => new Node("business", new Node("verified_name", [("v", "2"), ("verified_level", "unknown")])),
                _ => new Node(protocol),
            });
        }

        return new Node("user", [("jid", named), ("pn_jid", number is null ? null : account.Pn)], answers.ToArray());
    }

    private Node Devices(Account account) => new("devices",
    [
        new("device-list", account.Devices.Values.Select(device => new Node("device", [("id", device.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("key-index", Relay.KeyIndex(device))])).ToArray()),
        new("key-index-list", [("ts", network.Now)], network.PhoneOf(account).SignedKeyIndexes()),
    ]);
}
