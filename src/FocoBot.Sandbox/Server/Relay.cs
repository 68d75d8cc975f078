using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Server;

/// <summary>
/// Carries stanzas between devices. What is for a device waits in its queue until the device acknowledges it; what it missed
/// comes at its next login, marked as such.
/// </summary>
internal sealed class Relay(SandboxNetwork network)
{
    /// <summary>Lets a device in. One that is connected already is replaced.</summary>
    public void LogIn(ClientConnection client, Device device)
    {
        if (device.Connection is { } older)
        {
            older.Send(Stanzas.StreamError(409, new Node("conflict", [("type", "replaced")])));
            older.Close();
        }

        device.Connection = client;
        device.IsCaughtUp = false;
        client.Session = new DeviceSession(device);
        client.Send(new Node("success", [("t", network.Now), ("props", "27"), ("abprops", "8"), ("lid", device.Lid), ("display_name", device.Account.PushName), ("location", "sandbox")]));
    }

    /// <summary>The device is ready for its backlog: it has said that it is active.</summary>
    public void CatchUp(Device device)
    {
        if (device.Connection is not { } client || device.IsCaughtUp) return;
        device.IsCaughtUp = true;
        foreach (var waiting in device.Queue)
            client.Send(Offline(waiting.Stanza));
        client.Send(new Node("ib", [("from", Jid.Service)], new Node("offline", [("count", device.Queue.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))])));
        network.PhoneOf(device.Account).CompanionOnline(device);
    }

    public void LogOut(Device device)
    {
        device.Connection = null;
        device.IsCaughtUp = false;
        device.IsAvailable = false;
    }

    /// <summary>Takes a stanza that is no query from a device.</summary>
    public void Take(Device from, Node stanza)
    {
        switch (stanza.Tag)
        {
            case "message": TakeMessage(from, stanza); break;
            case "receipt": TakeReceipt(from, stanza); break;
            case "ack": Acknowledged(from, stanza["class"] ?? "", stanza["id"] ?? ""); break;
            case "presence": TakePresence(from, stanza); break;
            case "chatstate": TakeChatState(from, stanza); break;
        }
    }

    /// <summary>Queues a stanza for a device and sends it if the device is there.</summary>
    public void Deliver(Device to, Node stanza)
    {
        if (to.Id > 0) to.Queue.AddLast(new Waiting(stanza.Tag, stanza["id"] ?? "", stanza));
        if (to.Receive is { } phone) phone(stanza);
        else if (to is { Connection: { } client, IsCaughtUp: true }) client.Send(stanza);
    }

    /// <summary>Tells an account's companions, and whoever has talked to it, that its devices have changed.</summary>
    public void AnnounceDevices(Account account)
    {
        foreach (var companion in account.Devices.Values.Where(device => device.Id > 0))
            Deliver(companion, new Node("notification", [("from", account.Pn), ("id", network.NewId()), ("type", "account_sync"), ("t", network.Now)],
                new Node("devices", account.Devices.Values.Select(device => new Node("device", [("jid", device.Pn), ("key-index", KeyIndex(device))])).ToArray())));
    }

    /// <summary>Removes a companion: it is told, if it is there, and its credentials are dead.</summary>
    public void Remove(Device device)
    {
        device.Account.Devices.Remove(device.Id);
        if (device.Connection is { } client)
        {
            client.Send(Stanzas.StreamError(401, new Node("conflict", [("type", "device_removed")])));
            client.Close();
        }

        AnnounceDevices(device.Account);
    }

    internal static string? KeyIndex(Device device) => device.Id == 0 ? null : device.KeyIndex.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void TakeMessage(Device from, Node message)
    {
        var to = message.RequireJid("to");
        var id = message.Require("id");
        Answer(from, new Node("ack", [("class", "message"), ("id", id), ("from", to), ("t", network.Now)]));
        foreach (var (device, enc) in Recipients(message, to))
        {
            if (device == from) continue;
            Deliver(device, Forwarded(from, device, message, to, enc));
        }
    }

    // Each <to> names its device; an <enc> directly below is for the device that the stanza goes to.
    private IEnumerable<(Device Device, Node[] Enc)> Recipients(Node message, Jid to)
    {
        if (message.Child("participants") is { } participants)
        {
            foreach (var target in participants.ChildrenOf("to"))
            {
                if (target.GetJid("jid") is { } jid && network.Accounts.FindDevice(jid) is { } device)
                    yield return (device, [.. target.ChildrenOf("enc")]);
            }
        }
        else if (network.Accounts.FindDevice(to) is { } device)
        {
            yield return (device, [.. message.ChildrenOf("enc")]);
        }
    }

    private Node Forwarded(Device from, Device to, Node message, Jid chat, Node[] enc)
    {
        var own = from.Account == to.Account;
        var peer = message["category"] == "peer";
        var content = enc.AsEnumerable();
        if (message.Child("device-identity") is { } identity && enc.Any(part => part["type"] == "pkmsg")) content = content.Append(identity);
        var address = peer ? from.Pn : from.Lid;
        return new Node("message",
        [
            ("from", address), ("sender_pn", peer || own ? null : from.Account.Pn), ("id", message["id"]), ("type", message["type"]), ("t", network.Now),
            ("notify", from.Account.PushName), ("category", message["category"]), ("edit", message["edit"]),
            ("recipient", own && !peer ? network.Accounts.Find(chat)?.Lid : null), ("peer_recipient_pn", own && !peer ? network.Accounts.Find(chat)?.Pn : null),
            ("addressing_mode", peer ? null : "lid"),
        ], content.ToArray());
    }

    private void TakeReceipt(Device from, Node receipt)
    {
        var to = receipt.RequireJid("to");
        var id = receipt.Require("id");
        Acknowledged(from, "message", id);
        Answer(from, new Node("ack", [("class", "receipt"), ("id", id), ("from", to), ("type", receipt["type"])]));
        if (receipt["type"] is "peer_msg" or "hist_sync" or "sender" || network.Accounts.Find(to) is not { } account || account == from.Account) return;
        foreach (var device in account.Devices.Values.Where(device => to.Device == 0 || device.Id == to.Device || receipt["type"] is null or "inactive" or "read"))
            Deliver(device, new Node("receipt", [("from", receipt["type"] == "retry" ? from.Account.In(to.Server).WithDevice(from.Id) : from.Account.In(to.Server).WithDevice(from.Id)),
                ("id", id), ("type", receipt["type"] is "inactive" ? null : receipt["type"]), ("t", network.Now), ("recipient", receipt.GetJid("recipient"))], receipt.Children.ToArray()));
    }

    private void TakePresence(Device from, Node presence)
    {
        if (presence["type"] is "available" or "unavailable") from.IsAvailable = presence["type"] == "available";
        if (presence["name"] is { Length: > 0 } name) from.Account.PushName = name;
    }

    private void TakeChatState(Device from, Node state)
    {
        if (state.GetJid("to") is not { } to || network.Accounts.Find(to) is not { } account) return;
        foreach (var device in account.Devices.Values)
        {
            var forwarded = new Node("chatstate", [("from", from.Account.In(to.Server))], state.Children.ToArray());
            if (device.Receive is { } phone) phone(forwarded);
            else if (device is { Connection: { } client, IsCaughtUp: true, IsAvailable: true }) client.Send(forwarded);
        }
    }

    private static void Acknowledged(Device device, string kind, string id)
    {
        for (var waiting = device.Queue.First; waiting is not null; waiting = waiting.Next)
        {
            if (waiting.Value.Id != id || waiting.Value.Class != kind) continue;
            device.Queue.Remove(waiting);
            return;
        }
    }

    private static void Answer(Device to, Node stanza)
    {
        if (to.Receive is { } phone) phone(stanza);
        else to.Connection?.Send(stanza);
    }

    private static Node Offline(Node stanza) => new(stanza.Tag, [.. stanza.Attributes, new("offline", "0")], stanza.Content);
}
