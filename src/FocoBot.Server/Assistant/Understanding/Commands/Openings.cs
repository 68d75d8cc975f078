using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Takes the courtesies off both ends of a message.</summary>
internal struct Openings
{
    private const int LongestClosing = 7;

    /// <summary>The first token of what is left.</summary>
    public int From;
    public bool Greeted;
    public bool Thanked;

    /// <summary>"oye", "hey": a name may follow.</summary>
    private bool _called;

    public static Openings Strip(Sentence s)
    {
        var result = default(Openings);
        result.Front(s);
        result.Back(s);
        return result;
    }

    private void Front(Sentence s)
    {
        while (true)
        {
            From = s.SkipNoise(From);
            if (s.IsPunctuation(From - 1, '/') && From > 0)
            {
                From--;
                return;
            }
            var next = Lexicon.Greeting.After(s, From);
            var thanks = Lexicon.Thanks.After(s, From);
            var other = Math.Max(Lexicon.Courtesy.After(s, From), Lexicon.Filler.After(s, From));
            if ((Greeted || Thanked || _called) && Lexicon.Named.At(s, From, out var named))
                other = Math.Max(other, named);
            if (Lexicon.Named.At(s, From, out named) && (IsCommand(s, named) || Lexicon.Add.Has(s, named)) && s[named].Kind == TokenKind.Word)
                other = Math.Max(other, named);
            var best = Math.Max(Math.Max(next, thanks), other);
            if (best == From || Lexicon.Remind.After(s, From) > best || Lexicon.Stop.After(s, From) >= best || Lexicon.Undo.After(s, From) > best || Lexicon.Done.After(s, From) > best || Lexicon.ListAsk.After(s, From) >= best && best < s.Limit && !s.IsNoise(best))
                return;
            if (Lexicon.DoubtfulOpener.After(s, From) == best && best < s.Limit && !s.IsNoise(best) && !IsCommand(s, best) && !(s[From].Word.Text is "y" or "tambien" && (Creates.IsInfinitive(s, best) || Lexicon.Filler.Has(s, best) && s[best].Word.Text is "tambien")))
                return;
            _called |= s[From].Word.Text is "oye" or "oyes" or "oiga" or "hey" or "ey" or "mira" or "ok" or "okay" or "bueno";
            Greeted |= next == best;
            Thanked |= thanks == best;
            From = best;
        }
    }

    /// <summary>"este recuérdame", "wait undo": a plain command leaves the opener no other meaning.</summary>
    private static bool IsCommand(Sentence s, int i) =>
        Lexicon.Undo.Has(s, i) || Lexicon.ListAsk.After(s, i) > i + 1 && s[i].Word.Text is "que" or "cuales" or "what" or "whats" or "which" || Lexicon.Remind.After(s, i) is var remind && remind > i && s[i].Word.Text is not ("no" or "que") && remind < s.Limit && (s[i].Word.Text is not ("recordatorio" or "reminder" or "aviso" or "remember") || remind > i + 1);

    private void Back(Sentence s)
    {
        while (s.Limit > From)
        {
            var to = s.Limit;
            while (to > From && s.IsNoise(to - 1) && !s.IsPunctuation(to - 1, ')') && !s.IsPunctuation(to - 1, '"'))
                to--;
            if (to == From)
                break;
            var start = Closing(s, to);
            if (start < 0)
                break;
            s.Limit = start;
        }
    }

    private int Closing(Sentence s, int to)
    {
        for (var length = LongestClosing; length > 0; length--)
        {
            var start = to - length;
            if (start <= From)
                continue;
            var thanks = Lexicon.Thanks.After(s, start) == to;
            if (!thanks && Lexicon.Courtesy.After(s, start) != to)
                continue;
            if (thanks && s[start].Word.Text is "ta" or "cheers")
                continue;
            Thanked |= thanks;
            return start;
        }
        return -1;
    }
}
