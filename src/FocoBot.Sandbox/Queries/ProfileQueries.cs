using System.Globalization;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Queries;

/// <summary>Pictures, about texts, privacy and blocked people. Who is concerned hears of each change.</summary>
internal sealed class ProfileQueries(SandboxNetwork network)
{
    public static Node Blocklist(Device device, Node query) => Stanzas.Result(query, List(device.Account));

    public Node Block(Device device, Node query)
    {
        var item = query.RequireChild("item");
        if (network.Accounts.Find(item.RequireJid("jid")) is not { } other || other == device.Account) return Stanzas.Error(query, 400, "bad-request");
        var isBlocked = item["action"] == "block";
        if (isBlocked ? device.Account.Blocked.Add(other) : device.Account.Blocked.Remove(other))
            TellOwn(device, new Node("blocklist", [("action", "modify"), ("dhash", "sandbox")], new Node("item", [("jid", other.Lid), ("action", isBlocked ? "block" : "unblock")])));
        return Stanzas.Result(query, List(device.Account));
    }

    public Node Privacy(Device device, Node query)
    {
        if (query["type"] == "set")
        {
            foreach (var category in query.RequireChild("privacy").ChildrenOf("category"))
                device.Account.Privacy[category.Require("name")] = category.Require("value");
            TellOwn(device, Settings(device.Account));
        }

        return Stanzas.Result(query, Settings(device.Account));
    }

    public Node About(Device device, Node query)
    {
        device.Account.About = query.RequireChild("status").Content.Text;
        TellOwn(device, new Node("status"));
        TellKnown(device.Account, "status", new Node("set", System.Text.Encoding.UTF8.GetBytes(device.Account.About)));
        return Stanzas.Result(query);
    }

    public Node Picture(Device device, Node query)
    {
        if (query["type"] == "get")
        {
            if (network.Accounts.Find(query.GetJid("target") ?? device.Pn) is not { Picture: { } id } of) return Stanzas.Error(query, 404, "item-not-found");
            if (of != device.Account && !(of.Shows("profile") && TokenQueries.IsWelcome(device.Account, of, query.RequireChild("picture")))) return Stanzas.Error(query, 401, "not-authorized");
            return Stanzas.Result(query, new Node("picture", [("id", id), ("type", query.RequireChild("picture")["type"]), ("url", $"https://pps.whatsapp.net/{of.Lid.User}/{id}"), ("direct_path", $"/{of.Lid.User}/{id}")]));
        }

        if (query.GetJid("target") is { Server: JidServer.Group }) return Stanzas.Error(query, 403, "forbidden");
        device.Account.Picture = (long.Parse(device.Account.Picture ?? "1000", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        TellPicture(device, new Node("set", [("jid", device.Account.Lid), ("id", device.Account.Picture), ("author", device.Account.Lid)]));
        return Stanzas.Result(query, new Node("picture", [("id", device.Account.Picture)]));
    }

    public Node RemovePicture(Device device, Node query)
    {
        device.Account.Picture = null;
        TellPicture(device, new Node("delete", [("jid", device.Account.Lid), ("author", device.Account.Lid)]));
        return Stanzas.Result(query);
    }

    private static Node List(Account account) =>
        new("list", [("dhash", "sandbox")], account.Blocked.Select(blocked => new Node("item", [("jid", blocked.Lid), ("pn_jid", blocked.Pn)])).ToArray());

    private static Node Settings(Account account) =>
        new("privacy", account.Privacy.Select(setting => new Node("category", [("name", setting.Key), ("value", setting.Value)])).ToArray());

    private void TellPicture(Device device, Node change)
    {
        TellOwn(device, new Node("picture", [("id", device.Account.Picture)]));
        TellKnown(device.Account, "picture", change);
    }

    // The other devices of the account.
    private void TellOwn(Device by, Node change)
    {
        foreach (var device in by.Account.Devices.Values.Where(device => device != by))
            network.Relay.Deliver(device, new Node("notification", [("from", by.Account.Pn), ("id", network.NewId()), ("type", "account_sync"), ("t", network.Now)], change));
    }

    private void TellKnown(Account account, string type, Node change)
    {
        foreach (var device in account.Known.Where(known => !account.Blocked.Contains(known)).SelectMany(known => known.Devices.Values))
            network.Relay.Deliver(device, new Node("notification", [("from", account.Lid), ("id", network.NewId()), ("type", type), ("t", network.Now)], change));
    }
}
