using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>Reads dates with numbers: "18/12", "el 15", "3 de mayo de 2027", "Dec 12" (rule 5).</summary>
internal static class NumberedDays
{
    private const int FarVerb = 12;

    public static int Read(Sentence s, int i, int core, out Day day)
    {
        ref readonly var token = ref s[core];
        switch (token.Kind)
        {
            case TokenKind.Iso:
                return Known(s, core, Calendar.Exact(token.A, token.B, token.C), hasYear: true, out day);
            case TokenKind.Slash:
            case TokenKind.Dash when token.C >= 0 || core > i && Lexicon.DayArticle.Has(s, core - 1) && s[core - 1].Word.Spanish:
                return Numeric(s, i, core, out day);
            case TokenKind.Dash when token.A is >= 1 and <= 31 && MonthAfter(s, core + 1, out _, out _):
                return DayMonth(s, core, core + 1, token.A, out day);
            case TokenKind.Word when token.Word.Month > 0:
                return MonthFirst(s, i, core, out day);
        }
        return DayFirst(s, i, core, out day);
    }

    /// <summary>"lunes 23", "Monday, Nov 23": the number wins; alone it must fall on that weekday.</summary>
    public static int AfterWeekday(Sentence s, int i, int weekday, out Day day)
    {
        day = default;
        var core = s.IsPunctuation(i, ',') ? i + 1 : i;
        core = Lexicon.DayArticle.After(s, core);
        var next = Read(s, core, core, out day);
        if (next > core && day.Kind is DayKind.MonthDay or DayKind.Plain && s[core].Kind != TokenKind.Dash)
            return next;
        next = Number(s, core, out var number);
        if (next == core || number is < 1 or > 31 || !Leads.Stands(s, next) || Lexicon.HourWord.Has(s, next) || Lexicon.Morning.Has(s, next))
            return i;
        var date = Calendar.NextDay(s.Today, number);
        if (Calendar.Weekday(date) != weekday)
            return i;
        day = Day.Of(date);
        return next;
    }

    /// <summary>A year after a date, if there is one; 0 otherwise.</summary>
    public static int Year(Sentence s, int i, out int year)
    {
        year = 0;
        var at = s.IsPunctuation(i, ',') || s[i].Word.Text is "de" or "del" or "of" ? i + 1 : i;
        ref readonly var token = ref s[at];
        if (token.Kind != TokenKind.Number)
            return i;
        if (token.Digits == 4 && token.A is >= 1900 and <= 2100)
            year = token.A;
        else if (token.Digits == 2 && token.A is >= 20 and <= 60 && !s.IsPunctuation(i, ',') && Leads.Stands(s, at + 1))
            year = 2000 + token.A;
        return year > 0 ? at + 1 : i;
    }

    private static int Known(Sentence s, int core, DateOnly? date, bool hasYear, out Day day)
    {
        day = default;
        if (date is not { } known)
            return core;
        day = Day.Of(known, hasYear && known < s.Today ? DayKind.Past : DayKind.Plain);
        return core + 1;
    }

    private static int Numeric(Sentence s, int i, int core, out Day day)
    {
        day = default;
        ref readonly var token = ref s[core];
        var article = core > i && Lexicon.DayArticle.Has(s, core - 1);
        if (token.C < 0 && !article && (IsFraction(s, core) || token is { A: 24, B: 7 } or { A: 7, B: 24 }))
            return core;
        var dayFirst = s.Language == Language.Spanish;
        return Ordered(s, core, dayFirst, out day) is var next && next > core ? next : Ordered(s, core, !dayFirst, out day);
    }

    private static int Ordered(Sentence s, int core, bool dayFirst, out Day day)
    {
        ref readonly var token = ref s[core];
        var (d, m) = dayFirst ? (token.A, token.B) : (token.B, token.A);
        if (token.C >= 0)
            return Known(s, core, Calendar.Exact(token.C, m, d), hasYear: true, out day);
        return Known(s, core, m is >= 1 and <= 12 && d is >= 1 and <= 31 ? Calendar.NextDate(s.Today, m, d) : null, hasYear: false, out day);
    }

