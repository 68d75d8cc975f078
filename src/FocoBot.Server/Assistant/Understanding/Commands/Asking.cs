using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>How the message is put: as a question, a refusal, a polite request.</summary>
internal readonly struct Asking
{
    private const int MostAsks = 4;

    private Asking(bool question, bool refusal, bool polite, int command)
    {
        IsQuestion = question;
        IsRefusal = refusal;
        IsPolite = polite;
        Command = command;
    }

    /// <summary>A question that no courtesy explains: it must not change anything.</summary>
    public bool IsQuestion { get; }

    /// <summary>Begins with a negation that is no "don't let me forget".</summary>
    public bool IsRefusal { get; }

    public bool IsPolite { get; }

    /// <summary>Where the command begins after "puedes", "can you" and the like.</summary>
    public int Command { get; }

    public bool MayChange => !IsRefusal && (!IsQuestion || IsPolite);

    public static Asking Of(Sentence s, int from)
    {
        var marked = false;
        for (var i = 0; i < s.Count && !marked; i++)
            marked = s.Marks(i);
        var command = from;
        var polite = false;
        for (var count = 0; count < MostAsks && Lexicon.AskVerb.At(s, command, out var next); count++)
        {
            if (Lexicon.Remind.After(s, command) > next)
                break;
            // "¿tengo que borrar la 3?" asks for advice, not for the deed.
            polite |= !(marked && (Lexicon.Need.Has(s, command) || s[command].Word.Text is "can" or "could" or "may" && s[command + 1].Word.Text is "i" or "we" || s[command].Word.Text is "you"));
            command = s.SkipNoise(Lexicon.Courtesy.After(s, next));
        }
        var question = marked || IsQuestionWord(s, from);
        if (question && s[command].Word is { Spanish: true, English: false, Text: [.., 's'] })
            polite = true;
        var refusal = Lexicon.Negator.Has(s, from) && !Lexicon.Remind.Has(s, from) && !Lexicon.Low.Has(s, from) && !Lexicon.NoDateMark.Has(s, from)
            || Lexicon.Negator.Has(s, command) && !Lexicon.Remind.Has(s, command) && !(command == from && (Lexicon.Low.Has(s, command) || Lexicon.NoDateMark.Has(s, command)));
        return new Asking(question, refusal, polite, command);
    }

    private static bool IsQuestionWord(Sentence s, int i)
    {
        if (!Lexicon.QuestionWord.Has(s, i) || Lexicon.Remind.Has(s, i) || Lexicon.Need.Has(s, i) || Lexicon.NeedVerb.Has(s, i) && !s[i].Word.English)
            return false;
        if (Lexicon.Auxiliary.Has(s, i))
            return Lexicon.Subject.Has(s, i + 1) && s[i].Word.Text is not "any";
        // "que compre pan": an order handed on.
        return s[i].Word.Text is not "que" || (s[i].Shape & Shape.Accent) != 0 || !Lexicon.AskVerb.Has(s, i + 1) && !Lexicon.Add.Has(s, i + 1) && !Lexicon.Delete.Has(s, i + 1);
    }

    /// <summary>Whether a negation stands between the two tokens.</summary>
    public static bool Negates(Sentence s, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (Lexicon.Negator.Has(s, i) && !(s[i].Word.Text is "no" && (s.IsPunctuation(i + 1, '.') || s[i + 1].Kind == TokenKind.Number)))
                return true;
        }
        return false;
    }
}
