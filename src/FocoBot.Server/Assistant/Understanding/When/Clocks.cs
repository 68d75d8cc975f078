using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>Reads times of day (rules 6 to 9).</summary>
internal static class Clocks
{
    /// <summary>
    /// The token after the time that begins at <paramref name="i"/>; <paramref name="i"/> if none does. <paramref name="afterDay"/>:
    /// a date ends right before ("Monday morning").
    /// </summary>
    public static int Read(Sentence s, int i, bool afterDay, out Clock clock, out bool today)
    {
        today = false;
        if (TodayPart(s, i, out clock) is var next && next > i)
        {
            today = true;
            return next;
        }
        if (Lexicon.RangeLead.Has(s, i) && Range(s, i, out clock) is var range && range > i)
            return range;
        if (Relative(s, i, out clock) is var relative && relative > i)
            return relative;
        var strong = Lexicon.AtHour.At(s, i, out var hourAt);
        var weak = strong && Lexicon.WeakHourLead.After(s, i) == hourAt;
        next = Range(s, i, out clock);
        if (next > i)
            return next;
        if (strong && Hour(s, hourAt, !weak, weak, out clock) is var end && end > hourAt)
            return end;
        if (Hour(s, i, strong: false, weak: false, out clock, afterDay) is var bare && bare > i)
            return bare;
        var core = Leads.After(s, i);
        for (; core > i; core--)
        {
            if (Hour(s, core, strong: false, weak: false, out clock) is var led && led > core)
                return led;
            if (Lexicon.AtHour.At(s, core, out hourAt) && Hour(s, hourAt, Lexicon.WeakHourLead.After(s, core) != hourAt, true, out clock) is var at && at > hourAt)
                return at;
            if (Alone(s, core, afterDay, out clock) is var part && part > core)
                return part;
        }
        return Alone(s, i, afterDay, out clock);
    }

    private static int TodayPart(Sentence s, int i, out Clock clock)
    {
        var part = PartOfDay.None;
        var next = Best(s, i, Lexicon.ThisMorning, PartOfDay.Morning, i, ref part);
        next = Best(s, i, Lexicon.ThisAfternoon, PartOfDay.Afternoon, next, ref part);
        next = Best(s, i, Lexicon.ThisEvening, PartOfDay.Evening, next, ref part);
        next = Best(s, i, Lexicon.Tonight, PartOfDay.Night, next, ref part);
        clock = Clock.In(part);
        return next;
    }

    private static int Best(Sentence s, int i, PhraseSet set, PartOfDay value, int best, ref PartOfDay part)
    {
        var next = set.After(s, i);
        if (next <= best)
            return best;
        part = value;
        return next;
    }

    /// <summary>The part of the day that says which half an hour belongs to: "de la tarde", "in the morning".</summary>
    private static int Part(Sentence s, int i, out PartOfDay part)
    {
        part = PartOfDay.None;
        var next = Best(s, i, Lexicon.Morning, PartOfDay.Morning, i, ref part);
        next = Best(s, i, Lexicon.Noon, PartOfDay.Noon, next, ref part);
        next = Best(s, i, Lexicon.Afternoon, PartOfDay.Afternoon, next, ref part);
        next = Best(s, i, Lexicon.Evening, PartOfDay.Evening, next, ref part);
        next = Best(s, i, Lexicon.Night, PartOfDay.Night, next, ref part);
        next = Best(s, i, Lexicon.Midnight, PartOfDay.Midnight, next, ref part);
        return Best(s, i, Lexicon.Dawn, PartOfDay.Dawn, next, ref part);
    }

    /// <summary>A part of the day on its own.</summary>
    private static int Alone(Sentence s, int i, bool afterDay, out Clock clock)
    {
        var part = PartOfDay.None;
        int next;
        if (afterDay)
            next = Part(s, i, out part);
        else
        {
            next = Best(s, i, Lexicon.MorningAlone, PartOfDay.Morning, i, ref part);
            next = Best(s, i, Lexicon.AfternoonAlone, PartOfDay.Afternoon, next, ref part);
            next = Best(s, i, Lexicon.NightAlone, PartOfDay.Night, next, ref part);
            next = Best(s, i, Lexicon.Midnight, PartOfDay.Midnight, next, ref part);
            if (!IsAdjective(s, i))
                next = Best(s, i, Lexicon.Evening, PartOfDay.Evening, Best(s, i, Lexicon.Noon, PartOfDay.Noon, next, ref part), ref part);
        }
        if (part == PartOfDay.Noon && s[i].Word.Text is "del" or "de" && s[next - 1].Word.Text is "dia")
            next = i;
        clock = Clock.In(part);
        return next;
    }