    private static bool IsFraction(Sentence s, int i)
    {
        ref readonly var token = ref s[i];
        if (i > 0 && s[i - 1].Kind == TokenKind.Number)
            return true;
        return token.A < token.B && token.B is 2 or 3 or 4 or 8 or 16 && (Lexicon.Fraction.Has(s, i + 1) || s[i + 1].Unit != Unit.None || IsMeasure(s, i));
    }

    /// <summary>"comprar codos 1/2", "order 3/8 bolts": no preposition before, a verb of buying earlier.</summary>
    private static bool IsMeasure(Sentence s, int i)
    {
        if (i > 0 && Lexicon.Lead.Has(s, i - 1) && s[i - 1].Word.Text is not ("de" or "of" or "y" or "and" or "n"))
            return false;
        for (var at = Math.Max(0, i - FarVerb); at <= i + 1; at++)
        {
            if (Lexicon.Measured.Has(s, at))
                return true;
        }
        return false;
    }

    private static int MonthFirst(Sentence s, int i, int core, out Day day)
    {
        day = default;
        var month = s[core].Word.Month;
        var at = s[core].Word.Doubtful && s.IsPunctuation(core + 1, '.') ? core + 2 : core + 1;
        var number = s[at].Word.Text is "the" ? at + 1 : at;
        var next = s[number].Kind == TokenKind.Dash && s[number].C < 0 ? number + 1 : Number(s, number, out _);
        if (next > number)
        {
            var value = 0;
            if (s[number].Kind == TokenKind.Dash)
                value = s[number].A;
            else
                Number(s, number, out value);
            if (value is >= 1 and <= 31 && s[next].Kind != TokenKind.Meridiem && !(s[number].Kind == TokenKind.Number && Lexicon.Counted.Has(s, next)))
                return Dated(s, core, SkipRange(s, next), month, value, out day);
        }
        // "en enero": its first day; a bare month is a name.
        if (core > i && !s[core].Word.Doubtful && s[core - 1].Word.Text is "en" or "in" or "para" or "by" && !IsName(s, core)
            && (s[core].Shape & Shape.Capital) == 0 | s[core].Word.English)
        {
            var end = Year(s, core + 1, out var year);
            day = Day.Of(year > 0 ? new DateOnly(year, month, 1) : Calendar.NextDate(s.Today, month, 1)!.Value);
            if (day.Date < s.Today)
                day.Kind = DayKind.Past;
            return end;
        }
        return core;
    }

    private static bool IsName(Sentence s, int i) => s[i + 1].Kind == TokenKind.Word && (s[i + 1].Shape & Shape.Capital) != 0;

    private static int DayFirst(Sentence s, int i, int core, out Day day)
    {
        day = default;
        var next = Number(s, core, out var number);
        if (next == core || number is < 1 or > 31)
            return core;
        if (MonthAfter(s, next, out _, out _))
            return DayMonth(s, core, next, number, out day);
        var article = core > i && Lexicon.DayArticle.Has(s, core - 1);
        // "del 3 al 7 de enero", "3 to 7 January"
        var range = SkipRange(s, next);
        if (range > next && (article || s[core].Kind == TokenKind.Ordinal) && MonthAfter(s, range, out _, out _))
            return DayMonth(s, core, range, number, out day);
        if (!article && !(s[core].Kind == TokenKind.Ordinal && core > i && s[core].Word == Word.Unknown && s.Text[s[core].End - 1] is 'h' or 'd' or 't' or 'H'))
            return core;
        var end = article ? range : next;
        if (s[core].Word.Number == 1 && s[core].Word.Text is not "uno" || s[core].Kind == TokenKind.Word && s[core].Word.Ordinal > 0 && s[core].Word.Text is not "primero" && s[core].Word.Spanish)
            return core;
        var of = Lexicon.Of.After(s, end);
        if (Lexicon.NextMonth.At(s, of, out var nextMonth) || Lexicon.NextMonth.At(s, end, out nextMonth))
            return Within(Calendar.FirstOfMonth(s.Today, 1), number, nextMonth, core, out day);
        if (of > end && Lexicon.ThisMonth.At(s, of, out var thisMonth))
            return Within(Calendar.FirstOfMonth(s.Today), number, thisMonth, core, out day);
        if (!Leads.Stands(s, end) && core > 1 && i > 0 || s[end].Unit != Unit.None)
            return core;
        if (s[end].Kind == TokenKind.Word && (Lexicon.Counted.Has(s, end) || !Leads.Stands(s, end) && s[core].Kind == TokenKind.Ordinal && !(i == 0 && number >= 10)))
            return core;
        // "cap 5 al 8"
        if (i > 0 && s[i].Word.Text is "al" && s[i - 1].Kind is TokenKind.Number && !(i > 1 && Lexicon.Article.Has(s, i - 2)))
            return core;
        // "agujas del 8": a size, unless the thing has a date.
        if (s[core - 1].Word.Text is "del" && s[i].Word.Text is "del" && s[core].Kind == TokenKind.Number && i > 0 && !Lexicon.Event.Has(s, i - 1))
            return core;
        day = Day.Of(Calendar.NextDay(s.Today, number), DayKind.DayOfMonth, number);
        return end;
    }

