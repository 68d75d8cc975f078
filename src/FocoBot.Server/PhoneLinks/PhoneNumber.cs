using System.Globalization;

namespace FocoBot.PhoneLinks;

/// <summary>
/// A phone number in two forms: <see cref="E164"/> as it was written, good for sending, and <see cref="Canonical"/>,
/// alike for the old and the new form of one line, good for comparing only.
/// </summary>
public sealed class PhoneNumber
{
    private const int MaxDigits = 15; // E.164
    private const int MinDigits = 7;
    private const int SurelyInternational = 11; // fewer digits without + can be somebody's national number

    private PhoneNumber(string digits)
    {
        E164 = "+" + digits;
        Canonical = "+" + CanonicalDigits(digits);
    }

    /// <summary>The number as it was written, <c>+</c> and 7 to 15 digits.</summary>
    public string E164 { get; }

    /// <summary>The form that all spellings of one line share. Stored phones are canonical; nothing is ever sent to it.</summary>
    public string Canonical { get; }

    /// <summary>
    /// Reads what a person typed: with <c>+</c> or <c>00</c>, in the national form of <paramref name="country"/>
    /// (ISO 3166-1, such as <c>ID</c>), or international without <c>+</c> when it is too long for a national one.
    /// Null when it is no possible number of its country.
    /// </summary>
    public static PhoneNumber? Parse(string? typed, string? country = null)
    {
        if (Digits(typed, out var plus) is not { } digits) return null;
        if (plus) return International(digits);
        if (digits.StartsWith("00", StringComparison.Ordinal)) return International(digits[2..]);
        var plan = country is null ? null : CallingCodes.OfRegion(country);
        var international = digits.Length >= SurelyInternational ? International(digits) : null;
        // Where numbers vary in length, one that begins with the country's own code is the international form of itself.
        if (plan is not null && international is not null && digits.StartsWith(plan.Code, StringComparison.Ordinal)) return international;
        return (plan is null ? null : National(digits, plan)) ?? international;
    }

    /// <summary>
    /// The number in a channel address such as <c>whatsapp:+5215512345678</c>; null for an address without one. The channel
    /// knows which numbers exist, so only the form is checked.
    /// </summary>
    public static PhoneNumber? FromAddress(string address)
    {
        var start = address.IndexOf('+', StringComparison.Ordinal);
        if (start < 0 || (start > 0 && address[start - 1] != ':')) return null;
        var digits = address[(start + 1)..];
        return digits.Length is >= MinDigits and <= MaxDigits && digits.All(char.IsAsciiDigit) && digits[0] != '0' ? new PhoneNumber(digits) : null;
    }

    private static PhoneNumber? International(string digits)
    {
        if (CallingCodes.OfNumber(digits) is not { } plan) return null;
        var national = digits[plan.Code.Length..];
        // "+44 (0)20 …": the zero is dialled inside the country only.
        if (plan.DropsZero && national.StartsWith('0')) national = national[1..];
        // Old forms are longer or shorter than the plan says, so the canonical form is what must fit.
        return Made(plan, national, CanonicalDigits(plan.Code + national).Length - plan.Code.Length);
    }

    private static PhoneNumber? National(string digits, NumberingPlan plan)
    {
        foreach (var trunk in plan.Trunks)
        {
            if (!digits.StartsWith(trunk, StringComparison.Ordinal)) continue;
            var national = digits[trunk.Length..];
            if (Made(plan, national, national.Length) is { } number) return number;
        }

        return Made(plan, digits, digits.Length);
    }

    private static PhoneNumber? Made(NumberingPlan plan, string national, int length) =>
        plan.Fits(length) && !(plan.DropsZero && national.StartsWith('0')) && plan.Code.Length + national.Length is >= MinDigits and <= MaxDigits
            ? new PhoneNumber(plan.Code + national) : null;

    /// <summary>Countries that changed how a mobile is written, while WhatsApp keeps the old form for old accounts.</summary>
    private static string CanonicalDigits(string digits) => digits switch
    {
        // Mexico until 2019: 1 before the ten digits of a mobile.
        ['5', '2', '1', ..] when digits.Length == 13 => "52" + digits[3..],
        // Argentina: 9 before the ten digits of a mobile, from abroad; no ten digits are both a mobile and a fixed line.
        ['5', '4', '9', not '0', ..] when digits.Length == 13 => "54" + digits[3..],
        // Brazil until 2016: mobiles had eight digits after the area code, beginning with 6 to 9; fixed lines begin with 2 to 5.
        ['5', '5', _, _, >= '6' and <= '9', ..] when digits.Length == 12 => $"{digits[..4]}9{digits[4..]}",
        // Benin until November 2024: eight digits, which all got 01 in front.
        ['2', '2', '9', ..] when digits.Length == 11 => "22901" + digits[3..],
        _ => digits,
    };

    private static string? Digits(string? typed, out bool plus)
    {
        plus = false;
        if (typed is null || typed.Length > LinkLimits.TypedPhone) return null;
        Span<char> digits = stackalloc char[LinkLimits.TypedPhone];
        var count = 0;
        foreach (var c in typed)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit) digits[count++] = (char)('0' + digit);
            else if (c is '+' or '＋' && count == 0 && !plus) plus = true;
            else if (!IsPunctuation(c)) return null;
        }

        return count == 0 ? null : digits[..count].ToString();
    }

    // What people put between digits; copied numbers also carry invisible direction marks (category Format).
    private static bool IsPunctuation(char c) => c is '.' or '/' or '(' or ')' or '．' or '（' or '）' or '·' or '−' || char.IsWhiteSpace(c)
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
