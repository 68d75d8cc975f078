using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages to one person: encrypted for each device of both sides.
/// <code>
/// &lt;message id to type edit? peer_recipient_pn?&gt;
///   &lt;participants&gt;&lt;to jid&gt;&lt;enc v="2" type="pkmsg|msg" mediatype? decrypt-fail?&gt;…&lt;/enc&gt;&lt;/to&gt;…&lt;/participants&gt;
///   &lt;device-identity/&gt;?  with any pkmsg     &lt;meta/&gt;?  &lt;reporting/&gt;?  &lt;tctoken/&gt;|&lt;cstoken/&gt;?
/// &lt;/message&gt;
/// </code>
/// </summary>
internal sealed class DirectSender(DeviceState state, DeviceDirectory directory, MessageCipher cipher, Outgoing outgoing, TimeProvider clock)
{
    public async Task SendAsync(string id, Jid to, Message message, CancellationToken token)
    {
        var users = await directory.OfAsync([to, state.Credentials.PhoneJid!.Value.WithoutDevice()], token);
        if (users[0].Devices.Length == 0)
            throw new RequestRefusedException(404, "item-not-found");
        var content = new SentContent(users[0].Address, message);
        IReadOnlyCollection<Jid> devices = [];
        await outgoing.SendAsync(id, content, PlanAsync, EncryptAsync, token);

        async Task<IReadOnlyCollection<Jid>> PlanAsync(DeviceUnit unit)
        {
            foreach (var user in users)
                await unit.LearnAsync(user.User, user.Lid, token);
            return devices = await OthersAsync(unit, users, token);
        }

        async Task<Node> EncryptAsync(DeviceUnit unit)
        {
            var kind = MessageClass.Of(message);
            var parts = await cipher.EncryptAsync(unit, content, kind, devices, token);
            var self = state.Credentials;
            if (!self.Owns(content.Chat) && !parts.Keys.Any(device => !self.Owns(device)))
                throw new RequestRefusedException(404, "item-not-found");
            var welcome = await PrivacyTokens.FindForMessageAsync(unit, content.Chat, self, clock.GetUtcNow(), token);
            var us = content.Chat.Server == JidServer.Lid && self.Lid is { } lid ? lid : self.PhoneJid!.Value;
            var report = ReportingToken.For(id, us, content.Chat, message);
            return ToStanza(id, users[0], kind, parts, report, welcome, self);
        }
    }

    // All devices of these users but this one, each once.
    private async Task<List<Jid>> OthersAsync(DeviceUnit unit, UserDevices[] users, CancellationToken token)
    {
        var self = state.Credentials;
        var devices = new List<Jid>();
        foreach (var device in users.SelectMany(user => user.Devices))
        {
            var owner = await unit.ResolveAsync(device, self, token);
            if (owner != self.PhoneJid && owner != self.Lid && !devices.Contains(owner))
                devices.Add(owner);
        }

        return devices;
    }

    private static Node ToStanza(string id, UserDevices to, MessageClass kind, Dictionary<Jid, Node> parts, Node? report, Node? welcome, DeviceCredentials self)
    {
        var content = new List<Node> { MessageCipher.Participants(parts) };
        if (parts.Values.Any(MessageCipher.IsFirst))
            content.Add(new("device-identity", self.Account));
        if (kind.Meta is var (name, value))
            content.Add(new("meta", [(name, value)]));
        if (report is not null)
            content.Add(report);
        if (welcome is not null)
            content.Add(welcome);
        var phone = to.User.Server == JidServer.User && to.Lid is not null ? to.User : (Jid?)null;
        return new("message", [("id", id), ("to", to.Address), ("type", kind.Type), ("edit", kind.Edit), ("peer_recipient_pn", phone)], content.ToArray());
    }
}
