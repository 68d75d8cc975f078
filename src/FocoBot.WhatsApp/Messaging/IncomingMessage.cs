using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// What stands on the outside of a message.
/// <code>
/// &lt;message id from t type sender_pn|sender_lid? notify? offline?&gt;                    from somebody
/// &lt;message id from recipient peer_recipient_pn|peer_recipient_lid? t type …&gt;         a copy of what another own device sent
/// &lt;message id from category="peer" t type&gt;                                            from the own phone to this device alone
/// &lt;message id from="group" participant participant_pn|participant_lid? t type …&gt;     to a group, or a broadcast
///   &lt;enc v type="pkmsg|msg"&gt;…&lt;/enc&gt;? &lt;enc v type="skmsg"&gt;…&lt;/enc&gt;?
/// </code>
/// </summary>
/// <param name="Stanza">All of it.</param>
/// <param name="Id">The message's id, unique for its sender.</param>
/// <param name="From">The device that sent it.</param>
/// <param name="Alternate">The same device by its other address.</param>
/// <param name="IsOwn">Whether it comes from a device of this account.</param>
/// <param name="Group">The group or broadcast it was sent to; null for one person.</param>
internal sealed record IncomingMessage(Node Stanza, string Id, Jid From, Jid? Alternate, bool IsOwn, Jid? Group)
{
    /// <summary>Whether it is between devices and no part of any chat. Only from one's own is that believed.</summary>
    public bool IsPeer => IsOwn && Group is null && Stanza["category"] == "peer";

    /// <summary>Tells it from all other messages.</summary>
    public string Name => $"{From} {Id}";

    public Jid? Recipient => Stanza.GetJid("recipient");

    public Jid? AlternateRecipient => Stanza.GetJid("peer_recipient_pn") ?? Stanza.GetJid("peer_recipient_lid");

    /// <summary>Null for channels and the like, whose messages are not encrypted.</summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public static IncomingMessage? Read(Node stanza, DeviceCredentials self)
    {
        var chat = stanza.RequireJid("from");
        var group = chat.Server is JidServer.Group or JidServer.Broadcast ? chat : (Jid?)null;
        var from = group is null ? chat : stanza.RequireJid("participant");
        if (from.Domain is null || from.User.Length == 0)
            return group is null ? null : throw new ProtocolException("A group message comes from nobody.");
        // These are remembered: as long as the message is asked for again, and as names of records.
        if (stanza.Require("id").Length > Limits.MessageIdChars || chat.User.Length > Limits.JidUserChars || from.User.Length > Limits.JidUserChars)
            throw new ProtocolException("The names of a message are too long.");
        var alternate = group is null
            ? stanza.GetJid("sender_lid") ?? stanza.GetJid("sender_pn")
            : stanza.GetJid("participant_lid") ?? stanza.GetJid("participant_pn");
        return new(stanza, stanza.Require("id"), from, alternate is { Domain: not null } other ? other.WithDevice(from.Device) : null, self.Owns(from), group);
    }
}
