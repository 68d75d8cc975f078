using System.Diagnostics.CodeAnalysis;

namespace FocoBot.Channels.Twilio;

/// <summary>The shape of Twilio's ids: two capital letters for the kind, then 32 hexadecimal digits.</summary>
internal static class TwilioSid
{
    private const int Length = 34;

    /// <summary>A message (SM, or MM with media).</summary>
    public static bool IsMessage([NotNullWhen(true)] string? sid) => Is("SM", sid) || Is("MM", sid);

    /// <summary>An account.</summary>
    public static bool IsAccount([NotNullWhen(true)] string? sid) => Is("AC", sid);

    /// <summary>An API key.</summary>
    public static bool IsApiKey([NotNullWhen(true)] string? sid) => Is("SK", sid);

    /// <summary>A content template.</summary>
    public static bool IsContent([NotNullWhen(true)] string? sid) => Is("HX", sid);

    private static bool Is(string kind, [NotNullWhen(true)] string? sid) =>
        sid?.Length == Length && sid.StartsWith(kind, StringComparison.Ordinal) && sid.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
