using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>Reads repetitions (rule 10).</summary>
internal static class Repeats
{
    private const int Workdays = 0b0011_1110;
    private const int Weekends = 0b1100_0000;
    private const int MostListed = 8;

    private static readonly (PhraseSet Set, Rule Rule)[] Fixed =
    [
        (Lexicon.EveryOtherDay, Rule.Of(Frequency.Daily, 2)),
        (Lexicon.HalfHourly, Rule.Of(Frequency.Minutely, 30)),
        (Lexicon.Biweekly, Rule.Of(Frequency.Weekly, 2)),
        (Lexicon.Workdays, new Rule { Frequency = Frequency.Weekly, Interval = 1, Weekdays = Workdays }),
        (Lexicon.Weekends, new Rule { Frequency = Frequency.Weekly, Interval = 1, Weekdays = Weekends }),
        (Lexicon.EveryMorning, new Rule { Frequency = Frequency.Daily, Interval = 1, Part = PartOfDay.Morning }),
        (Lexicon.EveryNoon, new Rule { Frequency = Frequency.Daily, Interval = 1, Part = PartOfDay.Noon }),
        (Lexicon.EveryAfternoon, new Rule { Frequency = Frequency.Daily, Interval = 1, Part = PartOfDay.Afternoon }),
        (Lexicon.EveryEvening, new Rule { Frequency = Frequency.Daily, Interval = 1, Part = PartOfDay.Evening }),
        (Lexicon.EveryNight, new Rule { Frequency = Frequency.Daily, Interval = 1, Part = PartOfDay.Night }),
        (Lexicon.Daily, Rule.Of(Frequency.Daily)),
        (Lexicon.Weekly, Rule.Of(Frequency.Weekly)),
        (Lexicon.Monthly, Rule.Of(Frequency.Monthly)),
        (Lexicon.Bimonthly, Rule.Of(Frequency.Monthly, 2)),
        (Lexicon.Quarterly, Rule.Of(Frequency.Monthly, 3)),
        (Lexicon.HalfYearly, Rule.Of(Frequency.Monthly, 6)),
        (Lexicon.Yearly, Rule.Of(Frequency.Yearly)),
        (Lexicon.Hourly, Rule.Of(Frequency.Hourly)),
    ];

    public static int Read(Sentence s, int i, out Rule rule)
    {
        if (Lexicon.Particle.Has(s, i) && !Lexicon.Every.Has(s, i) && Phrase(s, i, out rule) is var particle && particle > i)
            return particle;
        var core = s[i].Word.Text is "para" or "on" or "de" or "of" or "los" or "from" or "at" or "por" or "en" or "the" or "el" or "como" ? i + 1 : i;
        if (core > i && s[core].Word.Text is "los" or "the" or "el")
            core++;
        for (; core >= i; core--)
        {
            if (One(s, i, core, out rule) is var next && next > core)
            {
                // "todos los días 15"
                if (rule is { Frequency: Frequency.Daily, Interval: 1, Part: PartOfDay.None } && s[next - 1].Word.Text is "dias" && s[next] is { Kind: TokenKind.Number, A: >= 1 and <= 31 } && Leads.Stands(s, next + 1))
                {
                    rule = new Rule { Frequency = Frequency.Monthly, Interval = 1, MonthDays = 1u << s[next].A };
                    return Math.Max(next + 1, Lexicon.OfEveryMonth.After(s, next + 1));
                }
                return More(s, next, ref rule);
            }
        }
        rule = default;
        return i;
    }

    private static int One(Sentence s, int i, int core, out Rule rule)
    {
        var next = Phrase(s, core, out rule);
        var every = Every(s, core, out var other);
        if (every > next)
            (next, rule) = (every, other);
        if (next > core)
            return next;
        next = NthOfMonth(s, core, isEvery: false, out rule);
        if (next > core)
            return next;
        next = DaysOfMonth(s, i, core, out rule);
        return next > core ? next : ListedWeekdays(s, i, core, out rule);
    }

