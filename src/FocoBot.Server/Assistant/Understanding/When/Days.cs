using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>Reads dates said with words: today, weekdays, weeks, months (rules 1 to 3 and 6).</summary>
internal static class Days
{
    /// <summary>The token after the date that begins at <paramref name="i"/> with its prepositions; <paramref name="i"/> if none does.</summary>
    public static int Read(Sentence s, int i, out Day day)
    {
        day = default;
        if (Past(s, i) is var past && past > i)
        {
            day.Kind = DayKind.Past;
            return past;
        }
        if (s[i].Word.Text is "between" or "entre" or "from" or "desde" && Range(s, i, out day) is var range && range > i)
            return range;
        var core = Leads.After(s, i);
        while (true)
        {
            var next = Core(s, i, core, out day);
            if (next > core)
            {
                day.Weak |= core > i && s[i].Word.Text is "de" or "del" or "d" or "of";
                day.Weak |= day.Kind == DayKind.MonthDay && core > i && s[core - 1].Word.Text is "the" && s[core].Word.Month > 0 && !Leads.Stands(s, next);
                day.Weak |= core == i && i > 0 && day.Kind == DayKind.Weekday && next == i + 1 && s[i - 1].Kind == TokenKind.Word && (Lexicon.Verbs.Has(s, i - 1) && !Leads.Stands(s, next) && !s[next].Word.MayTellTime || s[i - 1].Word == Word.Unknown && (s[i - 1].Shape & Shape.Capital) != 0 && i > 1 && s[i].Shape == Shape.Capital);
                day.Until = Lexicon.Until.Has(s, i) || core > i + 1 && Lexicon.Until.Has(s, i + 1);
                return next;
            }
            // A preposition may belong to the date itself ("en enero", "el próximo mes").
            if (core == i)
                return i;
            core--;
        }
    }

    /// <summary>"between Dec 14 and Dec 18", "desde el lunes hasta el viernes": its start.</summary>
    private static int Range(Sentence s, int i, out Day day)
    {
        var start = Leads.After(s, i + 1);
        var end = Core(s, i, start, out day);
        if (end == start || !Lexicon.RangeWord.At(s, end, out var to))
            return i;
        var last = Leads.After(s, to);
        return Core(s, to, last, out _) is var next && next > last ? next : i;
    }

    private static int Core(Sentence s, int i, int core, out Day day)
    {
        var next = Relative(s, i, core, out day);
        if (next == core)
            next = Weekday(s, i, core, out day);
        if (next == core)
            next = Period(s, core, out day);
        if (next == core)
            next = NumberedDays.Read(s, i, core, out day);
        return next;
    }

    private static int Past(Sentence s, int i)
    {
        var next = Lexicon.PastDay.After(s, i);
        if (next > i)
            return next;
        if (Lexicon.Ago.At(s, i, out next) && Amounts.Read(s, next, out _) is var end && end > next)
            return end;
        next = Amounts.Read(s, i, out _);
        if (next > i && s[next].Word.Text is "ago")
            return next + 1;
        var weekday = Lexicon.The.After(s, i);
        if (s[weekday].Word.Weekday > 0 && Lexicon.PastAfter.At(s, weekday + 1, out next) && s[next].Word.Text is not "manana")
            return next;
        return s[i].Word.Text is "last" && s[i + 1].Word.Weekday > 0 && !Lexicon.Of.Has(s, i + 2) && !Lexicon.Monthly.Has(s, i + 2) ? i + 2 : i;
    }

    private static int Relative(Sentence s, int i, int core, out Day day)
    {
        day = default;
        int ahead;
        if (Lexicon.AfterTomorrow.At(s, core, out var next))
            ahead = 2;
        else if (Lexicon.Tomorrow.At(s, core, out next) && IsTomorrow(s, i, core))
            ahead = 1;
        else if (Lexicon.Today.At(s, core, out next) && !Lexicon.Particle.Has(s, Math.Max(i, core - 1)))
            ahead = 0;
        else
            return core;
        if (s[next].Word.Text is "en" && Lexicon.InEight.At(s, next, out var eight))
            (ahead, next) = (ahead + 7, eight);
        day = Day.Of(s.Today.AddDays(ahead));
        if (s[next].Word.Weekday == Calendar.Weekday(day.Date))
            next++;
        return next;
    }

    private static bool IsTomorrow(Sentence s, int i, int core)
    {
        var word = s[core].Word;
        var before = core > 0 ? s[core - 1].Word.Text : "";
        if (word.English)
            return core == i || before is not ("on" or "in");
        return before is not ("la" or "las" or "una" or "esta" or "cada" or "buena" or "tarde");
    }