    private static bool IsAdjective(Sentence s, int i) => s[i].Word.Text is "evening" or "evenings" || s[i].Word.Text is "al" && s[i + 1].Word.Text is "medio" && s[i + 2].Word.Text is not "dia";

    /// <summary>"cuarto para las cinco", "half past eight", "ten to six", "5 para las 3".</summary>
    private static int Relative(Sentence s, int i, out Clock clock)
    {
        clock = default;
        var at = i;
        for (var lead = 0; lead < 2; lead++)
            at = Lexicon.AtHour.At(s, at, out var past) && !Lexicon.Half.Has(s, at) ? past : Lexicon.Lead.After(s, at);
        for (; at >= i; at--)
        {
            if (Parts(s, at, out clock) is var next && next > at)
                return next;
        }
        return i;
    }

    private static int Parts(Sentence s, int i, out Clock clock)
    {
        clock = default;
        var at = s[i].Word.Text is "un" or "a" ? i + 1 : i;
        int minutes;
        var spoken = true;
        if (Lexicon.Half.At(s, at, out var next))
            minutes = 30;
        else if (Lexicon.Quarter.At(s, at, out next))
            minutes = 15;
        else
        {
            next = Amounts.Number(s, at, out minutes);
            if (next == at || minutes is < 1 or > 29)
                return i;
            var word = Lexicon.MinuteWord.After(s, next);
            spoken = word > next;
            next = word;
        }
        var past = s[next].Word.Text is "past" or "after" && (spoken || s[next].Word.Text is "past");
        if (!past && (!Lexicon.To.At(s, next, out _) || minutes == 30 || s[next].Word.Text is "before" or "a" or "al" or "of" && !spoken))
            return i;
        next++;
        var article = next;
        if (s[next].Word.Text is "las" or "la")
            next++;
        // "5 para 3" is an amount; "5 to 3" a score: the article, a word or what follows tells.
        var bare = !spoken && next == article && s[at].Kind == TokenKind.Number;
        if (next == article && !past && s[next - 1].Word.Spanish && !s[next - 1].Word.English)
            return i;
        var end = Hour(s, next, strong: true, weak: true, out clock);
        if (end == next || bare && !past)
            return i;
        clock.Shift = past ? minutes : -minutes;
        return end;
    }

    /// <summary>"de 3 a 5pm", "between 9 and 10", "7-9 pm": the start, with the half of the day said at the end.</summary>
    private static int Range(Sentence s, int i, out Clock clock)
    {
        clock = default;
        var lead = Lexicon.RangeLead.After(s, i);
        var at = lead > i ? lead : Lexicon.AtHour.After(s, i);
        if (lead == i && at == i && Lexicon.Particle.At(s, i, out var particle))
            at = particle;
        if (s[at].Kind == TokenKind.Dash && s[at].C < 0 && s[at].A is >= 1 and <= 24 && s[at].B is >= 1 and <= 24)
        {
            var end = Tail(s, at + 1, s[at].B, 0, out var until, out var marked);
            if (!marked && at == i)
                return i;
            clock = Clock.At(s[at].A, 0);
            Share(ref clock, until);
            return end;
        }
        var next = Hour(s, at, strong: true, weak: false, out clock);
        if (next == at)
            return i;
        var to = s.IsPunctuation(next, '-') || s.IsPunctuation(next, '–') ? next + 1 : Lexicon.RangeWord.After(s, next);
        if (to == next)
            return i;
        var last = Hour(s, to, strong: true, weak: lead > i, out var second);
        if (last == to)
            return i;
        var sure = second.Meridiem >= 0 || second.Part != PartOfDay.None || s[last - 1].Kind == TokenKind.Clock || clock.Meridiem >= 0;
        if (lead == i && !sure && at == i || lead > i && !sure && !Leads.Stands(s, last))
            return i;
        if (s[to - 1].Word.Text is "y" or "and" && lead == i)
            return i;
        Share(ref clock, second);
        return last;
    }

