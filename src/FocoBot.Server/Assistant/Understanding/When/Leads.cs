using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>The prepositions and articles before a date or time.</summary>
internal static class Leads
{
    private const int Most = 4;

    public static int After(Sentence s, int i)
    {
        var start = i;
        for (var count = 0; count < Most; count++)
        {
            var next = Lexicon.Lead.After(s, i);
            if (next == i)
                break;
            // "clock in at 9": the particle belongs to the verb.
            if (i == start && Lexicon.Particle.Has(s, i) && next == i + 1 && Lexicon.Lead.Has(s, next) && !Lexicon.The.Has(s, next) && !Lexicon.This.Has(s, next)
                && !Lexicon.Next.Has(s, next) && s[next].Word.Text is not ("about" or "around" or "al" or "del" or "a" or "coming" or "dia" or "before" or "antes" or "after" or "punto"))
                break;
            i = next;
            if (s.IsPunctuation(i, ':') || s.IsPunctuation(i, '.') && Lexicon.Lead.Has(s, i - 1) && s[i - 1].Word.Text is "aprox" or "approx" or "max")
                i++;
        }
        return i;
    }

    /// <summary>Whether a weekday or month that is also an ordinary word is one after this.</summary>
    public static bool Dated(Sentence s, int i) =>
        s[i].Word.Text is "el" or "este" or "al" or "del" or "next" or "this" or "by" or "until" or "till" or "proximo" or "cada" or "every" or "before" or "due" or "los" or "coming" or "from";

    /// <summary>Whether what follows a bare number leaves it a date or time instead of counting a thing.</summary>
    public static bool Stands(Sentence s, int i)
    {
        ref readonly var token = ref s[i];
        if (token.Kind is TokenKind.Number or TokenKind.Ordinal or TokenKind.Meridiem or TokenKind.Decimal)
            return false;
        if (token.Kind != TokenKind.Word)
            return true;
        return (token.Shape & Shape.Infinitive) != 0 && !Lexicon.NotInfinitive.Has(s, i)
            || Lexicon.Lead.Has(s, i) || Lexicon.AtHour.Has(s, i) || Lexicon.Verbs.Has(s, i) || Lexicon.Tonight.Has(s, i) || Lexicon.ThisEvening.Has(s, i) || Lexicon.ThisMorning.Has(s, i)
            || Lexicon.ThisAfternoon.Has(s, i) || Lexicon.Tomorrow.Has(s, i) || Lexicon.Today.Has(s, i) || token.Word.Weekday > 0 || token.Word.Month > 0 || Lexicon.Every.Has(s, i)
            || Lexicon.Noon.Has(s, i) || Lexicon.Linker.Has(s, i) || Lexicon.Courtesy.Has(s, i) || Lexicon.Thanks.Has(s, i) || Lexicon.Filler.Has(s, i) || Lexicon.NextWeek.Has(s, i)
            || Lexicon.Daily.Has(s, i) || Lexicon.Infinitive.Has(s, i) || Lexicon.Next.Has(s, i) || Lexicon.High.Has(s, i) || Lexicon.Low.Has(s, i) || Lexicon.AfterTomorrow.Has(s, i) || Lexicon.Until.Has(s, i) || Lexicon.ListPlace.Has(s, i) || Lexicon.Trailer.Has(s, i);
    }
}
