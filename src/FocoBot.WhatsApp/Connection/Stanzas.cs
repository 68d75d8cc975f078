using System.Globalization;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Connection;

/// <summary>Stanzas that answer others, or that belong to the connection itself.</summary>
internal static class Stanzas
{
    private const long Day = 24 * 60 * 60 * 1000L;

    /// <summary>Tells the server that a stanza need not be sent again: <c>&lt;ack class id to type? participant?/&gt;</c>. Null when it has no id.</summary>
    public static Node? Ack(Node stanza) => stanza["id"] is { } id && stanza.GetJid("from") is { IsNone: false } from
        ? new Node("ack", [("class", stanza.Tag), ("id", id), ("to", from), ("type", stanza["type"]), ("participant", stanza.GetJid("participant"))])
        : null;

    /// <summary>Acknowledges what the server missed the acknowledgement of.</summary>
    public static Node LateAck(Node missing) => new("ack", [("class", missing["class"]), ("id", missing["id"]), ("to", Jid.Service)]);

    /// <summary>Answers a request of the server.</summary>
    public static Node Result(Node request, NodeContent content = default) =>
        new("iq", [("to", Jid.Service), ("type", "result"), ("id", request.Require("id"))], content);

    /// <summary>Refuses a request of the server.</summary>
    public static Node Error(Node request, int code, string text) => new(
        "iq",
        [("to", Jid.Service), ("type", "error"), ("id", request.Require("id"))],
        new Node("error", [("code", code.ToString(CultureInfo.InvariantCulture)), ("text", text)]));

    /// <summary>What web clients send when they begin: the time of the week, three days off.</summary>
    public static Node UnifiedSession(DateTimeOffset serverTime)
    {
        var id = (serverTime.ToUnixTimeMilliseconds() + 3 * Day) % (7 * Day);
        return new("ib", new Node("unified_session", [("id", id.ToString(CultureInfo.InvariantCulture))]));
    }

    /// <summary>Asks for the next part of what came while this device was away.</summary>
    public static Node OfflineBatch(int count) =>
        new("ib", new Node("offline_batch", [("count", count.ToString(CultureInfo.InvariantCulture))]));
}