    private static int Within(DateOnly month, int number, int next, int core, out Day day)
    {
        day = default;
        if (number > DateTime.DaysInMonth(month.Year, month.Month))
            return core;
        day = Day.Of(month.AddDays(number - 1));
        return next;
    }

    private static int DayMonth(Sentence s, int core, int next, int number, out Day day) =>
        MonthAfter(s, next, out var month, out var end) ? Dated(s, core, end, month, number, out day) : Miss(core, out day);

    private static int Miss(int core, out Day day)
    {
        day = default;
        return core;
    }

    private static int Dated(Sentence s, int core, int next, int month, int number, out Day day)
    {
        next = Year(s, next, out var year);
        var date = year > 0 ? Calendar.Exact(year, month, number) : Calendar.NextDate(s.Today, month, number);
        if (date is not { } known)
            return Miss(core, out day);
        var kind = year == 0 ? DayKind.MonthDay : known < s.Today ? DayKind.Past : DayKind.Plain;
        day = Day.Of(known, kind, number);
        return next;
    }

    private static bool MonthAfter(Sentence s, int i, out int month, out int end)
    {
        var at = s[i].Word.Text is "de" or "of" or "d" || s.IsPunctuation(i, '/') || s.IsPunctuation(i, '-') ? i + 1 : i;
        month = s[at].Word.Month;
        end = at + 1;
        if (month > 0 && s[at].Word.Doubtful && s.IsPunctuation(end, '.'))
            end++;
        return month > 0 && !(s[at].Word.Text is "may" && at == i && s[at + 1].Word.Text is "be" or "have");
    }

    /// <summary>"3 al 7": the end of a range of days, read over.</summary>
    private static int SkipRange(Sentence s, int i)
    {
        var to = s.IsPunctuation(i, '-') || s.IsPunctuation(i, '–') ? i + 1 : Lexicon.RangeWord.After(s, i);
        if (to == i || s[to - 1].Word.Text is "a" && Lexicon.AtHour.Has(s, to - 1))
            return i;
        to = Lexicon.DayArticle.After(s, to);
        var next = Number(s, to, out var number);
        return next > to && number is >= 1 and <= 31 && s[next].Kind != TokenKind.Meridiem && s[to - 1].Word.Text is not ("las" or "la") ? next : i;
    }

    private static int Number(Sentence s, int i, out int value)
    {
        value = -1;
        if (s[i].Kind == TokenKind.Ordinal || s[i].Kind == TokenKind.Number && s[i].Digits <= 2)
        {
            value = s[i].A;
            return i + 1;
        }
        if (s[i].Kind != TokenKind.Word)
            return i;
        // "primero", "fifth", "twenty-fifth"
        if (s[i].Word.Ordinal > 0 && (s[i].Word.English || s[i].Word.Text is "primero"))
        {
            value = s[i].Word.Ordinal;
            return i + 1;
        }
        var tens = s[i].Word.Number;
        if (tens is 20 or 30)
        {
            var unit = s.IsPunctuation(i + 1, '-') ? i + 2 : i + 1;
            if (s[unit].Word.English && s[unit].Word.Ordinal is > 0 and < 10)
            {
                value = tens + s[unit].Word.Ordinal;
                return unit + 1;
            }
        }
        return tens > 0 && s[i].Word.Text is not ("un" or "una" or "a" or "an" or "one") ? Amounts.Number(s, i, out value) : i;
    }
}
