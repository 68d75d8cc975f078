using System.Globalization;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What the server is told of a message that came. Each of these also keeps it from coming again.</summary>
internal static class Receipts
{
    /// <summary>Why a message is refused, in the server's numbers.</summary>
    public const int InvalidProtobuf = 491;

    // <receipt id to type? participant? recipient?/>. "inactive" is delivered as well, to a device that has not said that it is available.
    public static Node Delivered(IncomingMessage message, bool isAvailable) =>
        Receipt(message, message.IsPeer ? "peer_msg" : message.IsOwn ? "sender" : isAvailable ? null : "inactive");

    public static Node HistoryTaken(IncomingMessage message) => Receipt(message, "hist_sync");

    // <ack class="message" id to error? participant? recipient?/>
    public static Node Ack(IncomingMessage message, int? error = null) => new(
        "ack",
        [
            ("class", "message"), ("id", message.Id), ("to", message.Group ?? message.From), ("participant", Participant(message)), ("recipient", message.Recipient),
            ("error", error?.ToString(CultureInfo.InvariantCulture)),
        ]);

    public static Node Receipt(IncomingMessage message, string? type, NodeContent content = default) => new(
        "receipt",
        [("id", message.Id), ("to", message.Group ?? message.From), ("type", type), ("participant", Participant(message)), ("recipient", message.Recipient)],
        content);

    private static Jid? Participant(IncomingMessage message) => message.Group is null ? null : message.From;
}
