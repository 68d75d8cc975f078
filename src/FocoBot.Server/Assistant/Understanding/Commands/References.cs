using System.Collections.Immutable;
using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Reads which tasks are meant: numbers, "la última", "todo", "la de …", "the … one".</summary>
internal static class References
{
    /// <summary>Numbers, the last task or all of them, without words; <paramref name="i"/> if none begins there.</summary>
    public static int Plain(Sentence s, int i, bool ranges, out TaskRef reference)
    {
        reference = new TaskRef();
        var next = Numbers(s, i, ranges, out var numbers);
        if (next > i)
        {
            reference = new TaskRef { Numbers = numbers };
            return next;
        }
        var last = Lexicon.LastRefs.After(s, i);
        var all = Lexicon.AllRefs.After(s, i);
        if (last > i && last >= all)
        {
            reference = new TaskRef { Scope = RefScope.Last };
            return last;
        }
        if (all > i)
            reference = new TaskRef { Scope = RefScope.All };
        return all;
    }

    /// <summary>"todas las de hoy", "everything overdue": all tasks of a filter.</summary>
    public static int Bulk(Sentence s, int i, out TaskRef reference)
    {
        reference = new TaskRef();
        // "trash every Tuesday" is a chore.
        if (s[i].Word.Text is "every" && !Lexicon.TaskNouns.Has(s, i + 1) && !Lexicon.TaskNoun.Has(s, i + 1) && !Lexicon.OneNoun.Has(s, i + 1))
            return i;
        var next = i;
        while (true)
        {
            var of = Lexicon.AllOf.After(s, next);
            of = Math.Max(of, Lexicon.TaskNouns.After(s, next));
            if (s[of].Word.Text is "of" or "de" or "que" or "that" or "are" or "is" or "thats" or "con" or "with" or "due" or "for" or "estan" or "para" or "del" or "marked" or "my" or "the" && Filters.Read(s, of, out _) == of)
                of++;
            if (of == next)
                break;
            next = of;
        }
        var end = Filters.Read(s, next, out var filter);
        if (end == next)
            return i;
        end = Lexicon.TaskNouns.After(s, end);
        if (end == next || next == i && s[end - 1].Word.Text is not ("tareas" or "tasks" or "pendientes" or "items" or "todos" or "reminders" or "ones"))
            return i;
        if (s[end].Word.Text is "ones" or "stuff" or "things" or "one")
            end++;
        reference = new TaskRef { Scope = RefScope.All, Filter = filter };
        return end;
    }

    /// <summary>"la 3", "2, 3 y 8", "de la 2 a la 5", "the second task", "1-3".</summary>
    public static int Numbers(Sentence s, int i, bool ranges, out ImmutableArray<int> numbers)
    {
        numbers = [];
        var found = new List<int>();
        var at = s[i].Word.Text is "with" or "con" or "on" or "about" or "sobre" or "both" or "ambas" ? i + 1 : i;
        var from = Lexicon.RangeFrom.At(s, at, out var begun);
        var next = One(s, from ? begun : at, found);
        if (next < 0)
            return i;
        while (found.Count < UnderstandingLimits.Refs)
        {
            var to = s.IsPunctuation(next, '-') || s.IsPunctuation(next, '–') ? next + 1 : Lexicon.RangeTo.After(s, next);
            if (to > next && (ranges || from || s.IsPunctuation(next, '-')) && One(s, to, found) is var end and > 0)
            {
                Expand(found);
                next = end;
                from = false;
                continue;
            }
            var and = s.IsPunctuation(next, ',') || s.IsPunctuation(next, ';') || s.IsPunctuation(next, '+') || s.IsPunctuation(next, '&') ? next + 1 : next;
            and = Lexicon.And.After(s, and);
            if (s[and].Word.Text is "also" or "tambien")
                and++;
            if (and == next && s[next].Kind != TokenKind.Number || Lexicon.AtHour.Has(s, and) && s[and].Word.Text is "a")
                break;
            end = One(s, and, found);
            if (end < 0)
                break;
            next = end;
        }
        numbers = [.. found.Distinct().Take(UnderstandingLimits.Refs)];
        return next;
    }