    private static int Phrase(Sentence s, int i, out Rule rule)
    {
        rule = default;
        var best = i;
        foreach (var (set, known) in Fixed)
        {
            var next = set.After(s, i);
            if (next > best)
                (best, rule) = (next, known);
        }
        if (best == i + 1 && (s[i].Word.Text is "morning" or "mornings" or "night" or "nights" or "evenings" or "afternoons" or "weekday" or "diarios" or "workdays"
            && (i == 0 || s[i - 1].Word.Weekday == 0) && s[i].Word.Text is not "workdays"))
            return i;
        // "weekly report" names a report; "nights" alone a thing.
        if (best == i + 1 && Lexicon.FreqNoun.Has(s, i) && (!Leads.Stands(s, best) || Lexicon.Verbs.Has(s, best) && !Lexicon.Lead.Has(s, best) || i > 0 && s[i - 1].Word.Text is "the" or "a" or "my" or "el" or "un" or "our" or "mi" or "this"))
            return i;
        return best;
    }

    private static int Every(Sentence s, int i, out Rule rule)
    {
        rule = default;
        if (!Lexicon.Every.At(s, i, out var at))
            return i;
        if (Lexicon.EveryOther.At(s, at, out var other) && (s[other].Unit != Unit.None || s[other].Word.Weekday > 0) && !Lexicon.OfEveryMonth.Has(s, other + 1))
        {
            if (s[other].Word.Weekday > 0)
            {
                var end = Weekdays(s, other, out var days);
                rule = new Rule { Frequency = Frequency.Weekly, Interval = 2, Weekdays = days };
                return end;
            }
            rule = Rule.Of(FrequencyOf(s[other].Unit), 2);
            return other + 1;
        }
        if (Lexicon.Half.At(s, at, out var half) && s[half = Lexicon.OfAn.After(s, half)].Unit == Unit.Hour)
        {
            rule = Rule.Of(Frequency.Minutely, 30);
            return half + 1;
        }
        if (NthOfMonth(s, at, isEvery: true, out rule) is var nth && nth > at)
            return nth;
        if (s[at].Kind == TokenKind.Ordinal || s[at].Word.Ordinal > 1)
        {
            var ordinal = s[at].Kind == TokenKind.Ordinal ? s[at].A : s[at].Word.Ordinal;
            if (s[at + 1].Unit is var each and not Unit.None && ordinal is > 1 and < 100)
            {
                rule = Rule.Of(FrequencyOf(each), ordinal);
                return at + 2;
            }
        }
        var day = NumberedDays.Read(s, at, at, out var said);
        if (day > at && said.Kind == DayKind.MonthDay)
        {
            rule = new Rule { Frequency = Frequency.Yearly, Interval = 1, Month = said.Date.Month, MonthDays = 1u << said.Date.Day };
            return day;
        }
        if (Weekdays(s, at, out var weekdays) is var list && list > at)
        {
            rule = new Rule { Frequency = Frequency.Weekly, Interval = 1, Weekdays = weekdays };
            return list;
        }
        return Counted(s, at, i, out rule);
    }

    private static int Counted(Sentence s, int at, int start, out Rule rule)
    {
        rule = default;
        var dia = s[at].Word.Text is "dia" or "the" ? at + 1 : at;
        var next = s[dia].Kind == TokenKind.Ordinal ? dia + 1 : Amounts.Number(s, dia, out _);
        // "cada día 15", but not "cada día a las 8".
        if (dia > at && s[dia].Word.Text is "a" or "an" or "un" or "una")
            next = dia;
        var number = 1;
        if (next > dia)
        {
            if (s[dia].Kind == TokenKind.Ordinal)
                number = s[dia].A;
            else
                Amounts.Number(s, dia, out number);
        }
        if (dia == at && s[next].Unit is var unit and not Unit.None && number is >= 1 and <= UnderstandingLimits.Amount)
        {
            // Two weeks, in Mexico.
            rule = unit == Unit.Day && number == 15 ? Rule.Of(Frequency.Weekly, 2) : Rule.Of(FrequencyOf(unit), number);
            return next + 1;
        }
        var monthly = Lexicon.OfEveryMonth.After(s, next);
        if (next == dia || number is < 1 or > 31 || monthly == next && dia == at && s[dia].Kind != TokenKind.Ordinal)
            return start;
        rule = new Rule { Frequency = Frequency.Monthly, Interval = 1, MonthDays = 1u << number };
        return monthly;
    }

