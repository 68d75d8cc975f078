using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding;

/// <summary>Tells the language of a message by the words that only one of the two has.</summary>
internal static class LanguageGuess
{
    private const int Enough = 200;

    public static Language Of(Sentence s, Language profile)
    {
        var balance = 0;
        for (var i = 0; i < s.Count && i < Enough; i++)
        {
            ref readonly var token = ref s[i];
            if (token.Kind == TokenKind.Punctuation && token.Mark is '¿' or '¡')
                balance += 2;
            if (token.Kind != TokenKind.Word)
                continue;
            var weight = Lexicon.Function.Has(token.Word) || Lexicon.Verbs.Has(token.Word) || Lexicon.Lead.Has(token.Word) ? 2 : 1;
            if (token.Word.Spanish != token.Word.English)
                balance += token.Word.Spanish ? weight : -weight;
            else if (token.Word == Word.Unknown)
                balance += (token.Shape & Shape.Accent) != 0 ? 2 : (token.Shape & Shape.Infinitive) != 0 ? 1 : 0;
        }
        return balance > 0 ? Language.Spanish : balance < 0 ? Language.English : profile;
    }
}
