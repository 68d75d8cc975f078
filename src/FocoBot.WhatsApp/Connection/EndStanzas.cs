using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Connection;

/// <summary>
/// The stanzas by which the server ends a connection.
/// <code>
/// &lt;stream:error code="515"&gt; &lt;conflict type="replaced|device_removed"/&gt;? &lt;ack id class/&gt;? &lt;/stream:error&gt;
/// &lt;failure reason="402" code="101"? expire="3600"? message? logout_message_header? logout_message_subtext? …/&gt;
/// &lt;xmlstreamend/&gt;
/// </code>
/// </summary>
internal static class EndStanzas
{
    // Longer bans than this are as good as for ever, and the sum stays a date.
    private const long LongestBan = 366L * 24 * 60 * 60;

    /// <summary>How a stanza ends the connection; null when it doesn't.</summary>
    public static ConnectionEnd? Read(Node stanza, DateTimeOffset now) => stanza.Tag switch
    {
        "stream:error" => StreamError(stanza),
        "failure" => Failure(stanza, now),
        "xmlstreamend" => new(EndCause.ServerClosed),
        "ib" when stanza.Child("downgrade_webclient") is not null => new(EndCause.NoLinkedDevices),
        _ => null,
    };

    private static ConnectionEnd StreamError(Node stanza)
    {
        var code = Code(stanza, "code");
        var cause = (code, stanza.Child("conflict")?["type"]) switch
        {
            (_, "device_removed") => EndCause.LoggedOut,
            (_, not null) => EndCause.Replaced,
            (401 or 516, _) => EndCause.LoggedOut,
            (409, _) => EndCause.Replaced,
            (429, _) => EndCause.RateLimited,
            (503, _) => EndCause.Unavailable,
            (515, _) => EndCause.Restart,
            _ when stanza.Child("ack") is not null => EndCause.AckMissing,
            _ => EndCause.ServerError,
        };
        return new(cause, code);
    }

    private static ConnectionEnd Failure(Node stanza, DateTimeOffset now)
    {
        var reason = Code(stanza, "reason");
        var cause = reason switch
        {
            400 => EndCause.LoginRefused,
            401 or 415 or 418 => EndCause.LoggedOut,
            402 => EndCause.TemporarilyBanned,
            403 => EndCause.AccountLocked,
            405 => EndCause.ClientOutdated,
            406 => EndCause.Banned,
            409 => EndCause.ClientRefused,
            411 => EndCause.NoLinkedDevices,
            429 => EndCause.RateLimited,
            503 => EndCause.Unavailable,
            _ => EndCause.ServerError,
        };
        var end = new ConnectionEnd(cause, reason, Text: Text(stanza));
        return cause is EndCause.TemporarilyBanned
            ? end with { BanCode = Code(stanza, "code"), Until = now.AddSeconds(Math.Clamp(stanza.GetNumber("expire") ?? 0, 0, LongestBan)) }
            : end;
    }

    private static int Code(Node stanza, string key) => stanza.GetNumber(key) is >= 0 and <= 999 and var code ? (int)code : 0;

    private static string? Text(Node stanza)
    {
        var parts = new[] { "logout_message_header", "logout_message_subtext", "message" }.Select(key => stanza[key]).Where(part => !string.IsNullOrEmpty(part));
        var text = string.Join('\n', parts);
        return text.Length == 0 ? null : text[..Math.Min(text.Length, Limits.EndText)];
    }
}