    /// <summary>"primer lunes de cada mes", "last day of every month".</summary>
    private static int NthOfMonth(Sentence s, int i, bool isEvery, out Rule rule)
    {
        rule = default;
        if (s[i].Word.Ordinal is not 0 and <= 5 and var nth || s[i].Kind == TokenKind.Ordinal && s[i].A is >= 1 and <= 5 and var digits && (nth = digits) > 0)
        {
            if (s[i + 1].Word.Weekday is > 0 and var weekday)
            {
                var next = OfMonth(s, i + 2, isEvery);
                rule = new Rule { Frequency = Frequency.Monthly, Interval = 1, Nth = nth, Weekdays = 1 << weekday };
                return next > i + 2 ? next : i;
            }
        }
        if (!Lexicon.LastDayOf.At(s, i, out var day))
            return i;
        var end = OfMonth(s, day, isEvery);
        if (end == day && isEvery && s[day].Word.Text is "de" && s[day + 1].Unit == Unit.Month)
            end = day + 2;
        rule = new Rule { Frequency = Frequency.Monthly, Interval = 1, LastDay = true };
        return end > day ? end : i;
    }

    /// <summary>After "every" a plain "of the month" will do.</summary>
    private static int OfMonth(Sentence s, int i, bool isEvery) => isEvery ? Lexicon.OfEveryMonth.After(s, i) : Lexicon.Monthly.After(s, i);

    /// <summary>"los días 1 y 15 de cada mes".</summary>
    private static int DaysOfMonth(Sentence s, int i, int core, out Rule rule)
    {
        rule = default;
        var start = core;
        if (core == i && s[i].Kind != TokenKind.Ordinal && !Lexicon.DayArticle.At(s, i, out core))
            return start;
        var at = s[core].Word.Text is "dias" or "dia" ? core + 1 : core;
        var days = 0u;
        var count = 0;
        for (; count < MostListed; count++)
        {
            if (s[at].Word.Text is "el" or "the")
                at++;
            var next = s[at].Kind == TokenKind.Ordinal ? at + 1 : Amounts.Number(s, at, out _);
            var number = s[at].A;
            if (s[at].Kind == TokenKind.Word)
                Amounts.Number(s, at, out number);
            if (next == at || number is < 1 or > 31)
                break;
            days |= 1u << number;
            at = Lexicon.And.After(s, s.IsPunctuation(next, ',') ? next + 1 : next);
            if (at == next)
            {
                count++;
                break;
            }
        }
        if (count < 1 || count == 1 && s[core].Kind != TokenKind.Ordinal && s[start].Word.Text is not "los" && s[core - 1].Word.Text is not "los" && s[core].Word.Text is not "dias" || !Lexicon.Monthly.At(s, at, out var end))
            return start;
        rule = new Rule { Frequency = Frequency.Monthly, Interval = 1, MonthDays = days };
        return end;
    }