    private static void Share(ref Clock clock, Clock until)
    {
        if (clock.Meridiem >= 0 || clock.Part != PartOfDay.None || clock.TwentyFour)
            return;
        clock.Part = until.Part;
        if (until.Meridiem >= 0)
            clock.Meridiem = clock.Hour % 12 > until.Hour % 12 ? 12 - until.Meridiem : until.Meridiem;
        if (until.TwentyFour && until.Hour > 12 && clock.Hour < 12 && clock.Hour + 12 <= until.Hour)
            clock.TwentyFour = true;
    }

    /// <summary>
    /// An hour with its minutes and its half of the day. <paramref name="strong"/>: a preposition says that the number is an hour;
    /// <paramref name="weak"/>: one that may also count things ("by 5 people", "las 3 tareas").
    /// </summary>
    private static int Hour(Sentence s, int i, bool strong, bool weak, out Clock clock, bool afterDay = false)
    {
        clock = default;
        ref readonly var token = ref s[i];
        int next;
        switch (token.Kind)
        {
            case TokenKind.Clock when token.B >= 0:
                next = Tail(s, i + 1, token.A, token.B, out clock, out var hasMark);
                clock.TwentyFour |= !hasMark && (token.A is 0 or > 12 || token.Digits == 2 && token.A < 10);
                return next;
            case TokenKind.Decimal when token.A is >= 0 and <= 24 && token.B is >= 0 and < 60:
                next = Tail(s, i + 1, token.A, token.B, out clock, out hasMark);
                clock.TwentyFour |= !hasMark && token.A > 12;
                return (strong || hasMark) && s[i + 1].Unit == Unit.None ? next : i;
            case TokenKind.Number when token.Digits is 3 or 4:
                return Military(s, i, strong, afterDay, out clock);
        }
        next = Amounts.Number(s, i, out var hour);
        if (i > 0 && hour != 1 && s[i - 1].Word.Text is "la")
            return i;
        if (next == i || hour is < 0 or > 24 || token.Kind == TokenKind.Word && token.Word.Text is "un" or "a" or "an" or "uno")
            return i;
        var said = token.Kind == TokenKind.Word ? Spoken(s, i, ref hour) : next;
        next = said;
        var minute = 0;
        var minutes = Minutes(s, next, strong || token.Kind == TokenKind.Word, ref hour, ref minute);
        var end = Tail(s, minutes, hour, minute, out clock, out var marked);
        if (marked)
            return strong || clock.Meridiem >= 0 || hour <= 24 && (clock.Part != PartOfDay.None || IsHourWord(s, minutes, hour)) ? end : i;
        // "dentista lunes 9"
        if (!strong && !weak && afterDay && token.Kind == TokenKind.Number && hour is >= 1 and <= 12 && i > 0 && s[i - 1].Kind == TokenKind.Word && s[i - 1].Word.Month == 0 && s[i - 1].Unit == Unit.None && s.SkipNoise(end) >= s.Limit)
            return end;
        if (!strong && !weak)
            return i;
        if (weak && !Leads.Stands(s, end) && minutes == next || weak && !strong && s[i - 1].Word.Text is "las" or "la" && minutes == next)
            return i;
        return IsAddress(s, end) || s[end].Unit != Unit.None || minutes == next && IsCounted(s, i, end) ? i : end;
    }

    /// <summary>Number words take one word as the hour, so that "ocho treinta" and "seven thirty" keep their minutes.</summary>
    private static int Spoken(Sentence s, int i, ref int hour)
    {
        if (s[i].Word.Number == 20 && s[i + 1].Word.Text is "y" or "one" or "two" or "three" && hour <= 24)
            return Amounts.Number(s, i, out _);
        hour = s[i].Word.Number;
        return i + 1;
    }

    private static bool IsHourWord(Sentence s, int i, int hour) =>
        !Lexicon.TwentyFourHours.Has(s, i) || hour is >= 13 and < 24;