    private static int Weekday(Sentence s, int i, int core, out Day day)
    {
        day = default;
        var at = core;
        var next = Lexicon.Next.After(s, at);
        var isNext = next > at;
        at = next;
        var isThis = !isNext && Lexicon.This.At(s, at, out at) || core > 0 && core > i && Lexicon.This.Has(s, core - 1);
        if (!isNext && !isThis && core > i)
            isNext = Lexicon.Next.Has(s, core - 1);
        var coming = s[at].Word.Text is "coming" && s[at + 1].Word.Weekday > 0;
        if (coming)
            at++;
        var weekday = s[at].Word.Weekday;
        if (weekday == 0 || !IsWeekday(s, i, at))
            return core;
        next = at + 1;
        if (s[at].Word.Doubtful && s.IsPunctuation(next, '.'))
            next++;
        if (NumberedDays.AfterWeekday(s, next, weekday, out day) is var numbered && numbered > next)
            return numbered;
        day = Day.Of(Calendar.NextWeekday(s.Today, weekday, isThis && !coming), isNext || isThis ? DayKind.Plain : DayKind.Weekday, weekday);
        if (OfNextWeek(s, next, out var end))
            (isNext, next) = (true, end);
        else if (OfThisWeek(s, next, out end))
        {
            day = Day.Of(Calendar.Monday(s.Today).AddDays(weekday - 1));
            return day.Date >= s.Today ? end : core;
        }
        else if (s[next].Word.Text is "en" && Lexicon.InEight.At(s, next, out end))
        {
            day = Day.Of(day.Date.AddDays(7));
            return end;
        }
        if (isNext)
            day = Day.Of(Calendar.Monday(s.Today).AddDays(6 + weekday));
        return SkipRange(s, core, next);
    }

    /// <summary>"del lunes al miércoles": the end does not matter.</summary>
    private static int SkipRange(Sentence s, int core, int next)
    {
        var to = Lexicon.ThroughWeek.After(s, next);
        return core > 0 && s[core - 1].Word.Text is "del" or "from" && to > next && s[to].Word.Weekday > 0 ? to + 1 : next;
    }

    private static bool OfNextWeek(Sentence s, int i, out int end)
    {
        if (Lexicon.Coming.At(s, i, out end))
            return true;
        var week = Lexicon.Of.After(s, i);
        return Lexicon.NextWeek.At(s, week, out end);
    }

    private static bool OfThisWeek(Sentence s, int i, out int end)
    {
        var week = Lexicon.Of.After(s, i);
        return Lexicon.ThisWeek.At(s, week, out end);
    }

    private static bool IsWeekday(Sentence s, int i, int at)
    {
        ref readonly var token = ref s[at];
        if (token.Word.PluralWeekday || s.IsPunctuation(at + 1, '.') && (s[at + 1].Shape & Shape.Joined) != 0)
            return false;
        if (token.Word.Doubtful && (token.Shape & Shape.Upper) != 0 && (at > 0 && s[at - 1].Kind == TokenKind.Word && (s[at - 1].Shape & Shape.Upper) == 0))
            return false;
        if (token.Word.Doubtful || (token.Shape & Shape.Mended) != 0 && at > 0 && !Lexicon.Coming.Has(s, at + 1))
            return at > i && Lexicon.Particle.Has(s, at - 1) | Leads.Dated(s, at - 1) || s[at + 1].Kind is TokenKind.Clock or TokenKind.Number or TokenKind.End or TokenKind.Ordinal
                || s[at + 1].Word.Text is "the" && s[at + 2].Kind == TokenKind.Ordinal || Lexicon.AtHour.Has(s, at + 1) || Lexicon.Noon.Has(s, at + 1) || s[at + 1].Word.Month > 0 || Lexicon.Morning.Has(s, at + 1);
        if (!token.Word.Spanish || (token.Shape & (Shape.Capital | Shape.Upper)) != Shape.Capital)
            return true;
        // "Viernes Verde", "Domingo Pérez"; and Domingo alone is a man's name too.
        var name = at > 0 && s[at + 1].Kind == TokenKind.Word && (s[at + 1].Shape & Shape.Capital) != 0 && s[at + 1].Word == Word.Unknown && !Lexicon.DayArticle.Has(s, at - 1);
        return !name && (token.Word.Text is not "domingo" || at == 0 || s[at - 1].Kind != TokenKind.Word || Lexicon.DayArticle.Has(s, at - 1) || Lexicon.This.Has(s, at - 1) || !Lexicon.PersonBefore.Has(s, at - 1));
    }

