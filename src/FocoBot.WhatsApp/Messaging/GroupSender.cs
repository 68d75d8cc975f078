using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages to groups: encrypted once, with a sender key that each device of each member is given once, in a message of its own. When somebody
/// who has the key is no longer there, a new one is made.
/// <code>
/// &lt;message id to="the group" type edit? phash addressing_mode&gt;
///   &lt;participants&gt;&lt;to jid&gt;&lt;enc v="2" type="pkmsg|msg"&gt;sender key&lt;/enc&gt;&lt;/to&gt;…&lt;/participants&gt;?  &lt;device-identity/&gt;?  with any pkmsg
///   &lt;enc v="2" type="skmsg" mediatype? decrypt-fail?&gt;…&lt;/enc&gt;  &lt;meta/&gt;?  &lt;reporting/&gt;?
/// &lt;/message&gt;
/// </code>
/// </summary>
internal sealed class GroupSender(
    DeviceState state, DeviceDirectory directory, GroupDirectory groups, MessageCipher cipher, Outgoing outgoing, RandomNumberGenerator random)
{
    public async Task SendAsync(string id, Jid to, Message message, CancellationToken token)
    {
        var group = await groups.GetAsync(to, token);
        var users = await directory.OfAsync([.. group.Members.Select(member => member.User)], token);
        var content = new SentContent(to, message);
        var name = to.ToString();
        // Everybody's devices, by the address under which their sessions are kept and the one that goes into the stanza.
        Dictionary<Jid, Jid> devices = [];
        HashSet<Jid> holders = [];
        var isKeySpent = false;
        await outgoing.SendAsync(id, content, PlanAsync, EncryptAsync, token);

        async Task<IReadOnlyCollection<Jid>> PlanAsync(DeviceUnit unit)
        {
            foreach (var member in group.Members)
                await unit.LearnAsync(member.User, member.Alternate, token);
            devices = await OthersAsync(unit, users, token);
            holders = Split(await unit.LoadAsync(RecordKind.SenderKeyHolders, name, token));
            isKeySpent = holders.Any(holder => !devices.ContainsKey(holder));
            if (isKeySpent)
                holders = [];
            return [.. devices.Keys.Where(device => !holders.Contains(device))];
        }

        async Task<Node> EncryptAsync(DeviceUnit unit)
        {
            var kind = MessageClass.Of(message);
            var sessions = unit.Sessions(state.Credentials, random);
            var self = (state.Credentials.Lid ?? state.Credentials.PhoneJid!.Value).ToAddress();
            var distribution = await sessions.DistributeAsync(name, self, isKeySpent, token);
            var key = new Message { SenderKeyDistributionMessage = new() { GroupId = name, AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(distribution) } };
            var given = await cipher.EncryptAsync(unit, key, devices.Keys.Where(device => !holders.Contains(device)), token);
            if (given.Count > 0 || isKeySpent)
                unit.Store(RecordKind.SenderKeyHolders, name, Join(holders.Concat(given.Keys)));

            var padded = Padding.Pad(message.ToByteArray(), random.Take(1)[0]);
            var body = new Node(
                "enc",
                [("v", "2"), ("type", "skmsg"), ("mediatype", kind.MediaType), ("decrypt-fail", kind.HideDecryptFailure ? "hide" : null)],
                await sessions.EncryptForGroupAsync(name, self, padded, token));
            return ToStanza(id, group, kind, given.ToDictionary(part => devices[part.Key], part => part.Value), body);
        }

        Node ToStanza(string id, Group group, MessageClass kind, Dictionary<Jid, Node> given, Node body)
        {
            var self = state.Credentials;
            var content = new List<Node>();
            if (given.Count > 0)
                content.Add(MessageCipher.Participants(given));
            if (given.Values.Any(MessageCipher.IsFirst))
                content.Add(new("device-identity", self.Account));
            content.Add(body);
            if (kind.Meta is var (metaName, value))
                content.Add(new("meta", [(metaName, value)]));
            var us = group.UsesHiddenIdentities ? self.Lid ?? self.PhoneJid!.Value : self.PhoneJid!.Value;
            if (ReportingToken.For(id, us, to, message) is { } report)
                content.Add(report);
            var hash = ParticipantHash.Compute(devices.Values.Append(us).Select(device => (device.User, device.Device, device.Server)));
            return new(
                "message",
                [("id", id), ("to", to), ("type", kind.Type), ("edit", kind.Edit), ("phash", hash), ("addressing_mode", group.UsesHiddenIdentities ? "lid" : "pn")],
                content.ToArray());
        }
    }

    /// <summary>Gives a device our sender key of a group anew, together with a message that it could not read.</summary>
    public async Task<Message> WithKeyAsync(DeviceUnit unit, Jid group, Message message, CancellationToken token)
    {
        var self = (state.Credentials.Lid ?? state.Credentials.PhoneJid!.Value).ToAddress();
        var distribution = await unit.Sessions(state.Credentials, random).DistributeAsync(group.ToString(), self, renew: false, token);
        var whole = message.Clone();
        whole.SenderKeyDistributionMessage = new() { GroupId = group.ToString(), AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(distribution) };
        return whole;
    }

    // All devices but this one. Those that Meta hosts get no group messages.
    private async Task<Dictionary<Jid, Jid>> OthersAsync(DeviceUnit unit, UserDevices[] users, CancellationToken token)
    {
        var self = state.Credentials;
        var devices = new Dictionary<Jid, Jid>();
        foreach (var user in users)
        {
            foreach (var device in user.Devices.Where(device => device.Server is JidServer.User or JidServer.Lid))
            {
                var owner = await unit.ResolveAsync(device, self, token);
                if (owner != self.PhoneJid && owner != self.Lid)
                    devices[owner] = new Jid(user.User.User, user.User.Server).WithDevice(device.Device);
            }
        }

        return devices;
    }

    private static HashSet<Jid> Split(byte[]? holders) =>
        holders is null or [] ? [] : [.. Encoding.UTF8.GetString(holders).Split(' ').Select(device => Jid.Parse(device))];

    private static byte[] Join(IEnumerable<Jid> holders) => Encoding.UTF8.GetBytes(string.Join(' ', holders));
}
