using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;
using Level = FocoBot.Assistant.Understanding.Priority;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Editing a task: its title or its priority.</summary>
internal static class Changes
{
    public static Understanding? Edit(Sentence s, int i) =>
        s.Limit - i > Endings.MostTokens * 4 ? null : Priority(s, i) ?? Title(s, i) ?? Called(s, i);

    /// <summary>What follows "/edit 3".</summary>
    public static Understanding? Numbered(Sentence s, int i)
    {
        var end = References.Plain(s, i, ranges: false, out var task);
        return end > i ? Retitled(s, task, SkipTo(s, end)) : null;
    }

    /// <summary>A reference, a priority and the words of a command in any order, and nothing else.</summary>
    private static Understanding? Priority(Sentence s, int i)
    {
        if (s.Limit - i > Endings.MostTokens)
            return null;
        TaskRef? task = null;
        Level? priority = null;
        Level? direction = null;
        var named = false;
        var verb = false;
        var raised = false;
        for (var at = s.SkipNoise(i); at < s.Limit; at = s.SkipNoise(at))
        {
            int next;
            if (priority is null && Importance.Read(s, at, out var said) is var importance && importance > at)
                (priority, next) = (said, importance);
            else if (Lexicon.PriorityNoun.At(s, at, out next))
                named = true;
            else if (task is null && References.Numbers(s, at, ranges: true, out var numbers) is var reference && reference > at)
                (task, next) = (new TaskRef { Numbers = numbers }, reference);
            else if (task is null && Lexicon.LastRefs.At(s, at, out next))
                task = new TaskRef { Scope = RefScope.Last };
            else if ((named || verb || task is not null) && priority is null && Importance.Level(s, at, out said) is var level && level > at)
                (priority, next, named) = (said, level, true);
            else if (Lexicon.Raise.At(s, at, out next) && !verb)
                (direction, verb, raised) = (Level.High, true, s[at].Word.Text is "subele" or "escalate");
            else if (Lexicon.Lower.At(s, at, out next) && !verb)
                (direction, verb, raised) = (Level.Low, true, s[at].Word.Text is "bajale" or "deprioritize");
            else if (Lexicon.Give.At(s, at, out next) || Lexicon.Edit.At(s, at, out next) || Lexicon.MarkVerb.At(s, at, out next))
                verb = true;
            else if (task is null && TextTask(s, at, out var text, out next))
                task = new TaskRef { Text = text };
            else if (!Connects(s, at, out next))
                return null;
            at = next;
        }
        if (named || raised)
            priority ??= direction;
        return task is null || priority is null ? null : task.As(Intent.Edit) with { Priority = priority };
    }

    private static bool Connects(Sentence s, int i, out int next)
    {
        if (Lexicon.RenameTo.At(s, i, out next) || Lexicon.Article.At(s, i, out next) || Lexicon.Courtesy.At(s, i, out next))
            return true;
        next = i + 1;
        return s[i].Word.Text is "of" or "de" or "on" or "for" or "ya" or "para" or "en" or "up" or "down" or "a" or "to" or "now" or "ahora" or "que" or "has" or "with" or "con" or "un" or "nivel" or "level" or "it" or "instead" or "mejor" or "actually";
    }

    /// <summary>"the tax return one" or "la de pagar la luz" up to the priority.</summary>
    private static bool TextTask(Sentence s, int i, out string text, out int next)
    {
        for (next = i + 2; next <= s.Limit; next++)
        {
            var end = Importance.Read(s, next, out _);
            var connected = Lexicon.RenameTo.At(s, next, out var to) && (Importance.Level(s, to, out _) > to || Importance.Read(s, to, out _) > to);
            if ((end > next || connected || next == s.Limit) && References.Text(s, i, next) is { } words)
            {
                text = words;
                return true;
            }
        }
        text = "";
        return false;
    }

    private static Understanding? Title(Sentence s, int i)
    {
        if (!Lexicon.Edit.At(s, i, out var next))
            return null;
        var rename = Lexicon.Rename.Has(s, i);
        var noun = Lexicon.TitleNoun.After(s, next);
        if (s[next].Word.Text is "the" or "el" && Lexicon.TitleNoun.At(s, next + 1, out var articled))
            noun = Math.Max(noun, articled);
        next = noun > next ? noun : next;
        next = s[next].Word.Text is "a" or "de" && Lexicon.Article.Has(s, next + 1) ? next + 1 : next;
        var end = References.Plain(s, next, ranges: false, out var task);
        if (end > next && task.Scope != RefScope.All)
        {
            var to = SkipTo(s, end);
            return to > end || rename || noun > i + 1 && s.IsNoise(end) ? Retitled(s, task, to) : null;
        }
        for (var at = next + 1; at < s.Limit && at < next + Endings.MostTokens; at++)
        {
            if (!Lexicon.RenameTo.Has(s, at) && !Lexicon.NowCalled.Has(s, at) || s[at].Word.Text is "a" && !rename && noun == i + 1)
                continue;
            if (References.Text(s, next, at) is { } text)
                return Retitled(s, new TaskRef { Text = text }, SkipTo(s, at));
        }
        return null;
    }

    /// <summary>"la tarea 7 ahora se llama …", "task 3 should say …".</summary>
    private static Understanding? Called(Sentence s, int i)
    {
        if (s[i].Word.Text is "make" or "haz" && References.Numbers(s, i + 1, ranges: false, out var made) is var said && said > i + 1 && s[said].Word.Text is "say" or "read" && s[said + 1].Kind != TokenKind.End)
            return Retitled(s, new TaskRef { Numbers = made }, said + 1);
        i = s[i].Word.Text is "que" or "q" ? i + 1 : i;
        var end = References.Plain(s, i, ranges: false, out var task);
        if (end == i || task.Scope == RefScope.All)
            return null;
        var at = s.SkipNoise(end);
        return Lexicon.NowCalled.At(s, at, out var next) && s[at].Word.Text is not ("is" or "say" or "called") ? Retitled(s, task, next) : null;
    }

    private static int SkipTo(Sentence s, int i)
    {
        var at = s.SkipNoise(i);
        var to = Math.Max(Lexicon.RenameTo.After(s, at), Lexicon.NowCalled.After(s, at));
        if (s[at].Kind == TokenKind.Word && to > at && Lexicon.NowCalled.At(s, to, out var called))
            to = called;
        return s.SkipNoise(to);
    }

    private static Understanding? Retitled(Sentence s, TaskRef task, int from)
    {
        s.Release();
        return Titles.Build(s, from, s.Limit, afterCommand: false) is { } title ? task.As(Intent.Edit) with { Title = title } : null;
    }
}
