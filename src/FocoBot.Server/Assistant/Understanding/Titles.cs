using System.Text;
using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding;

/// <summary>Puts a title together from the words that nothing else has taken, in the user's spelling and order.</summary>
internal static class Titles
{
    /// <summary>The words from <paramref name="from"/> to <paramref name="to"/> that are not taken; null if none is left.</summary>
    public static string? Build(Sentence s, int from, int to, bool afterCommand)
    {
        Trim(s, ref from, ref to, afterCommand);
        if (from >= to)
            return null;
        var text = new StringBuilder();
        for (var i = from; i < to;)
        {
            if (s.Taken(i))
            {
                i++;
                continue;
            }
            var end = i + 1;
            while (end < to && !s.Taken(end))
                end++;
            var run = Clean(s.Slice(i, end), text.Length > 0);
            if (text.Length > 0 && run.Length > 0)
                text.Append(' ');
            text.Append(run);
            i = end;
        }
        return text.Length == 0 ? null : Balanced(text.ToString());
    }

    /// <summary>A quotation mark whose other half was trimmed away goes too.</summary>
    private static string Balanced(string title) => title.AsSpan().Count('"') % 2 == 0 ? title : title.Trim('"', ' ');

    /// <summary>Drops noise and words that only led to what was taken out.</summary>
    private static void Trim(Sentence s, ref int from, ref int to, bool afterCommand)
    {
        var whole = to;
        while (from < to && (s.Taken(from) || IsDroppable(s, from)))
            from++;
        while (from < to && (s.Taken(to - 1) || IsDroppable(s, to - 1) || (to < whole || afterCommand) && IsLoose(s, from, to)))
            to--;
        if (afterCommand || from > 0 && s.Taken(from - 1))
        {
            while (from < to && (IsDroppable(s, from) || s.Taken(from) || s[from].Kind == TokenKind.Word && Lexicon.TitleLead.After(s, from) == from + 1))
                from++;
        }
    }

    private static bool IsLoose(Sentence s, int from, int to) =>
        to < s.Count && to > from + 1 && s[to - 1].Kind == TokenKind.Word && (s.Taken(to) || s.IsNoise(to)) && s.Taken(Math.Min(to, s.Count - 1))
        && Lexicon.TitleEdge.After(s, to - 1) == to && !(s[to - 2].Kind == TokenKind.Punctuation && (s[to - 2].Shape & Shape.Joined) != 0);

    private static bool IsDroppable(Sentence s, int i) => IsEmptied(s, i) || s[i].Kind is TokenKind.NewLine or TokenKind.Emoji || s[i].Kind == TokenKind.Punctuation && s[i].Mark is not ('#' or '@' or '$' or '%' or '+' or '&' or '(' or ')' or '"' or '“' or '”' or '«' or '»' or ']' or '[');

    /// <summary>Brackets that held only what was taken out.</summary>
    private static bool IsEmptied(Sentence s, int i) =>
        s[i].Kind == TokenKind.Punctuation && (s[i].Mark is '(' or '[' && i + 1 < s.Count && s.Taken(i + 1) || s[i].Mark is ')' or ']' && i > 0 && s.Taken(i - 1));

    private static ReadOnlySpan<char> Clean(ReadOnlySpan<char> run, bool inner) => inner ? run.TrimStart(" ,.;:-–—").TrimEnd(" ,;:-–—") : run.Trim(" ,;:-–—");
}
