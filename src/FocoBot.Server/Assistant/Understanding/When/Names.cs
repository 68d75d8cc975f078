using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>Names that look like dates and are none: streets, films, feasts, anything quoted.</summary>
internal static class Names
{
    private const int LongestQuote = 16;

    /// <summary>The token after the name that begins at <paramref name="i"/>; <paramref name="i"/> if none does.</summary>
    public static int After(Sentence s, int i)
    {
        if (s[i].Kind == TokenKind.Punctuation)
            return Quote(s, i);
        if (Lexicon.Names.At(s, i, out var name))
            return name;
        if (Corner(s, i) is var corner && corner > i)
            return corner;
        if (s[i].Word.MayTellTime && Titled(s, i) is var title && title > i)
            return title;
        if (Lexicon.NameBefore.At(s, i, out var street))
            return Street(s, i, street);
        if (Lexicon.FilmBefore.At(s, i, out var film) && s[film].Kind is TokenKind.Number && s[film + 1].Kind != TokenKind.Meridiem)
            return film + 1;
        if (s[i].Word.Text is "friday" && s[i + 1].Word.Text is "the" && s[i + 2] is { Kind: TokenKind.Ordinal, A: 13 } && (Lexicon.FilmBefore.Has(s, i + 3) || i > 0 && Watched(s, i)))
            return i + 3;
        if (s[i].Kind == TokenKind.Slash && s[i].C < 0 && Lexicon.FilmBefore.Has(s, i + 1))
            return i + 1;
        // "4th of July party"
        if (s[i].Kind is TokenKind.Ordinal or TokenKind.Number && s[i + 1].Word.Text is "of" or "de" && s[i + 2].Word.Month > 0 && Lexicon.Occasion.Has(s, i + 3))
            return i + 4;
        // "Monday.com"
        if (s[i].Word.Weekday > 0 && s.IsPunctuation(i + 1, '.') && (s[i + 1].Shape & Shape.Joined) != 0)
            return i + 3;
        // "5 de Mayo 123"
        if (s[i].Kind == TokenKind.Number && s[i + 1].Word.Text is "de" && s[i + 2].Word.Month > 0 && (s[i + 2].Shape & (Shape.Capital | Shape.Upper)) == Shape.Capital
            && s[i + 3].Kind == TokenKind.Number && s[i + 3].Digits is 2 or 3 && s[i + 4].Kind is not TokenKind.Meridiem && (i == 0 || !Lexicon.DayArticle.Has(s, i - 1)))
            return i + 4;
        return i;
    }

    /// <summary>"5th and Main", "42nd Street", "12 March Ave", "7-eleven".</summary>
    private static int Corner(Sentence s, int i)
    {
        if (s[i].Kind == TokenKind.Number && s.IsPunctuation(i + 1, '-') && (s[i + 1].Shape & Shape.Joined) != 0 && s[i + 2].Kind == TokenKind.Word && s[i + 2].Word.Month == 0 && s[i + 2].Unit == Unit.None)
            return i + 3;
        if (s[i].Kind is TokenKind.Number && s[i + 1].Word.Month > 0 && Lexicon.StreetAfter.Has(s, i + 2) && IsCapital(s, i + 2))
            return i + 3;
        if (s[i].Kind != TokenKind.Ordinal && s[i].Word.Ordinal <= 0)
            return i;
        if (Lexicon.StreetAfter.Has(s, i + 1))
            return i + 2;
        return s[i + 1].Word.Text is "and" or "y" or "&" && IsCapital(s, i + 2) && s[i + 2].Word.Month == 0 && s[i + 2].Word.Weekday == 0 ? i + 3 : i;
    }

    /// <summary>"The Day After Tomorrow", "ver Martes 13": words that capitals or what stands before make a title.</summary>
    private static int Titled(Sentence s, int i)
    {
        if (i == 0 || !IsCapital(s, i) || (s[i - 1].Shape & Shape.Capital) != 0 && !Lexicon.DayArticle.Has(s, i - 1))
            return i;
        if (s[i].Word.Text is "martes" or "viernes" && s[i + 1] is { Kind: TokenKind.Number, A: 13 })
            return Watched(s, i) ? i + 2 : i;
        if (!s[i].Word.English || s[i].Word.Weekday > 0 || s[i].Word.Month > 0)
            return s[i].Word.Spanish && Watched(s, i) && s[i].Word.Month == 0 ? i + 1 : i;
        var end = i + 1;
        while (s[end].Kind == TokenKind.Word && IsCapital(s, end) && s[end].Word.Weekday == 0 && s[end].Word.Month == 0)
            end++;
        return end > i + 1 && end - i <= LongestQuote ? end : i;
    }

    private static bool IsCapital(Sentence s, int i) => s[i].Kind == TokenKind.Word && (s[i].Shape & (Shape.Capital | Shape.Upper)) == Shape.Capital;

    /// <summary>Whether a verb or noun of watching or reading ends right before.</summary>
    private static bool Watched(Sentence s, int i) =>
        Lexicon.FilmBefore.After(s, i - 1) == i || Lexicon.Watching.After(s, i - 1) == i && (s[i - 1].Word.Text is not "the" || i > 1 && Lexicon.Watching.After(s, i - 2) == i - 1)
        || i > 1 && Lexicon.Watching.After(s, i - 2) >= i - 1 && s[i - 1].Word.Text is "the" or "for" or "to" or "para" or "de" || i > 2 && s[i - 1].Word.Text is "the" && Lexicon.Watching.After(s, i - 3) == i - 1;

    /// <summary>"lunes o martes" is a choice, not a repetition.</summary>
    public static bool IsOr(Sentence s, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (s[i].Word.Text is "o" or "or" || s.IsPunctuation(i, '/') && !s[from].Word.Doubtful)
                return true;
        }
        return false;
    }

    private static int Street(Sentence s, int i, int at)
    {
        if (s[at].Word.Text is "de" or "del")
            at++;
        var number = Amounts.Number(s, at, out _);
        if (number == at || s[number].Word.Text is not "de" || s[number + 1].Word.Month == 0)
            return i;
        var end = number + 2;
        return s[end].Kind == TokenKind.Number && s[end + 1].Kind != TokenKind.Meridiem ? end + 1 : end;
    }

    private static int Quote(Sentence s, int i)
    {
        var close = s[i].Mark switch { '"' => '"', '“' => '”', '«' => '»', '„' => '“', _ => '\0' };
        if (close == '\0')
            return i;
        for (var end = i + 1; end < i + LongestQuote; end++)
        {
            if (s.IsPunctuation(end, close))
                return end + 1;
        }
        return i;
    }
}
