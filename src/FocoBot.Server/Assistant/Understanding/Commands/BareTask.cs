using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Whether a message without a command word is a task: an infinitive or imperative with an object, or a thing with a date.</summary>
internal readonly struct BareTask(Sentence s, int from, Moment moment)
{
    public bool Reads()
    {
        var first = from;
        while (first < s.Limit && (s.Taken(first) || s.IsNoise(first)))
            first++;
        if (first >= s.Limit || s[first].Kind is TokenKind.Opaque && moment.Due is null)
            return false;
        if (Lexicon.Farewell.Has(s, first) || Lexicon.Farewell.Has(s, from) && !s.Taken(from))
            return false;
        var dated = moment.Due is not null;
        var words = Words(first, out var finite, out var past);
        if (IsBrokenCommand(first))
            return false;
        if (IsVerb(first))
            return (words > 1 || dated) && !IsStatement(first);
        if (Starts(first) || finite || past || moment.Past && !dated)
            return false;
        if (words > 1 && LooksImperative(first))
            return true;
        // "tareas del 5 al 8" asks for something that no list shows.
        if (words == 1 && Lexicon.SureListNoun.Has(s, first))
            return false;
        return dated && words > 0 && !Lexicon.Negator.Has(s, first);
    }

    /// <summary>Whether what follows is a thing and no clause.</summary>
    public bool IsThing(int i) => Words(i, out var finite, out var past) > 0 && !finite && !past && !Creates.IsInfinitive(s, i);

    private bool IsVerb(int i) => Creates.IsInfinitive(s, i) || Lexicon.Verbs.Has(s, i) && !Starts(i) && !(s[i].Word is { English: true, Spanish: false } && Lexicon.Finite.Has(s, i + 1));

    /// <summary>An unknown word before an article or a possessive, in the shape of an English verb; or one that only a verb's ending or prefix explains.</summary>
    private bool LooksImperative(int i)
    {
        if (s[i].Kind != TokenKind.Word || s[i].Word != Word.Unknown || s[i].End - s[i].Start is < 4 or > 16 || s[i + 1].Kind != TokenKind.Word)
            return false;
        var word = s.Slice(i, i + 1);
        if (s[i].Word == Word.Unknown && (s[i].Shape & Shape.Accent) != 0)
            return word.EndsWith("le") || word.EndsWith("les") || word.EndsWith("me") || word.EndsWith("nos");
        foreach (var ending in (ReadOnlySpan<string>)["s", "ed", "ing", "ly", "ion", "er", "or", "ist", "ness", "ful", "o", "a"])
        {
            if (word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return s[i + 1].Word.Text is "the" or "my" or "our" or "your" or "some" or "all" or "out" or "these" or "those"
            || word.EndsWith("ize", StringComparison.OrdinalIgnoreCase) || word.EndsWith("ise", StringComparison.OrdinalIgnoreCase) || word.EndsWith("ify", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>"él" is a subject, "el" an article.</summary>
    private bool Starts(int i) => Lexicon.NotTaskStart.After(s, i) is var end && end > i && !(end == i + 1 && s[i].Word.Text is "el" && (s[i].Shape & Shape.Accent) == 0);

    private bool IsStatement(int i) =>
        Starts(i) || (s[i].Shape & Shape.Infinitive) != 0 && s[i + 1].Word.Text is "es" or "esta" or "fue" or "era" or "me";

    private int Words(int first, out bool finite, out bool past)
    {
        var words = 0;
        finite = past = false;
        for (var i = first; i < s.Limit; i++)
        {
            if (s.Taken(i) && s[i].Word.Text is "is" or "es" && Importance.Read(s, i, out _) == i)
                finite = true;
            if (s.Taken(i) || s.IsNoise(i))
                continue;
            words++;
            finite |= Lexicon.Finite.Has(s, i) && !IsClause(first, i) && !(s[i].Word.Text is "am" && (s[i].Shape & Shape.Upper) != 0);
            finite |= i > first && (s[i].Word.Text is "hay" || IsEnglishPast(i)) && !IsClause(first, i);
            past |= (s[i].Shape & Shape.Past) != 0 && (s[i].Shape & (Shape.Accent | Shape.Capital)) == Shape.Accent && !Lexicon.NotPast.Has(s, i) && !IsClause(first, i);
        }
        return words;
    }

    /// <summary>"the dentist cancelled my appointment".</summary>
    private bool IsEnglishPast(int i) =>
        s[i].Kind == TokenKind.Word && s[i].End - s[i].Start > 4 && s.Slice(i, i + 1).EndsWith("ed", StringComparison.OrdinalIgnoreCase)
        && s[i + 1].Word.Text is "the" or "my" or "a" or "an" or "our" or "his" or "her" or "their" or "me" or "us" or "to" or "it" or "your";

    /// <summary>"completa la 3 o la 4", "mueve la 3 a": a command that did not come out is no task either.</summary>
    private bool IsBrokenCommand(int i)
    {
        if (!Lexicon.Complete.At(s, i, out var next) && !Lexicon.Delete.At(s, i, out next) && !Lexicon.Move.At(s, i, out next) && !Lexicon.Edit.At(s, i, out next) && !Lexicon.CancelVerb.At(s, i, out next)
            && !Lexicon.MarkVerb.At(s, i, out next))
            return false;
        if (next >= s.Limit && moment.Recurrence is not null)
            return false;
        if (next >= s.Limit || Lexicon.Article.After(s, next) >= s.Limit)
            return true;
        var end = References.Numbers(s, next, ranges: true, out _);
        return end > next && (end >= s.Limit || s[end].Word.Text is "o" or "or" or "no" or "a" or "to" or "not" || s.IsNoise(end) && s[next].Kind == TokenKind.Word && !s.Taken(next));
    }

    /// <summary>"lo que me pidió Ana": a verb inside a clause says nothing of the whole.</summary>
    private bool IsClause(int first, int i) => i > first && (s[i - 1].Word.Text is "que" or "that" or "who" or "donde" or "como" || i - 1 > first && s[i - 2].Word.Text is "que" or "that");
}
