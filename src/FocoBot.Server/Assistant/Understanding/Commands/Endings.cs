using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Completing and deleting: a verb with a task reference and nothing else.</summary>
internal static class Endings
{
    /// <summary>Longer commands are prose.</summary>
    public const int MostTokens = 64;

    public static Understanding? Complete(Sentence s, int i)
    {
        if (s.Limit - i > MostTokens)
            return null;
        if (Lexicon.Complete.At(s, i, out var next))
        {
            if (Whole(s, next, sureAll: true) is { } task && !(task.Numbers.IsEmpty && task.Scope is null && task.Text is null))
                return task.As(Intent.Complete);
        }
        return It(s, i, Lexicon.CompleteIt, Intent.Complete) ?? Ticked(s, i) ?? Marked(s, i) ?? Stated(s, i);
    }

    /// <summary>"la 4 bórrala", "ya no quiero la 4, bórrala", "task 3, mark it done": the command follows the task.</summary>
    public static Understanding? Following(Sentence s, int i)
    {
        if (s.Limit - i > MostTokens)
            return null;
        var task = Lexicon.Unwanted.After(s, i);
        var end = References.Plain(s, task, ranges: true, out var reference);
        if (end == task || reference.Numbers.IsEmpty && reference.Scope != RefScope.Last)
            return null;
        end = s.SkipNoise(end);
        while (Lexicon.UnwantedTail.At(s, end, out var next))
            end = s.SkipNoise(next);
        if (Lexicon.DeleteIt.At(s, end, out var verb) || Lexicon.CancelIt.At(s, end, out verb) || Lexicon.DeleteThat.At(s, end, out verb))
            return Ends(s, verb) ? reference.As(Intent.Delete) : null;
        return task == i && (Lexicon.CompleteIt.At(s, end, out verb) || Lexicon.CompleteThat.At(s, end, out verb)) && Ends(s, verb) ? reference.As(Intent.Complete) : null;
    }

    public static Understanding? Delete(Sentence s, int i)
    {
        if (s.Limit - i > MostTokens)
            return null;
        if (Lexicon.Delete.At(s, i, out var next) || Lexicon.CancelVerb.At(s, i, out next))
        {
            next = Lexicon.FromList.After(s, next);
            return Whole(s, next, sureAll: false)?.As(Intent.Delete) ?? It(s, i, Lexicon.DeleteIt, Intent.Delete);
        }
        if (Lexicon.Empty.At(s, i, out next))
        {
            var task = Whole(s, next, sureAll: false);
            return task is { Scope: not null } or { Numbers.IsEmpty: false } ? task.As(Intent.Delete) : null;
        }
        return It(s, i, Lexicon.DeleteIt, Intent.Delete) ?? It(s, i, Lexicon.CancelIt, Intent.Delete);
    }

    /// <summary>The reference that, with courtesies, makes up the rest of the message.</summary>
    public static TaskRef? Whole(Sentence s, int i, bool sureAll)
    {
        i = s.SkipNoise(i);
        var end = References.Bulk(s, i, out var task);
        if (end > i && Ends(s, end))
            return task;
        end = References.Plain(s, i, ranges: true, out task);
        if (end > i && Ends(s, end) && !(sureAll && task.Scope == RefScope.All && !IsSure(s, i)))
            return task;
        var limit = Tail(s, i);
        if (References.Text(s, i, limit) is { } text && !Asking.Negates(s, limit, s.Limit))
            return new TaskRef { Text = text };
        end = Lexicon.It.After(s, i);
        return end > i && Ends(s, end) && s[i].Word.Text is "it" or "this" or "that" or "eso" or "esa" or "ese" or "esta" or "esto" ? new TaskRef { Scope = RefScope.Last, Pronoun = true } : null;
    }

    private static bool IsSure(Sentence s, int i) => s[i].Word.Text is "todo" or "todas" or "todos" or "toda" or "all" or "everything" or "every" or "it" or "them";

    public static bool Ends(Sentence s, int i) =>
        Coverage.Of(s, i, Lexicon.Courtesy, Lexicon.FromList, Lexicon.DoneMark, Lexicon.Filler, Lexicon.Named, Lexicon.DoneAfter, Lexicon.Laugh) || IsReason(s, i);

    private static bool IsReason(Sentence s, int i) => Lexicon.Reason.Has(s, s.IsPunctuation(i, ',') ? i + 1 : i);

    /// <summary>Where "from my list", "as done" and reasons begin at the end of a task named by words.</summary>
    private static int Tail(Sentence s, int i)
    {
        for (var at = i + 1; at < s.Limit; at++)
        {
            if (IsReason(s, at) || (Lexicon.FromList.Has(s, at) || Lexicon.DoneMark.Has(s, at)) && !IsNoun(s, at) && Coverage.Of(s, at, Lexicon.FromList, Lexicon.DoneMark, Lexicon.Courtesy))
                return at;
        }
        return s.Limit;
    }

    /// <summary>"ya pagué la 3", also without the accent, as WhatsApp has it, when the word is a known verb's.</summary>
    private static bool IsPast(Sentence s, int i)
    {
        if ((s[i].Shape & Shape.Past) != 0)
            return true;
        if (s[i].Kind != TokenKind.Word || s[i].End - s[i].Start is < 4 or > UnderstandingLimits.WordLetters || Lexicon.Delete.Has(s, i) || Lexicon.Move.Has(s, i) || Lexicon.Edit.Has(s, i) || Lexicon.CancelVerb.Has(s, i))
            return false;
        Span<char> word = stackalloc char[UnderstandingLimits.WordLetters + 1];
        var length = s.Slice(i, i + 1).ToLowerInvariant(word);
        var stem = word[..length];
        if (stem.EndsWith("gue"))
            stem = word[..(length - 1)];
        else if (stem.EndsWith("que"))
        {
            word[length - 3] = 'c';
            stem = word[..(length - 1)];
        }
        else if (stem.EndsWith("ce"))
            word[length - 2] = 'z';
        // The command form of the same verb: "pague" from "paga", "recogi" from "recoge".
        word[stem.Length - 1] = word[length - 1] switch { 'e' => 'a', 'i' => 'e', _ => '-' };
        return Lexicon.Find(stem) is { } verb && Lexicon.Verbs.Has(verb);
    }