    private static int Period(Sentence s, int i, out Day day)
    {
        day = default;
        if (Lexicon.EndOfWeek.At(s, i, out var next))
            return Found(next, Calendar.Monday(s.Today).AddDays(4) is var friday && friday < s.Today ? s.Today : friday, out day);
        if (Lexicon.NextWeek.At(s, i, out next))
        {
            var at = Leads.After(s, s.IsPunctuation(next, ',') ? next + 1 : next);
            if (s[at].Word.Weekday > 0 && !s[at].Word.PluralWeekday && (!s[at].Word.Doubtful || at > next))
                return Found(at + 1, Calendar.Monday(s.Today).AddDays(6 + s[at].Word.Weekday), out day);
            return Found(next, Calendar.Monday(s.Today).AddDays(7), out day);
        }
        if (Weekend(s, i, out next, out var saturday))
            return Found(next, saturday, out day);
        if (Lexicon.EndOfYear.At(s, i, out next))
            return Found(next, new DateOnly(s.Today.Year, 12, 31), out day);
        if (Lexicon.EndOfMonth.At(s, i, out next))
            return Found(next, Calendar.LastOfMonth(s.Today), out day, DayKind.LastOfMonth);
        if (Edge(s, i, out day) is var edge && edge > i)
            return edge;
        if (Lexicon.NextMonth.At(s, i, out next))
            return Found(next, Calendar.FirstOfMonth(s.Today, 1), out day);
        if (Lexicon.NextYear.At(s, i, out next) && s[next].Word.Text is not ("eve" or "day" or "party"))
            return Found(next, new DateOnly(s.Today.Year + 1, 1, 1), out day);
        return i;
    }

    private static int Found(int next, DateOnly date, out Day day, DayKind kind = DayKind.Plain)
    {
        day = Day.Of(date, kind);
        return next;
    }

    private static bool Weekend(Sentence s, int i, out int next, out DateOnly saturday)
    {
        saturday = Calendar.Monday(s.Today).AddDays(5);
        var at = Lexicon.This.After(s, i);
        var isNext = Lexicon.Next.At(s, at, out at);
        if (!Lexicon.Weekend.At(s, at, out next) || s[at].Word.Text is "fin" && next == at + 1 && at == i && i > 0 && !Lexicon.This.Has(s, i - 1))
            return false;
        if (isNext || i > 0 && Lexicon.Next.Has(s, i - 1))
            saturday = saturday.AddDays(7);
        else if (Lexicon.Coming.At(s, next, out var coming))
            (saturday, next) = (saturday.AddDays(7), coming);
        else if (saturday < s.Today)
            saturday = s.Today;
        return true;
    }

    /// <summary>Beginning, middle or end of a month or year; the nth weekday of a month.</summary>
    private static int Edge(Sentence s, int i, out Day day)
    {
        day = default;
        if (Lexicon.EndOf.At(s, i, out var next))
            return Month(s, next, i, out var month, out var end) ? Found(end, Calendar.LastOfMonth(month), out day) : i;
        if (Lexicon.StartOf.At(s, i, out next))
            return Month(s, next, i, out var month, out var end) ? Found(end, month < s.Today ? month.AddMonths(1) : month, out day) : i;
        if (Lexicon.MiddleOf.At(s, i, out next))
            return Month(s, next, i, out var month, out var end) ? Found(end, month.AddDays(14), out day) : i;
        var nth = s[i].Kind == TokenKind.Ordinal ? s[i].A : s[i].Word.Ordinal;
        if (nth is not 0 and <= 5 && s[i + 1].Word.Weekday is > 0 and var weekday)
        {
            var of = Lexicon.Of.After(s, i + 2);
            if (of > i + 2 | s[of].Word.Text is "del" && Month(s, s[of].Word.Text is "del" ? of + 1 : of, i, out var month, out var end) && Calendar.Nth(month, nth, weekday) is { } date)
            {
                if (date < s.Today)
                    date = Calendar.Nth(month.AddMonths(1), nth, weekday) ?? date;
                return Found(end, date, out day);
            }
        }
        return i;
    }

    /// <summary>A month named or pointed at; its first day.</summary>
    private static bool Month(Sentence s, int i, int start, out DateOnly first, out int end)
    {
        first = default;
        if (Lexicon.NextMonth.At(s, i, out end))
            first = Calendar.FirstOfMonth(s.Today, 1);
        else if (s[i].Word.Month > 0)
        {
            end = i + 1;
            first = new DateOnly(s.Today.Year, s[i].Word.Month, 1);
            if (Calendar.LastOfMonth(first) < s.Today)
                first = first.AddYears(1);
            end = NumberedDays.Year(s, end, out var year);
            if (year > 0)
                first = new DateOnly(year, first.Month, 1);
        }
        else if (Lexicon.NextYear.At(s, i, out end))
            first = new DateOnly(s.Today.Year + 1, s[start].Word.Text is "fin" or "final" or "finales" or "end" or "a" ? 12 : 1, 1);
        else if (Lexicon.ThisYear.At(s, i, out end))
            first = new DateOnly(s.Today.Year, 12, 1);
        else if (Lexicon.ThisMonth.At(s, i, out end))
            first = Calendar.FirstOfMonth(s.Today);
        else
            return false;
        return true;
    }
}
