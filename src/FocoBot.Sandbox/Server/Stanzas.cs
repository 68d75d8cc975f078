using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Server;

/// <summary>Stanzas that the server sends in many places.</summary>
internal static class Stanzas
{
    /// <summary>The answer to a query.</summary>
    public static Node Result(Node query, NodeContent content = default) =>
        new("iq", [("from", query.GetJid("to") ?? Jid.Service), ("type", "result"), ("id", query["id"])], content);

    /// <summary>The refusal of a query.</summary>
    public static Node Error(Node query, int code, string text) =>
        new("iq", [("from", query.GetJid("to") ?? Jid.Service), ("type", "error"), ("id", query["id"])], new Node("error", [("code", code.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("text", text)]));

    /// <summary>Ends a stream for good, with a numbered reason.</summary>
    public static Node StreamError(int code, Node? cause = null) => new("stream:error", [("code", code.ToString(System.Globalization.CultureInfo.InvariantCulture))], cause);

    /// <summary>Tells that a newer connection of the same device has come: what clients call 440, which is not on the wire.</summary>
    public static Node Replaced() => new("stream:error", new Node("conflict", [("type", "replaced")]));

    /// <summary>Refuses a login.</summary>
    public static Node Failure(int reason, int? code = null, int? expire = null) => new("failure", [("reason", Text(reason)), ("code", Text(code)), ("expire", Text(expire)), ("location", "sandbox")]);

    public static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string? Text(int? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
