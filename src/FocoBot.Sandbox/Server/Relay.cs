using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Queries;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;

namespace FocoBot.Sandbox.Server;

/// <summary>
/// Carries stanzas between devices. What is for a device waits in its queue until the device acknowledges it; what it missed
/// comes at its next login, marked as such.
/// </summary>
internal sealed class Relay(SandboxNetwork network)
{
    /// <summary>How many connections were ended by a newer one of the same device.</summary>
    public long Replaced { get; private set; }

    /// <summary>How many messages were asked for again.</summary>
    public long Retries { get; private set; }

    /// <summary>How many messages came a second time, byte for byte.</summary>
    public long Repeated { get; private set; }

    /// <summary>How many group messages came from a device that did not know all devices of the group's members, or others.</summary>
    public long DifferingHashes { get; private set; }

    /// <summary>Lets a device in. One that is connected already is replaced.</summary>
    public void LogIn(ClientConnection client, Device device)
    {
        if (device.Connection is { } older)
        {
            Replaced++;
            older.Send(Stanzas.Replaced());
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
        device.ForgetAskedAgain();
        foreach (var waiting in device.Queue)
            client.Send(Offline(waiting.Stanza));
        client.Send(new Node("ib", [("from", Jid.Service)], new Node("offline", [("count", device.Queue.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))])));
        network.PhoneOf(device.Account).CompanionOnline(device);
    }

    public void LogOut(Device device)
    {
        device.Connection = null;
        device.IsCaughtUp = false;
        device.Account.Watchers.Remove(device);
        if (!device.IsAvailable) return;
        device.IsAvailable = false;
        TellPresence(device.Account, device.Account.Watchers);
    }

    /// <summary>Takes a stanza that is no query from a device.</summary>
    public void Take(Device from, Node stanza)
    {
        switch (stanza.Tag)
        {
            case "message": TakeMessage(from, stanza); break;
            case "receipt": TakeReceipt(from, stanza); break;
            case "ack": from.Acknowledge(stanza["class"] ?? "", stanza["id"] ?? ""); break;
            case "presence": TakePresence(from, stanza); break;
            case "chatstate": TakeChatState(from, stanza); break;
        }
    }

    /// <summary>Queues a stanza for a device and sends it if the device is there.</summary>
    public void Deliver(Device to, Node stanza)
    {
        if (to.Receive is { } phone)
        {
            phone(stanza);
            return;
        }

        to.Queue.AddLast(new Waiting(stanza.Tag, stanza["id"] ?? "", stanza));
        if (to is { Connection: { } client, IsCaughtUp: true }) network.Faults.Send(to, client, stanza);
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
        var group = network.Groups.Find(to);
        var peer = network.Accounts.Find(to);
        var refusal = Refusal(from, message, group, peer);
        var hash = group is null || refusal is not null || message["phash"] is null ? null
            : ParticipantHash.Compute(group.Members.Keys.SelectMany(member => member.Devices.Values).Select(device => (device.Lid.User, device.Id, JidServer.Lid)));
        if (refusal is null && from.RememberSent(message)) Repeated++;
        if (!network.Faults.LosesAck(from))
        {
            Answer(from, new Node("ack",
                [("class", "message"), ("id", id), ("from", to), ("t", network.Now), ("phash", hash), ("error", refusal?.ToString(System.Globalization.CultureInfo.InvariantCulture))]));
        }

        if (refusal is not null) return;
        if (hash is not null && hash != message["phash"]) DifferingHashes++;
        // Who is blocked does not notice.
        var isBlocked = peer?.Blocked.Contains(from.Account) == true;
        if (peer is not null && peer != from.Account && !isBlocked && from.Account.Known.Add(peer)) peer.Known.Add(from.Account);
        foreach (var (device, enc) in Recipients(message, to))
            if (device != from && enc.Count > 0 && !(isBlocked && device.Account == peer)) Deliver(device, Forwarded(from, device, message, to, enc));
    }

