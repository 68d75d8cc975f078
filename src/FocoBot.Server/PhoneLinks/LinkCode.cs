using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FocoBot.PhoneLinks;

/// <summary>What a code proves; the two kinds never stand in for each other, since the purpose is part of the hash.</summary>
internal static class CodePurpose
{
    /// <summary>Shown to the account; proves the phone when it arrives on WhatsApp from that phone.</summary>
    public const string Inbound = "inbound";

    /// <summary>Sent to the phone; proves it when the account types it.</summary>
    public const string Outbound = "outbound";

    /// <summary>No code any more: the phone is proven, and a yes on WhatsApp moves it from another account.</summary>
    public const string Move = "move";
}

/// <summary>The short codes that prove a phone, and their hashes.</summary>
internal static class LinkCode
{
    private const int DigitCount = 6;
    private const int LetterCount = 8;
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none of 0 O 1 I

    /// <summary>Six digits, for a code that is bound to a phone.</summary>
    public static string NewDigits() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Eight characters (40 bits), for a code that is bound to no phone and so is guessed at for all accounts at once.</summary>
    public static string NewLetters() => RandomNumberGenerator.GetString(Letters, LetterCount);

    /// <summary>A typed code without its spaces, dashes and case; null when it can't be one.</summary>
    public static string? Clean(string? typed)
    {
        if (typed is null || typed.Length > LinkLimits.TypedCode) return null;
        var clean = new StringBuilder(LetterCount);
        foreach (var c in typed)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit) clean.Append((char)('0' + digit));
            else if (char.IsAsciiLetter(c)) clean.Append(char.ToUpperInvariant(c));
            else if (!char.IsWhiteSpace(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.DashPunctuation or UnicodeCategory.Format)) return null;
        }

        var code = clean.ToString();
        return IsDigits(code) || IsLetters(code) ? code : null;
    }

    /// <summary>True for the form that is bound to no phone.</summary>
    public static bool IsLetters(string code) => code.Length == LetterCount && code.All(Letters.Contains);

    /// <summary>HMAC-SHA256(pepper, link ‖ purpose ‖ 0 ‖ code). Codes bound to no phone are looked up by hash, so their link is <see cref="Guid.Empty"/>.</summary>
    public static byte[] Hash(byte[] pepper, Guid link, string purpose, string code)
    {
        Span<byte> input = stackalloc byte[16 + 16 + 1 + LinkLimits.TypedCode];
        link.TryWriteBytes(input, bigEndian: true, out var length);
        length += Encoding.ASCII.GetBytes(purpose, input[length..]);
        input[length++] = 0;
        length += Encoding.ASCII.GetBytes(code, input[length..]);
        return HMACSHA256.HashData(pepper, input[..length]);
    }

    private static bool IsDigits(string code) => code.Length == DigitCount && code.All(char.IsAsciiDigit);
}
