using System.Globalization;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// Cuts a long text into messages. A piece ends, by preference, after a sentence, at a line's end, at a space, and else between two
/// characters as people see them. As each piece costs money, the three preferences count only in a piece's second half.
/// </summary>
public static class MessageSplitter
{
    // A flag or family emoji is some 30 units; a cluster that reaches further past the limit is no character of any script.
    private const int LookAhead = 64;

    /// <summary>The pieces in order, none empty, none longer than <paramref name="limit"/> UTF-16 units, as Twilio counts. White space at the cuts is dropped.</summary>
    public static IReadOnlyList<string> Split(string text, int limit = TwilioLimits.OutboundTextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        var pieces = new List<string>();
        var rest = text.AsSpan().Trim();
        while (rest.Length > limit)
        {
            var cut = FindCut(rest, limit);
            pieces.Add(rest[..cut].TrimEnd().ToString());
            rest = rest[cut..].TrimStart();
        }

        if (!rest.IsEmpty)
            pieces.Add(rest.ToString());
        return pieces;
    }

    private static int FindCut(ReadOnlySpan<char> text, int limit)
    {
        var window = text[..Math.Min(text.Length, limit + LookAhead)];
        int sentence = 0, line = 0, space = 0, anywhere = 0;
        for (var at = 0; at < window.Length;)
        {
            at += StringInfo.GetNextTextElementLength(window[at..]);
            // The end of the window may be inside a character, unless the text ends there too.
            if (at > limit || (at == window.Length && at < text.Length))
                break;
            anywhere = at;
            if (at == text.Length || !char.IsWhiteSpace(text[at]))
                continue;
            space = at;
            if (text[at] is '\n' or '\r')
                line = at;
            if (EndsSentence(text[..at], text[at]))
                sentence = at;
        }

        var half = limit / 2;
        if (sentence >= half)
            return sentence;
        if (line >= half)
            return line;
        if (space >= half)
            return space;
        if (anywhere > 0)
            return anywhere;
        // One endless cluster of combining marks: keep at least its surrogate pairs whole.
        return char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
    }

    // The point of a list number ("12. ") ends no sentence; at the end of a line it does no harm.
    private static bool EndsSentence(ReadOnlySpan<char> before, char next)
    {
        var end = before.TrimEnd("\"'”’»)]*_");
        if (end.IsEmpty || end[^1] is not ('.' or '!' or '?' or '…'))
            return false;
        return end[^1] != '.' || next is '\n' or '\r' || end.Length < 2 || !char.IsAsciiDigit(end[^2]);
    }
}