    // Phones do nothing that they may not, and what is sent again was let through before.
    private static int? Refusal(Device from, Node message, Group? group, Account? peer)
    {
        if (group is not null && !group.Members.ContainsKey(from.Account)) return 403;
        if (from.Id == 0 || message["category"] == "peer" || from.SentTo(message.Require("id")) is not null) return null;
        if (from.Account.Refusals.TryDequeue(out var wanted)) return wanted;
        return peer is not null && !TokenQueries.IsWelcome(from.Account, peer, message) ? 463 : null;
    }

    // Each <to> names its device; an <enc> directly below is for the one device that the stanza goes to, or for all of a group.
    private Dictionary<Device, List<Node>> Recipients(Node message, Jid to)
    {
        var parts = new Dictionary<Device, List<Node>>();
        foreach (var target in message.Child("participants")?.ChildrenOf("to") ?? [])
            if (target.GetJid("jid") is { } jid && network.Accounts.FindDevice(jid) is { } device) parts[device] = [.. target.ChildrenOf("enc")];
        var direct = message.ChildrenOf("enc").ToList();
        if (message.GetJid("participant") is { } alone)
        {
            // Sent again, for the one device that could not read it.
            if (network.Accounts.FindDevice(alone) is { } again) parts[again] = direct;
        }
        else if (network.Groups.Find(to) is { } group)
        {
            foreach (var device in group.Members.Keys.SelectMany(member => member.Devices.Values))
                parts[device] = [.. parts.GetValueOrDefault(device) ?? [], .. direct];
        }
        else if (direct.Count > 0 && network.Accounts.FindDevice(to) is { } device)
        {
            parts[device] = direct;
        }

        return parts;
    }

    private Node Forwarded(Device from, Device to, Node message, Jid chat, List<Node> enc)
    {
        var content = enc.AsEnumerable();
        if (message.Child("device-identity") is { } identity && enc.Any(part => part["type"] == "pkmsg")) content = content.Append(identity);
        if (message.Child("reporting") is { } report) content = content.Append(report);
        List<NodeAttribute> attributes =
        [
            ("id", message["id"]), ("type", message["type"]), ("t", network.Now), ("notify", from.Account.PushName), ("category", message["category"]), ("edit", message["edit"]),
        ];
        if (chat.Server == JidServer.Group)
            attributes.AddRange([("from", chat), ("participant", from.Lid), ("participant_pn", from.Account.Pn), ("addressing_mode", "lid")]);
        else if (message["category"] == "peer")
            attributes.Add(("from", from.Pn));
        else if (from.Account == to.Account)
            attributes.AddRange([("from", from.Lid), ("recipient", network.Accounts.Find(chat)?.Lid), ("peer_recipient_pn", network.Accounts.Find(chat)?.Pn), ("addressing_mode", "lid")]);
        else
            attributes.AddRange([("from", from.Lid), ("sender_pn", from.Account.Pn), ("addressing_mode", "lid")]);
        return new Node("message", attributes.Where(attribute => attribute.Key is not null).ToArray(), content.ToArray());
    }