    private static void Expand(List<int> found)
    {
        var (first, last) = (found[^2], found[^1]);
        if (last < first || last - first >= UnderstandingLimits.Refs)
            return;
        found.RemoveAt(found.Count - 1);
        for (var n = first + 1; n <= last && found.Count < UnderstandingLimits.Refs; n++)
            found.Add(n);
    }

    /// <summary>One number with its article and noun; -1 if there is none.</summary>
    private static int One(Sentence s, int i, List<int> found)
    {
        var start = i;
        while (true)
        {
            var skip = Math.Max(Lexicon.Article.After(s, i), Math.Max(Lexicon.TaskNoun.After(s, i), Lexicon.TaskNouns.After(s, i)));
            if (s.IsPunctuation(i, '#') || i > start && s.IsPunctuation(i, '.') || i > start && s.IsPunctuation(i, ':'))
                skip = i + 1;
            if (skip == i || s[i].Kind == TokenKind.Word && s[i].Word.Ordinal != 0)
                break;
            i = skip;
        }
        ref readonly var token = ref s[i];
        var value = 0;
        var next = i + 1;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Ordinal:
                value = token.A;
                break;
            case TokenKind.Dash when token.C < 0 && token.A < token.B:
                if (found.Count < UnderstandingLimits.Refs && IsShown(token.A) && IsShown(token.B))
                {
                    found.Add(token.A);
                    found.Add(token.B);
                    Expand(found);
                    return next;
                }
                return -1;
            case TokenKind.Word when token.Word.Ordinal > 0:
                value = token.Word.Ordinal;
                break;
            case TokenKind.Word when token.Word.Number > 0 && (token.Word.Text is not ("a" or "an" or "un" or "one" or "una" or "uno") || i > start && (token.Word.Text is not "one" || Lexicon.TaskNoun.Has(s, i - 1))):
                next = Amounts.Number(s, i, out value);
                break;
        }
        if (!IsShown(value) || s[next].Kind == TokenKind.Meridiem || s[next].Unit != Unit.None)
            return -1;
        if (token.Kind == TokenKind.Ordinal || token.Word.Ordinal > 0)
            next = Math.Max(Lexicon.TaskNoun.After(s, next), Lexicon.OneNoun.After(s, next));
        found.Add(value);
        return next;
    }

    private static bool IsShown(int number) => number is > 0 and <= UnderstandingLimits.HighestRef;

    /// <summary>
    /// A task named by words up to <paramref name="end"/>: "la de comprar focos", "the call mom one". The text is empty
    /// if the words do not point at a task.
    /// </summary>
    public static string? Text(Sentence s, int i, int end)
    {
        while (end > i && s.IsNoise(end - 1))
            end--;
        if (Quoted(s, i, end) is { } quoted)
            return quoted;
        for (var at = s.SkipNoise(i); at < end;)
        {
            if (Lexicon.RefOf.At(s, at, out var words) && words < end)
            {
                // "the … one" wins over "the one": the noun stands last.
                return Titles.Build(s, s.SkipNoise(words), EndNoun(s, words, end), afterCommand: false);
            }
            if (s[at].Word.Text is "the" or "my" or "that" or "la" or "el")
            {
                var noun = EndNoun(s, at + 1, end);
                if (noun < end && noun > at + 1)
                    return Titles.Build(s, at + 1, noun, afterCommand: false);
            }
            return null;
        }
        return null;
    }

    private static string? Quoted(Sentence s, int i, int end) =>
        i + 1 < end && s[i].Kind == TokenKind.Punctuation && s[i].Mark is '"' or '“' or '«' && end < s.Count && s[end].Kind == TokenKind.Punctuation && s[end].Mark is '"' or '”' or '»'
            ? Titles.Build(s, i + 1, end, afterCommand: false)
            : null;

    private static int EndNoun(Sentence s, int from, int end)
    {
        for (var length = 1; length <= 2; length++)
        {
            if (end - length > from && Lexicon.OneNoun.After(s, end - length) == end)
                return end - length;
        }
        return end;
    }
}
