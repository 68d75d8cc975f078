using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Whether one message plainly holds several tasks.</summary>
internal static class Several
{
    public static bool In(Sentence s, int from)
    {
        var begun = 0;
        for (var i = from; i < s.Limit && begun < 2; i++)
        {
            var breaks = s[i].Kind == TokenKind.NewLine || s.IsPunctuation(i, ';') || s.IsPunctuation(i, ',') || s.IsPunctuation(i, '.') || s[i].Word.Text is "y" or "and" or "then" or "luego" or "tambien" or "also";
            if (i > from && !breaks)
                continue;
            var next = s.SkipNoise(i == from ? i : i + 1);
            if (s[next].Word.Text is "also" or "then" or "tambien" or "luego" or "and" or "y")
                next++;
            if (i == from || Creates.IsInfinitive(s, next) || Lexicon.Remind.Has(s, next) || Lexicon.Add.Has(s, next) || s[next].Word.English && Lexicon.Verbs.Has(s, next) && s[i].Kind is TokenKind.NewLine or TokenKind.Punctuation)
                begun += next < s.Limit ? 1 : 0;
        }
        return begun > 1;
    }
}
