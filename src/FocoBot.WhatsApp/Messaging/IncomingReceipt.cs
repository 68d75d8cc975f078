using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Receipts that come.
/// <code>
/// &lt;receipt id from type? t participant? recipient?&gt;&lt;list&gt;&lt;item id/&gt;…&lt;/list&gt;?&lt;/receipt&gt;
/// &lt;receipt id from type?&gt;&lt;participants key="message id"&gt;&lt;user jid t type?/&gt;…&lt;/participants&gt;…&lt;/receipt&gt;     of a group, all in one
/// </code>
/// </summary>
internal static class IncomingReceipt
{
    /// <summary>What a receipt tells; nothing if it asks for a message again.</summary>
    /// <exception cref="ProtocolException">It lacks something, or tells too much at once.</exception>
    public static IReadOnlyList<ReceiptReceived> Read(Node receipt, DeviceCredentials self)
    {
        var type = receipt["type"];
        if (type == "retry")
            return [];
        var from = receipt.RequireJid("from");
        var id = receipt.Require("id");
        if (receipt.Child("participants") is not null)
            return ReadUsers(receipt, from.WithoutDevice(), id, type);
        var by = receipt.GetJid("participant") ?? from;
        var ids = receipt.Child("list")?.ChildrenOf("item").Select(item => item["id"]).OfType<string>().Prepend(id).Distinct(StringComparer.Ordinal).ToArray() ?? [id];
        // What another device of the account read is in the chat with the recipient, who is not named for what is between devices.
        var chat = from.Domain is not null && self.Owns(from) ? receipt.GetJid("recipient")?.WithoutDevice() : from.WithoutDevice();
        return [new(Kind(type), chat, by, ids, receipt.GetTime("t")) { Type = type }];
    }

    private static List<ReceiptReceived> ReadUsers(Node receipt, Jid chat, string id, string? type)
    {
        var told = new List<ReceiptReceived>();
        foreach (var message in receipt.ChildrenOf("participants"))
        {
            string[] ids = [message["key"] ?? message["message_id"] ?? id];
            foreach (var user in message.ChildrenOf("user"))
            {
                if (told.Count == Limits.ReceiptUsers)
                    throw new ProtocolException("A receipt tells of too many people.");
                var of = user["type"] ?? type;
                told.Add(new(Kind(of), chat, user.RequireJid("jid"), ids, user.GetTime("t") ?? receipt.GetTime("t")) { Type = of });
            }
        }

        return told;
    }

    private static ReceiptKind Kind(string? type) => type switch
    {
        null or "" or "delivery" or "inactive" => ReceiptKind.Delivered,
        "read" => ReceiptKind.Read,
        "read-self" => ReceiptKind.ReadByOwner,
        "played" => ReceiptKind.Played,
        "played-self" => ReceiptKind.PlayedByOwner,
        "sender" => ReceiptKind.CopyDelivered,
        "peer_msg" => ReceiptKind.PeerMessageTaken,
        "server-error" => ReceiptKind.FileMissing,
        _ => ReceiptKind.Other,
    };
}
