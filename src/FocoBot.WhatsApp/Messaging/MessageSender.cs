using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages to one person: encrypted for each device of both sides, with the sessions stored before anything leaves.
/// <code>
/// &lt;message id to type edit? peer_recipient_pn?&gt;
///   &lt;participants&gt;&lt;to jid&gt;&lt;enc v="2" type="pkmsg|msg" mediatype? decrypt-fail?&gt;…&lt;/enc&gt;&lt;/to&gt;…&lt;/participants&gt;
///   &lt;device-identity/&gt;?  with any pkmsg     &lt;meta/&gt;?
/// &lt;/message&gt;
/// &lt;ack class="message" id from t error?/&gt;
/// </code>
/// </summary>
internal sealed class MessageSender(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, DeviceDirectory directory, MessageCipher cipher)
{
    private readonly PendingAcks acks = new();

    /// <summary>Sends a message and waits until the server has it.</summary>
    public async Task<SentMessage> SendAsync(string id, Jid to, Message content, TimeProvider clock, CancellationToken token)
    {
        var self = state.Credentials;
        var own = self.PhoneJid!.Value;
        var users = await directory.OfAsync([to, own.WithoutDevice()], token);
        var recipient = users[0];
        if (recipient.Devices.Length == 0)
            throw new RequestRefusedException(404, "item-not-found");

        var sent = new SentContent(recipient.Address, content);
        var kind = MessageClass.Of(content);
        var devices = users.SelectMany(user => user.Devices).Select(device => memory.Addresses.Resolve(device, self)).Distinct();
        var others = devices.Where(device => device != own && device != self.Lid).ToArray();
        var parts = await cipher.EncryptAsync(sent, kind, others, token);
        if (!self.Owns(recipient.Address) && !parts.Keys.Any(device => !self.Owns(device)))
            throw new RequestRefusedException(404, "item-not-found");

        memory.Sent.Add(id, sent);
        var stanza = Stanza(id, recipient, kind, parts, self);
        var ack = await acks.SendAsync(connection, id, stanza, clock, token);
        if (ack.GetNumber("error") is { } error and not 0)
            throw new RequestRefusedException((int)Math.Clamp(error, 0, 999), reason: null);
        return new(id, recipient.Address, ack.GetTime("t") ?? clock.GetUtcNow());
    }

    public void Acknowledged(Node ack) => acks.Complete(ack);

    public void End(ConnectionEnd end) => acks.Fail(end);

    private static Node Stanza(string id, UserDevices to, MessageClass kind, Dictionary<Jid, Node> parts, DeviceCredentials self)
    {
        var participants = parts.Select(part => new Node("to", [("jid", part.Key)], part.Value)).ToArray();
        var content = new List<Node> { new("participants", participants) };
        if (parts.Values.Any(MessageCipher.IsFirst))
            content.Add(new("device-identity", self.Account));
        if (kind.Meta is var (name, value))
            content.Add(new("meta", [(name, value)]));
        return new(
            "message",
            [("id", id), ("to", to.Address), ("type", kind.Type), ("edit", kind.Edit), ("peer_recipient_pn", to.User.Server == JidServer.User && to.Lid is not null ? to.User : null)],
            content.ToArray());
    }
}
