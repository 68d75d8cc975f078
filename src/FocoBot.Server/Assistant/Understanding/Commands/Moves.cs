using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Rescheduling: a task reference and a date, a length of time, or no date at all.</summary>
internal static class Moves
{
    public static Understanding? Read(Sentence s, int i)
    {
        if (s.Limit - i > Endings.MostTokens)
            return null;
        return Undated(s, i) ?? Moved(s, i) ?? Stated(s, i);
    }

    /// <summary>What follows "/snooze".</summary>
    public static Understanding? Numbered(Sentence s, int i) => Referred(s, i);

    private static Understanding? Moved(Sentence s, int i)
    {
        if (Lexicon.MoveIt.At(s, i, out var next) || Lexicon.EditIt.At(s, i, out next))
            return To(s, next, new TaskRef { Scope = RefScope.Last, Pronoun = true });
        // "make a task called … due Friday"
        if (Lexicon.Make.At(s, i, out var make) && s[make].Word.Text is "a" or "an" or "another" or "new" or "una" or "un" or "otra" or "otro" && Lexicon.MadeObject.After(s, make) > make + 1)
            return null;
        if (Lexicon.Move.At(s, i, out next) || Lexicon.Edit.At(s, i, out next) && !Lexicon.Rename.Has(s, i))
        {
            next = Lexicon.DateNoun.After(s, next);
            return Referred(s, next) ?? Referred(s, s[next].Word.Text is "back" or "off" or "up" or "a" ? next + 1 : next);
        }
        if (!Lexicon.Remind.At(s, i, out next))
            return null;
        next = Math.Max(next, Lexicon.Again.After(s, next));
        next = s[next].Word.Text is "about" or "of" or "de" or "sobre" ? next + 1 : next;
        var end = References.Plain(s, next, ranges: false, out var task);
        return end > next && !task.Numbers.IsEmpty | task.Scope == RefScope.Last ? To(s, end, task) : null;
    }

    private static Understanding? Referred(Sentence s, int i)
    {
        var end = References.Bulk(s, i, out var task);
        if (end > i && To(s, end, task) is { } bulk)
            return bulk;
        end = References.Plain(s, i, ranges: false, out task);
        if (end > i && To(s, end, task) is { } numbered)
            return numbered;
        // "move 3 from Monday to Tuesday"
        if (end > i && s[end].Word.Text is "from" or "del" or "de" && (s[end + 1].Word.Weekday > 0 ? end + 2 : Days.Read(s, end + 1, out _)) is var old && old > end + 1 && Lexicon.MoveTo.Has(s, old) && To(s, old, task) is { } shifted)
            return shifted;
        if (s[i].Word.Text is "it" or "this" or "that" or "eso" or "esa" or "ese" && To(s, i + 1, new TaskRef { Scope = RefScope.Last, Pronoun = true }) is { } it)
            return it;
        for (var at = i + 1; at < s.Limit; at++)
        {
            if (s.IsNoise(at) || !StartsTime(s, at) || References.Text(s, i, at) is not { } text)
                continue;
            if (To(s, at, new TaskRef { Text = text }) is { } named)
                return named;
        }
        return null;
    }

    private static bool StartsTime(Sentence s, int i) =>
        Lexicon.MoveTo.Has(s, i) || Lexicon.Lead.Has(s, i) || Lexicon.Tomorrow.Has(s, i) || Lexicon.Today.Has(s, i) || Lexicon.AfterTomorrow.Has(s, i) || Lexicon.NextWeek.Has(s, i)
        || s[i].Kind is TokenKind.Number or TokenKind.Clock or TokenKind.Slash or TokenKind.Iso || s[i].Word.Weekday > 0 || s[i].Word.Month > 0 || s[i].Word.Number > 0 || Lexicon.Half.Has(s, i)
        || Lexicon.Next.Has(s, i) || Lexicon.Tonight.Has(s, i) || Lexicon.In.Has(s, i);