    private static bool IsNoun(Sentence s, int i) => s[i].Word.Text is "a" or "now" or "up" or "already";

    /// <summary>"✅ 3", "la 3 ✔️".</summary>
    private static Understanding? Ticked(Sentence s, int i)
    {
        var end = References.Numbers(s, i, ranges: true, out var numbers);
        return end > i && Ends(s, end) && (IsTick(s, i - 1) || IsTick(s, end)) ? new TaskRef { Numbers = numbers }.As(Intent.Complete) : null;
    }

    private static bool IsTick(Sentence s, int i) => i >= 0 && s[i].Kind == TokenKind.Emoji && s.Text[s[i].Start] is '✅' or '✔' or '☑';

    private static Understanding? It(Sentence s, int i, PhraseSet verbs, Intent intent) =>
        verbs.At(s, i, out var next) && Ends(s, next) ? new TaskRef { Scope = RefScope.Last, Pronoun = true }.As(intent) : null;

    /// <summary>"marca la 3 como hecha", "mark as done the second one".</summary>
    private static Understanding? Marked(Sentence s, int i)
    {
        if (Lexicon.MarkIt.At(s, i, out var it) && Lexicon.DoneMark.Has(s, it) && Ends(s, it))
            return new TaskRef { Scope = RefScope.Last, Pronoun = true }.As(Intent.Complete);
        if (it > i && Lexicon.DoneMark.At(s, it, out var done) && References.Numbers(s, done, ranges: true, out var marked) is var stop && stop > done && Ends(s, stop))
            return new TaskRef { Numbers = marked }.As(Intent.Complete);
        if (!Lexicon.MarkVerb.At(s, i, out var next))
            return null;
        if (Lexicon.DoneMark.At(s, next, out var after) && !Ends(s, after))
            return Whole(s, after, sureAll: false)?.As(Intent.Complete);
        var end = References.Bulk(s, next, out var task);
        if (end == next || !Lexicon.DoneMark.Has(s, end))
            end = References.Plain(s, next, ranges: true, out task);
        if (end == next)
            end = s[next].Word.Text is "it" or "that" or "this" && (task = new TaskRef { Scope = RefScope.Last, Pronoun = true }).Pronoun ? next + 1 : next;
        if (end > next && Lexicon.DoneMark.Has(s, end) && Ends(s, end))
            return task.As(Intent.Complete);
        if (end > next && !task.Numbers.IsEmpty && s[i].Word.Text is "marca" or "marcar" or "mark" or "check" or "tick" && Ends(s, end))
            return task.As(Intent.Complete);
        for (var at = next + 1; at < s.Limit; at++)
        {
            if (!Lexicon.DoneMark.Has(s, at) || !Coverage.Of(s, at, Lexicon.DoneMark, Lexicon.Courtesy, Lexicon.FromList))
                continue;
            var sure = s[at].Word.Text is "como" or "as";
            var text = References.Text(s, next, at) ?? (sure ? Titles.Build(s, next, at, afterCommand: false) : null);
            return text is null ? null : new TaskRef { Text = text }.As(Intent.Complete);
        }
        return null;
    }

    /// <summary>"ya terminé la 3", "finished the call mom one", "la 3 ya quedó", "the walk the dog task is done".</summary>
    private static Understanding? Stated(Sentence s, int i)
    {
        if (Lexicon.Done.At(s, i, out var next) && !Asking.Negates(s, i, s.Limit))
        {
            next = s[next].Word.Text is "con" or "with" or "de" && !Lexicon.RefOf.Has(s, next) && !Lexicon.RangeFrom.Has(s, next) ? next + 1 : next;
            var end = References.Bulk(s, next, out var task);
            if (end > next && Ends(s, end))
                return task.As(Intent.Complete);
            end = References.Plain(s, next, ranges: true, out task);
            if (end > next && Ends(s, end) && (task.Scope != RefScope.All || IsSure(s, next)))
                return task.As(Intent.Complete);
            if (References.Text(s, next, Tail(s, next)) is { } text && s[next].Word.Text is not "it")
                return new TaskRef { Text = text }.As(Intent.Complete);
        }
        // "ya pagué la 3"
        if (s[i].Word.Text is "ya" && IsPast(s, i + 1) && s[i + 2].Kind == TokenKind.Word && References.Numbers(s, i + 2, ranges: true, out var paid) is var over && over > i + 2 && Ends(s, over))
            return new TaskRef { Numbers = paid }.As(Intent.Complete);
        var stop = References.Plain(s, i, ranges: true, out var named);
        if (stop > i && Lexicon.DoneAfter.Has(s, stop) && Ends(s, stop))
            return named.As(Intent.Complete);
        for (var at = i + 2; at < s.Limit; at++)
        {
            if (Lexicon.DoneAfter.Has(s, at) && Coverage.Of(s, at, Lexicon.DoneAfter, Lexicon.Courtesy) && s[i].Word.Text is "la" or "el" or "lo" or "the" or "my" or "tarea" or "task"
                && References.Text(s, i, at) is { } words && !Asking.Negates(s, i, s.Limit))
                return new TaskRef { Text = words }.As(Intent.Complete);
        }
        return null;
    }
}
