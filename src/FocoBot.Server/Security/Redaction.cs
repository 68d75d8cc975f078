using System.Text.RegularExpressions;

namespace FocoBot.Security;

/// <summary>
/// Takes out of a text what no log may hold: phone numbers, channel addresses, keys, tokens and codes. Our own log lines hold
/// none; this is for what frameworks write about requests, addresses and exceptions.
/// </summary>
internal static partial class Redaction
{
    private const string Hidden = "****";

    /// <summary>The same text with each secret replaced; of a phone its country and last two digits stay.</summary>
    public static string Of(string text)
    {
        text = Query().Replace(text, "$1?" + Hidden);
        text = Named().Replace(text, "$1" + Hidden);
        text = Token().Replace(text, match => (match.ValueSpan.StartsWith("fb_") ? "fb_" : "") + Hidden);
        text = HiddenNumberAddress().Replace(text, "$1" + Hidden);
        return Phone().Replace(text, match => match.Value[..^match.Groups["digits"].Length] + match.Groups["digits"].Value[..2] + Hidden + match.Value[^2..]);
    }

    // What was asked for in an address: search words, phones, one-time tokens.
    [GeneratedRegex(@"(https?://[^\s?#]+)[?#][^\s]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Query();

    // What a name gives away: Authorization headers, cookies, query parameters, VERIFY with its code.
    [GeneratedRegex(
        """((?:\b(?:bearer|basic|verify|verificar|verifica)(?:\s|%20|\+)+)|(?:\b(?:password|token|code|secret|key|signature|cursor|session)["']?\s*[=:]\s*["']?))[^\s"'&;,]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    // API keys, and anything else of 256 bits that we hand out; the 32 hexadecimal digits of a message's id are no secret.
    [GeneratedRegex(@"fb_[\w-]{8,}|(?<![\w-])[\w-]{43}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    // Somebody who hides their number: whatsapp:MX.a1b2.
    [GeneratedRegex(@"(whatsapp(?::|%3A)[A-Z]{2}\.)[\w-]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HiddenNumberAddress();

    // E.164 with its plus, also as %2B, and the same digits without it where no longer word holds them.
    [GeneratedRegex(@"(?:(?:\+|%2B)|(?<![\w.-]))(?<digits>[1-9](?:[ -]?\d){7,14})(?![\w])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
