namespace FocoBot.WhatsApp.Pairing;

/// <summary>Phone numbers as people type them.</summary>
internal static class PhoneNumber
{
    /// <summary>The digits alone, with country code, as a code request needs them.</summary>
    /// <exception cref="FormatException">Not 7 to 15 digits (E.164), a leading zero, or something other than digits, blanks and <c>+ - . ( ) /</c>.</exception>
    public static string Normalize(string typed)
    {
        var text = typed.Trim();
        if (text.Length > 64 || text.Any(c => !char.IsAsciiDigit(c) && !char.IsWhiteSpace(c) && !"+-.()/".Contains(c)) || text.LastIndexOf('+') > 0)
            throw NotANumber();
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length is >= 7 and <= 15 && digits[0] != '0' ? digits : throw NotANumber();
    }

    // The number itself stays out of the text: it may be logged.
    private static FormatException NotANumber() => new("Not a phone number with country code");
}