    /// <summary>"los lunes", "Mondays", "lunes, miércoles y viernes".</summary>
    private static int ListedWeekdays(Sentence s, int i, int core, out Rule rule)
    {
        rule = default;
        if (s[core].Word.Weekday == 0 || s[core].Word.Doubtful && core == i && !IsShortList(s, core))
            return core;
        var next = Weekdays(s, core, out var days);
        var several = (days & days - 1) != 0;
        var article = core > i || core > 0 ? s[core - 1].Word.Text : "";
        if (!s[core].Word.PluralWeekday && article is not "los" && !(several && article is not ("el" or "este" or "this" or "next" or "al" or "del" or "the")))
            return core;
        if (several && !s[core].Word.PluralWeekday && article is not "los" && Names.IsOr(s, core, next))
            return core;
        rule = new Rule { Frequency = Frequency.Weekly, Interval = 1, Weekdays = days };
        return next;
    }

    /// <summary>"tue/thu": short names side by side can only be days.</summary>
    private static bool IsShortList(Sentence s, int i) => s.IsPunctuation(i + 1, '/') && s[i + 2].Word.Weekday > 0 && s[i + 2].Word.Doubtful;

    private static int Weekdays(Sentence s, int i, out int days)
    {
        days = 0;
        var end = i;
        for (var count = 0; count < MostListed; count++)
        {
            var day = s[i].Word.Weekday;
            if (day == 0)
                break;
            days |= 1 << day;
            end = i + 1;
            i = end;
            if (s[i].Word.Weekday == 0 && Lexicon.ThroughWeek.At(s, i, out var through) && s[through].Word.Weekday > day)
            {
                for (var d = day; d <= s[through].Word.Weekday; d++)
                    days |= 1 << d;
                return through + 1;
            }
            if (s.IsPunctuation(i, '-') && s[i + 1].Word.Weekday > day)
            {
                for (var d = day; d <= s[i + 1].Word.Weekday; d++)
                    days |= 1 << d;
                return i + 2;
            }
            if (s.IsPunctuation(i, ',') || s.IsPunctuation(i, '/'))
                i++;
            if (s[i].Word.Text is "y" or "and" or "e" or "n" || s.IsPunctuation(i, '&'))
                i++;
            if (i > end && s[i].Word.Text is "los" or "on" or "every")
                i++;
        }
        return end;
    }

    /// <summary>"every 2 weeks on Monday and Thursday", "cada semana los lunes".</summary>
    private static int More(Sentence s, int next, ref Rule rule)
    {
        if (rule.Frequency == Frequency.Weekly && rule.Weekdays == 0)
        {
            var at = s.IsPunctuation(next, ',') ? next + 1 : next;
            at = s[at].Word.Text is "on" or "los" or "el" or "en" ? at + 1 : at;
            if (s[at].Word.Text is "los" or "el")
                at++;
            if (!s[at].Word.Doubtful || at > next)
            {
                var end = Weekdays(s, at, out var days);
                if (end > at)
                    (rule.Weekdays, next) = (days, end);
            }
        }
        if (rule is { Frequency: Frequency.Monthly, HasAnchor: false })
        {
            var at = s[next].Word.Text is "on" or "el" ? next + 1 : next;
            at = s[at].Word.Text is "the" ? at + 1 : at;
            if (LastOrNth(s, at, ref rule) is var end && end > at)
                return end;
        }
        return next;
    }

    private static int LastOrNth(Sentence s, int i, ref Rule rule)
    {
        if (s[i].Word.Ordinal is not 0 and <= 5 and var nth && s[i + 1].Word.Weekday is > 0 and var weekday)
        {
            (rule.Nth, rule.Weekdays) = (nth, 1 << weekday);
            return i + 2;
        }
        if (!Lexicon.LastDayOf.At(s, i, out var end) || end == i + 1)
            return i;
        rule.LastDay = true;
        return end;
    }

    private static Frequency FrequencyOf(Unit unit) => unit switch
    {
        Unit.Minute => Frequency.Minutely,
        Unit.Hour => Frequency.Hourly,
        Unit.Day => Frequency.Daily,
        Unit.Week => Frequency.Weekly,
        Unit.Month => Frequency.Monthly,
        _ => Frequency.Yearly,
    };
}
