using System.Diagnostics.CodeAnalysis;

namespace FocoBot.Channels.Twilio;

/// <summary>Cuts peer text to a bound without leaving half a character.</summary>
internal static class BoundedText
{
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    [return: NotNullIfNotNull(nameof(text))]
    public static string? CutOrNull(string? text, int length) => text is null ? null : Cut(text, length);

    /// <summary>A short text to show: trimmed, without control characters, null when nothing is left.</summary>
    public static string? Label(string? text)
    {
        if (text is null)
            return null;
        if (text.Any(char.IsControl))
            text = string.Concat(text.Where(c => !char.IsControl(c)));
        text = Cut(text.Trim(), TwilioLimits.LabelLength);
        return text.Length == 0 ? null : text;
    }
}
