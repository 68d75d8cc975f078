using System.Diagnostics.CodeAnalysis;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// A WhatsApp address exactly as Twilio writes it: <c>whatsapp:+5215512345678</c>, or, for a person who hides the phone,
/// <c>whatsapp:MX.</c> and a business-scoped user id. Replies go to the value as received, never to a normalised one.
/// </summary>
/// <remarks><see cref="ToString"/> masks the address; only <see cref="Value"/> holds all of it.</remarks>
public readonly record struct ChannelAddress
{
    private const string Prefix = "whatsapp:";

    private ChannelAddress(string value) => Value = value;

    /// <summary>The whole address with its <c>whatsapp:</c> prefix.</summary>
    public string Value { get; }

    /// <summary>The phone in E.164 with its plus sign, or null for a person known only by user id.</summary>
    public string? Phone => Value is not null && Value[Prefix.Length] == '+' ? Value[Prefix.Length..] : null;

    /// <summary>True for the numbers of the North American plan (+1), where Meta withholds marketing templates for good.</summary>
    public bool IsNorthAmerican => Value is not null && Value.StartsWith(Prefix + "+1", StringComparison.Ordinal);

    /// <summary>Accepts an address with its prefix.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChannelAddress address)
    {
        address = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || !IsPhoneOrUserId(text.AsSpan(Prefix.Length)))
            return false;
        address = new ChannelAddress(text);
        return true;
    }

    /// <summary>Accepts an E.164 phone with or without the <c>whatsapp:</c> prefix, as operators write it in settings.</summary>
    public static bool TryParsePhone([NotNullWhen(true)] string? text, out ChannelAddress address)
    {
        address = default;
        if (text is null)
            return false;
        var phone = text.StartsWith(Prefix, StringComparison.Ordinal) ? text.AsSpan(Prefix.Length) : text;
        if (!IsPhone(phone))
            return false;
        address = new ChannelAddress(text.Length == phone.Length ? Prefix + text : text);
        return true;
    }

    /// <summary>The address with all but its first and last two characters masked, fit for a log line.</summary>
    public override string ToString() =>
        Value is null ? "" : $"{Value.AsSpan(0, Prefix.Length + 3)}****{Value.AsSpan(Value.Length - 2)}";

    private static bool IsPhoneOrUserId(ReadOnlySpan<char> text) => IsPhone(text) || IsUserId(text);

    // E.164: up to 15 digits, no leading zero; below seven no subscriber exists anywhere.
    private static bool IsPhone(ReadOnlySpan<char> text) =>
        text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] != '0' && !text[1..].ContainsAnyExceptInRange('0', '9');

    // CC.<id>: two letters of the country, a dot, up to 128 letters and digits.
    private static bool IsUserId(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || text.Length > 3 + TwilioLimits.UserIdLength || text[2] != '.')
            return false;
        if (!char.IsAsciiLetterUpper(text[0]) || !char.IsAsciiLetterUpper(text[1]))
            return false;
        foreach (var c in text[3..])
        {
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        }

        return true;
    }
}
