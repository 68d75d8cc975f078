using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Messages;
using Google.Protobuf;
using Distribution = FocoBot.WhatsApp.Proto.SenderKeyDistributionMessage;

namespace FocoBot.Sandbox.Phones;

// Groups: made, and written to with a sender key that each device gets once.
public sealed partial class VirtualPhone
{
    // Who has our sender key of a group; anew once somebody has left.
    private readonly Dictionary<Jid, HashSet<Device>> _haveOurKey = [];

    /// <summary>Makes a group.</summary>
    /// <param name="subject">What it is called.</param>
    /// <param name="members">Who else is in it.</param>
    /// <returns>The group's address.</returns>
    public Jid CreateGroup(string subject, params Jid[] members)
    {
        lock (_network.Gate)
        {
            var before = _network.Groups.Of(_account).ToHashSet();
            Ask(Jid.GroupService, new Node("create", [("subject", subject), ("key", NewMessageId())], members.Select(member => new Node("participant", [("jid", member)])).ToArray()));
            return _network.Groups.Of(_account).First(group => !before.Contains(group)).Jid;
        }
    }

    /// <summary>Adds to a group, or removes, promotes or demotes.</summary>
    /// <param name="group">The group.</param>
    /// <param name="change">add, remove, promote or demote.</param>
    /// <param name="members">Whom.</param>
    public void ChangeGroup(Jid group, string change, params Jid[] members)
    {
        lock (_network.Gate) Ask(group, new Node(change, members.Select(member => new Node("participant", [("jid", member)])).ToArray()));
    }

    private async Task<string> SendToGroupAsync(Jid to, Message message, SendOptions options)
    {
        List<Device> devices;
        TimeSpan? timer;
        lock (_network.Gate)
        {
            if (_network.Groups.Find(to) is not { } group || !group.Members.ContainsKey(_account)) throw new SandboxException("NOT_FOUND", "This phone is in no such group.");
            devices = [.. group.Members.Keys.SelectMany(member => member.Devices.Values).Where(device => device != _device)];
            timer = group.Expiration > 0 ? TimeSpan.FromSeconds(group.Expiration) : null;
        }

        var known = _haveOurKey.TryGetValue(to, out var have) ? have : _haveOurKey[to] = [];
        var left = known.Except(devices).Any();
        if (left) known.Clear();
        var name = to.ToString();
        var distribution = await _keys.Sessions.DistributeAsync(name, AddressOf(_device), renew: left, _end.Token).ConfigureAwait(false);
        var key = new Message { SenderKeyDistributionMessage = KeyOf(name, distribution) };
        var targets = new List<Node>();
        foreach (var device in devices.Where(known.Add))
            targets.Add(new Node("to", [("jid", device.Lid)], await EncryptAsync(device, key).ConfigureAwait(false)));

        var id = NewMessageId();
        message = await Contents.PrepareAsync(_memory, to, message, options, timer, Self, _end.Token).ConfigureAwait(false);
        var padded = Padding.Pad(message.ToByteArray(), _keys.RandomBytes(1)[0]);
        var enc = new Node("enc", [("v", "2"), ("type", "skmsg")], await _keys.Sessions.EncryptForGroupAsync(name, AddressOf(_device), padded, _end.Token).ConfigureAwait(false));
        await RememberAsync(id, to, message).ConfigureAwait(false);
        var kind = MessageClass.Of(message);
        Post(new Node("message", [("id", id), ("to", to), ("type", kind.Type), ("edit", kind.Edit), ("addressing_mode", "lid")],
            [.. targets.Count > 0 ? [new Node("participants", targets.ToArray())] : Array.Empty<Node>(), enc, .. ReportOn(id, to, message)]));
        return id;
    }

    private static Distribution KeyOf(string group, byte[] distribution) => new() { GroupId = group, AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(distribution) };

    private void Ask(Jid to, Node what) => _network.Ask(_device, new Node("iq", [("to", to), ("type", "set"), ("xmlns", "w:g2"), ("id", _network.NewId())], what));
}