    private void TakeReceipt(Device from, Node receipt)
    {
        var to = receipt.RequireJid("to");
        var id = receipt.Require("id");
        var type = receipt["type"];
        foreach (var named in receipt.Child("list")?.ChildrenOf("item").Select(item => item["id"] ?? "").Prepend(id) ?? [id])
        {
            if (type == "retry") from.AskAgain(named);
            else from.Acknowledge("message", named);
        }

        Answer(from, new Node("ack", [("class", "receipt"), ("id", id), ("from", to), ("type", type)]));
        if (type is "peer_msg" or "hist_sync" or "sender") return;
        if (type == "server-error")
        {
            // A file is gone: the own phone may have it yet.
            Deliver(from.Account.Devices[0], new Node("receipt", [("from", from.Pn), ("id", id), ("type", type), ("t", network.Now)], receipt.Children.ToArray()));
            return;
        }

        if (type is "read" or "played" or "read-self" or "played-self") TellOwnDevices(from, receipt, to);
        if (type is "read-self" or "played-self") return;
        if (type == "retry") Retries++;
        var author = receipt.GetJid("participant") ?? to;
        if (network.Accounts.Find(author) is not { } account || account.Blocked.Contains(from.Account)) return;
        var group = to.Server == JidServer.Group;
        // A retry is for the one device that wrote; all others tell the author's devices what became of the message.
        foreach (var device in account.Devices.Values.Where(device => device != from && (type != "retry" || device.Id == author.Device)))
        {
            // As the author has addressed the chat; a retry names the device that has to be written to.
            var address = from.Account.In(device.SentTo(id)?.Server ?? JidServer.Lid).WithDevice(type == "retry" ? from.Id : 0);
            Deliver(device, new Node("receipt",
            [
                ("from", group ? to : address), ("participant", group ? from.Lid : null), ("id", id), ("type", type is "inactive" ? null : type), ("t", network.Now), ("recipient", receipt.GetJid("recipient")),
            ], receipt.Children.ToArray()));
        }
    }

    // What was read on one device need not be shown as new on the others.
    private void TellOwnDevices(Device from, Node receipt, Jid chat)
    {
        var type = receipt["type"]!.EndsWith("-self", StringComparison.Ordinal) ? receipt["type"] : receipt["type"] + "-self";
        foreach (var device in from.Account.Devices.Values.Where(device => device != from))
            Deliver(device, new Node("receipt",
            [
                ("from", from.Lid), ("recipient", chat), ("id", receipt["id"]), ("type", type), ("t", network.Now), ("participant", chat.Server == JidServer.Group ? receipt.GetJid("participant") : null),
            ], receipt.Children.ToArray()));
    }

    private void TakePresence(Device from, Node presence)
    {
        if (presence["name"] is { Length: > 0 } name) from.Account.PushName = name;
        switch (presence["type"])
        {
            case "subscribe" when presence.GetJid("to") is { } to && network.Accounts.Find(to) is { } watched && !watched.Blocked.Contains(from.Account) && TokenQueries.IsWelcome(from.Account, watched, presence):
                watched.Watchers.Add(from);
                TellPresence(watched, [from]);
                break;
            case "available" or "unavailable":
                from.IsAvailable = presence["type"] == "available";
                TellPresence(from.Account, from.Account.Watchers);
                break;
        }
    }

    private static void TellPresence(Account account, IEnumerable<Device> watchers)
    {
        var away = account.Devices.Values.Any(device => device.IsAvailable) ? null : "unavailable";
        foreach (var watcher in watchers.Where(device => device.Connection is not null))
            watcher.Connection!.Send(new Node("presence", [("from", account.Lid), ("type", away), ("last", away is null ? null : "deny")]));
    }

    private void TakeChatState(Device from, Node state)
    {
        if (state.GetJid("to") is not { } to) return;
        var group = network.Groups.Find(to);
        if (group?.Members.ContainsKey(from.Account) == false) return;
        var accounts = group?.Members.Keys.Where(member => member != from.Account) ?? [network.Accounts.Find(to)];
        foreach (var device in accounts.OfType<Account>().Where(account => !account.Blocked.Contains(from.Account)).SelectMany(account => account.Devices.Values))
        {
            var forwarded = new Node("chatstate", [("from", group?.Jid ?? from.Account.In(to.Server)), ("participant", group is null ? null : from.Account.Lid)], state.Children.ToArray());
            if (device.Receive is { } phone) phone(forwarded);
            else if (device is { Connection: { } client, IsCaughtUp: true, IsAvailable: true }) client.Send(forwarded);
        }
    }

    private static void Answer(Device to, Node stanza)
    {
        if (to.Receive is { } phone) phone(stanza);
        else to.Connection?.Send(stanza);
    }

    private static Node Offline(Node stanza) => new(stanza.Tag, [.. stanza.Attributes, new("offline", "0")], stanza.Content);
}