    private static int Military(Sentence s, int i, bool strong, bool afterDay, out Clock clock)
    {
        ref readonly var token = ref s[i];
        clock = default;
        var (hour, minute) = (token.A / 100, token.A % 100);
        if (hour > 24 || minute > 59)
            return i;
        var next = Tail(s, i + 1, hour, minute, out clock, out var marked);
        if (!marked && (token.Digits == 3 || !strong && !(afterDay && (token.A < 1000 || token.A is < 1900 or > 2100 && Leads.Stands(s, next)))))
            return i;
        if (marked && clock.Meridiem < 0 && !Lexicon.HourWord.Has(s, i + 1) && !strong)
            return i;
        clock.TwentyFour = clock.Meridiem < 0 && clock.Part == PartOfDay.None;
        return next;
    }

    /// <summary>"a las 3 sucursales": a feminine plural agrees with "las".</summary>
    private static bool IsCounted(Sentence s, int hour, int i) =>
        s[hour - 1].Word.Text is "las" && s[i].Kind == TokenKind.Word && s[i].Word == Word.Unknown && s[i].End - s[i].Start > 4
        && s.Text[s[i].End - 1] is 's' or 'S' && s.Text[s[i].End - 2] is 'a' or 'e' or 'A' or 'E';

    private static bool IsAddress(Sentence s, int i) =>
        s[i].Kind == TokenKind.Word && (s[i].Shape & (Shape.Capital | Shape.Upper)) == Shape.Capital && s[i].Word == Word.Unknown;

    /// <summary>"y media", "menos cuarto", "y 20", "treinta".</summary>
    private static int Minutes(Sentence s, int i, bool may, ref int hour, ref int minute)
    {
        if (Lexicon.Minus.At(s, i, out var minus))
        {
            var end = s[minus].Word.Text is "cuarto" ? minus + 1 : Amounts.Number(s, minus, out minute);
            if (end == minus)
                return i;
            minute = 60 - (s[minus].Word.Text is "cuarto" ? 15 : Math.Clamp(minute, 1, 59));
            hour = hour <= 1 ? 12 : hour - 1;
            return end;
        }
        if (i > 1 && (s[i - 2].Word.Text is "entre" or "between" || i > 2 && s[i - 3].Word.Text is "entre"))
            return i;
        var and = Lexicon.AndWord.After(s, i);
        if (Lexicon.Half.At(s, and, out var half) && s[half].Unit == Unit.None && (and > i || s[i].Word.Spanish))
        {
            minute = 30;
            return half;
        }
        if (and > i && s[and].Word.Text is "cuarto")
        {
            minute = 15;
            return and + 1;
        }
        if (!may)
            return i;
        var next = Amounts.Number(s, and, out var number);
        var tens = s[and].Kind == TokenKind.Word ? number >= 5 : s[and].Digits == 2;
        if (next == and || !tens || number > 59 || and > i && !s[i].Word.Spanish)
            return i;
        var word = Lexicon.MinuteWord.After(s, next);
        if (word == next && s[next].Unit != Unit.None || and == i && s[and].Kind == TokenKind.Word && number < 10 || Lexicon.Counted.Has(s, next))
            return i;
        minute = number;
        return word;
    }

    /// <summary>What tells the half of the day after the hour.</summary>
    private static int Tail(Sentence s, int i, int hour, int minute, out Clock clock, out bool marked)
    {
        clock = Clock.At(hour, minute);
        marked = false;
        var next = Lexicon.HourWord.After(s, i);
        if (next > i)
        {
            marked = true;
            clock.TwentyFour = hour >= 13;
            if (s.IsPunctuation(next, '.') && s[next - 1].Word.Text is "hrs" or "h")
                next++;
        }
        if (s[next].Kind == TokenKind.Meridiem && hour is >= 1 and <= 12)
        {
            clock.Meridiem = s[next].A;
            marked = true;
            return next + 1;
        }
        if (s[next].Kind == TokenKind.Meridiem)
        {
            clock.TwentyFour = true;
            marked = true;
            return next + 1;
        }
        if (Lexicon.Tonight.Has(s, next) || Lexicon.ThisMorning.Has(s, next) || Lexicon.ThisAfternoon.Has(s, next) || Lexicon.ThisEvening.Has(s, next)
            || Lexicon.Noon.Has(s, next) && hour is not (11 or 12 or 1 or 2 or 3))
            return next;
        var part = Part(s, next, out var said);
        if (part > next && s[next].Word.Text is not ("temprano" or "early" or "eod"))
        {
            clock.Part = said;
            marked = true;
            next = part;
        }
        clock.TwentyFour |= hour >= 13 || hour == 0;
        return next;
    }
}
