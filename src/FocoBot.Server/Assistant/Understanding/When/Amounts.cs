using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>A length of time: months and days move the calendar, minutes the clock.</summary>
internal readonly record struct Length(int Months, int Days, int Minutes)
{
    public bool HasTime => Minutes != 0;

    public DateTime After(DateTime start) => start.AddMonths(Months).AddDays(Days).AddMinutes(Minutes);

    public DateTime Before(DateTime end) => end.AddMonths(-Months).AddDays(-Days).AddMinutes(-Minutes);
}

/// <summary>Reads numbers and lengths of time.</summary>
internal static class Amounts
{
    /// <summary>A number in digits or words, up to <see cref="UnderstandingLimits.Amount"/>; "un" and "a" count as 1.</summary>
    public static int Number(Sentence s, int i, out int value)
    {
        value = -1;
        ref readonly var token = ref s[i];
        if (token.Kind == TokenKind.Number && token.A is >= 0 and <= UnderstandingLimits.Amount)
        {
            value = token.A;
            return i + 1;
        }
        if (token.Kind != TokenKind.Word || token.Word.Number < 0)
            return i;
        value = token.Word.Number;
        if (value < 20 || value % 10 != 0)
            return i + 1;
        var next = i + 1;
        if (s[next].Word.Text is "y" || s.IsPunctuation(next, '-'))
            next++;
        if (s[next].Kind == TokenKind.Word && s[next].Word.Number is > 0 and < 10 && s[next].Word.Text is not ("a" or "an"))
        {
            value += s[next].Word.Number;
            return next + 1;
        }
        return i + 1;
    }

    /// <summary>"2 semanas", "media hora", "an hour and a half", "tres cuartos de hora", "1h30".</summary>
    public static int Read(Sentence s, int i, out Length length)
    {
        length = default;
        if (s[i].Kind == TokenKind.Clock && s[i].C == 1)
        {
            length = new Length(0, 0, s[i].A * 60 + s[i].B);
            return i + 1;
        }
        var next = Part(s, i, out length);
        if (next == i)
            return i;
        var and = Lexicon.AndWord.After(s, next);
        var second = Part(s, and, out var more);
        if (second > and && (length.Minutes != 0) == (more.Minutes != 0) && !more.Equals(length))
        {
            length = new Length(length.Months + more.Months, length.Days + more.Days, length.Minutes + more.Minutes);
            return second;
        }
        return next;
    }

    private static int Part(Sentence s, int i, out Length length)
    {
        length = default;
        if (Fraction(s, i, out length) is var fraction && fraction > i)
            return fraction;
        var start = i;
        if (Lexicon.Couple.At(s, i, out var next))
        {
            next = s[next].Word.Text is "de" or "of" ? next + 1 : next;
            return Count(s, next, 2, 0, i, out length);
        }
        if (s[i].Kind == TokenKind.Decimal && s[i].B is >= 0 and < 10)
            return Count(s, i + 1, s[i].A, s[i].B * 6, i, out length);
        next = Number(s, i, out var amount);
        if (next == i && s[i].Unit is Unit.Hour)
            (next, amount) = (i, 1);
        else if (next == i)
            return i;
        // "two and a half hours"
        if (s[next].Word.Text is "and" && s[next + 1].Word.Text is "a" && Lexicon.Half.Has(s, next + 2))
            return Count(s, next + 3, amount, 30, start, out length);
        return Count(s, next, amount, 0, start, out length);
    }

    private static int Count(Sentence s, int unitAt, int amount, int extraMinutes, int start, out Length length)
    {
        length = default;
        var unit = s[unitAt].Unit;
        if (unit == Unit.None || unit == Unit.Hour && unitAt == start && !IsBareHour(s, unitAt))
            return start;
        var next = unitAt + 1;
        if (unit == Unit.Hour)
            next = HalfTail(s, next, ref extraMinutes);
        length = unit switch
        {
            Unit.Minute => new Length(0, 0, amount),
            Unit.Hour => new Length(0, 0, amount * 60 + extraMinutes),
            Unit.Day => new Length(0, amount, 0),
            Unit.Week => new Length(0, amount * 7, 0),
            Unit.Month => new Length(amount, 0, 0),
            _ => new Length(amount * 12, 0, 0),
        };
        return next;
    }

    /// <summary>"hora y media", without a number.</summary>
    private static bool IsBareHour(Sentence s, int i)
    {
        var extra = 0;
        return HalfTail(s, i + 1, ref extra) > i + 1;
    }

    /// <summary>"y media", "y cuarto", "and a half" after the hours.</summary>
    private static int HalfTail(Sentence s, int i, ref int minutes)
    {
        var next = Lexicon.AndWord.After(s, i);
        if (next == i)
            return i;
        if (s[next].Word.Text is "a" or "un" or "an")
            next++;
        if (Lexicon.Half.At(s, next, out var half) && s[half].Unit != Unit.Hour)
        {
            minutes += 30;
            return half;
        }
        if (s[next].Word.Text is "cuarto" or "quarter")
        {
            minutes += 15;
            return next + 1;
        }
        return i;
    }

    /// <summary>"media hora", "half an hour", "tres cuartos de hora".</summary>
    private static int Fraction(Sentence s, int i, out Length length)
    {
        length = default;
        var next = i;
        if (s[next].Word.Text is "a")
            next++;
        if (Lexicon.Half.At(s, next, out var half))
        {
            half = Lexicon.OfAn.After(s, half);
            if (s[half].Unit != Unit.Hour)
                return i;
            length = new Length(0, 0, 30);
            return half + 1;
        }
        next = Number(s, i, out var count);
        if (!Lexicon.Quarter.At(s, next, out var quarter))
            return i;
        quarter = Lexicon.OfAn.After(s, Lexicon.OfAn.After(s, quarter));
        if (s[quarter].Unit != Unit.Hour)
            return i;
        length = new Length(0, 0, 15 * Math.Clamp(count, 1, 3));
        return quarter + 1;
    }
}