    /// <summary>The new date, if it is all that is left.</summary>
    private static Understanding? To(Sentence s, int i, TaskRef task)
    {
        i = s.SkipNoise(i);
        if (Lexicon.NoDateMark.At(s, i, out var none) && Endings.Ends(s, none))
            return task.As(Intent.Reschedule);
        var at = i;
        while (true)
        {
            var end = Amounts.Read(s, at, out var length);
            if (end > at && Coverage.Of(s, end, Lexicon.Courtesy, Lexicon.FromNow, Lexicon.It, Lexicon.MoveTo))
                return Later(s, length, task);
            if (!Lexicon.MoveTo.At(s, at, out var next))
                break;
            at = next;
        }
        for (var from = i; ; from++)
        {
            s.Release();
            var moment = Moment.Read(s, from);
            if (moment.Due is { } due && moment.Recurrence is null && Covered(s, from))
                return task.As(Intent.Reschedule) with { Due = due };
            s.Release();
            if (from >= at || from >= s.Limit)
                return null;
        }
    }

    private static Understanding? Later(Sentence s, Length length, TaskRef task)
    {
        var at = length.After(s.Now);
        var due = length.HasTime
            ? new Due(new DateTime(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0), true)
            : new Due(at.Date, false);
        return task.As(Intent.Reschedule) with { Due = due };
    }

    private static bool Covered(Sentence s, int from)
    {
        for (var i = from; i < s.Limit;)
        {
            if (s.Taken(i) || s.IsNoise(i))
                i++;
            else if (Lexicon.Courtesy.At(s, i, out var next) || Lexicon.MoveTo.At(s, i, out next) || Lexicon.Filler.At(s, i, out next))
                i = next;
            else if (Lexicon.Reason.Has(s, i))
                return true;
            else
                return false;
        }
        return true;
    }

    /// <summary>"quítale la fecha a la 7", "remove the due date from 3".</summary>
    private static Understanding? Undated(Sentence s, int i)
    {
        if (Lexicon.NoDateMark.At(s, i, out var mark) && s[mark].Word.Text is "for" or "on" or "para" or "a" or "en" && References.Plain(s, mark + 1, ranges: true, out var bare) is var over && over > mark + 1 && !bare.Numbers.IsEmpty && Endings.Ends(s, over))
            return bare.As(Intent.Reschedule);
        if (Lexicon.Give.At(s, i, out var give) && Lexicon.NoDateMark.At(s, give, out mark) && s[mark].Word.Text is "a" or "en" or "on" or "to" && References.Plain(s, mark + 1, ranges: true, out bare) is var given && given > mark + 1 && Endings.Ends(s, given))
            return bare.As(Intent.Reschedule);
        if (!Lexicon.RemoveDate.At(s, i, out var next))
            return null;
        var noun = Lexicon.DateNoun.After(s, next);
        if (noun == next)
            return null;
        next = s[noun].Word.Text is "off" or "a" or "de" or "from" or "of" or "for" or "on" or "to" ? noun + 1 : noun;
        return Endings.Whole(s, next, sureAll: false) is { } task ? task.As(Intent.Reschedule) : null;
    }

    /// <summary>"la 3 es para el lunes", "task 3 is due Friday", "la 3 mejor mañana".</summary>
    private static Understanding? Stated(Sentence s, int i)
    {
        if (Lexicon.DateNoun.At(s, i, out var noun))
            i = noun;
        var end = References.Plain(s, i, ranges: false, out var task);
        if (end == i || task.Numbers.IsEmpty || Lexicon.TaskNouns.Has(s, i) && s[i + 1].Word.Text is "del" or "de" or "from")
            return null;
        if (Lexicon.NoDateMark.Has(s, s.SkipNoise(end)))
            return To(s, end, task);
        if (Asking.Negates(s, i, s.Limit))
            return null;
        if (Lexicon.MoveIt.At(s, s.SkipNoise(end), out var moved) || Lexicon.EditIt.At(s, s.SkipNoise(end), out moved))
            return To(s, moved, task);
        if (s.IsNoise(end))
            return null;
        // "la 3 a las 6", "la 3 en una hora": with an article or a noun it is a task, not an amount.
        if (end > i + 1 && s[end].Word.Text is "a" or "al" or "en" or "in" or "at" && Lexicon.Article.Has(s, i) | Lexicon.TaskNoun.Has(s, i))
            return To(s, end, task);
        return Lexicon.MoveTo.Has(s, end) && s[end].Word.Text is not ("a" or "en" or "of" or "and" or "about") || Lexicon.Tomorrow.Has(s, end) ? To(s, end, task) : null;
    }
}
