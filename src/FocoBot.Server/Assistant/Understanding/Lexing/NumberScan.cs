namespace FocoBot.Assistant.Understanding.Lexing;

/// <summary>Reads one number with what is glued to it: "18/12", "6:40", "1h30", "3rd", "2027-01-15".</summary>
internal ref struct NumberScan(string text, int start)
{
    private const int MostDigits = 9;

    public TokenKind Kind { get; private set; } = TokenKind.Number;

    public int End { get; private set; } = start;

    public int A { get; private set; }

    public int B { get; private set; } = -1;

    public int C { get; private set; } = -1;

    public int Digits { get; private set; }

    /// <summary>The digits begin a word such as "3D" or "2moro".</summary>
    public bool IsWord { get; private set; }

    public void Read()
    {
        A = Run(out var digits);
        Digits = digits;
        if (A < 0 || !TryPunctuated())
            Suffix();
    }

    private bool TryPunctuated()
    {
        var mark = Peek(End);
        if (!char.IsAsciiDigit(Peek(End + 1)))
            return false;
        var back = End;
        switch (mark)
        {
            case ':':
                return TryClock(back);
            case '/' or '-':
            case '.':
                End++;
                B = Run(out var second);
                if (Peek(End) == mark && char.IsAsciiDigit(Peek(End + 1)))
                {
                    End++;
                    C = Run(out _);
                }
                if (second > 4 || B < 0 || C == -1 && mark != '.' && Peek(End) == mark && char.IsAsciiDigit(Peek(End + 1)))
                {
                    // A telephone or an order number.
                    Kind = TokenKind.Opaque;
                    return true;
                }
                Kind = mark == '/' ? TokenKind.Slash : TokenKind.Dash;
                if (mark == '.' && C < 0)
                    Kind = TokenKind.Decimal;
                else if (Digits == 4 && C >= 0)
                    Kind = TokenKind.Iso;
                if (Kind == TokenKind.Iso && Peek(End) is 'T' or 't' && char.IsAsciiDigit(Peek(End + 1)))
                    End++;
                return true;
            default:
                return false;
        }
    }

    private bool TryClock(int back)
    {
        End++;
        var minutes = Run(out var digits);
        if (digits != 2 || minutes > 59 || A > 24)
        {
            End = back;
            return false;
        }
        if (Peek(End) == ':' && char.IsAsciiDigit(Peek(End + 1)))
        {
            End++;
            Run(out _);
        }
        B = minutes;
        Kind = TokenKind.Clock;
        return true;
    }

    /// <summary>Letters glued to the digits: an ordinal's, "h30", or those of a word.</summary>
    private void Suffix()
    {
        var after = End;
        if (Peek(after) is 'º' or 'ª' or '°')
        {
            Kind = TokenKind.Ordinal;
            End++;
            return;
        }
        while (Fold.IsWordPart(Peek(after)) && after - End <= UnderstandingLimits.WordLetters)
            after++;
        var suffix = text.AsSpan(End, after - End);
        if (suffix.IsEmpty)
            return;
        if (IsOrdinal(suffix))
        {
            Kind = TokenKind.Ordinal;
            End = after;
        }
        else if ((suffix[0] | 32) == 'h' && suffix.Length == 3 && char.IsAsciiDigit(suffix[1]) && char.IsAsciiDigit(suffix[2]))
        {
            Kind = TokenKind.Clock;
            B = (suffix[1] - '0') * 10 + suffix[2] - '0';
            C = 1;
            End = after;
        }
        else if (!IsUnit(suffix))
        {
            Kind = TokenKind.Opaque;
            IsWord = true;
        }
    }

    private static bool IsOrdinal(ReadOnlySpan<char> s) => s.Length == 2 && Any(s, "st", "nd", "rd", "th", "er", "ro", "ra", "do", "da", "to", "ta", "vo", "va", "no", "na", "mo", "ma");

    private static bool IsUnit(ReadOnlySpan<char> s) => Any(
        s, "a", "p", "am", "pm", "h", "hs", "hr", "hrs", "hora", "horas", "hour", "hours", "min", "mins", "minutos", "minutes",
        "ish", "d", "dias", "days", "semanas", "weeks", "w", "wk", "wks", "y", "a.m", "p.m");

    private static bool Any(ReadOnlySpan<char> s, params ReadOnlySpan<string> choices)
    {
        foreach (var choice in choices)
        {
            if (s.Equals(choice, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private readonly char Peek(int i) => i < text.Length ? text[i] : '\0';

    private int Run(out int digits)
    {
        var value = 0;
        var from = End;
        for (; char.IsAsciiDigit(Peek(End)); End++)
            value = End - from < MostDigits ? value * 10 + Peek(End) - '0' : -1;
        digits = End - from;
        return digits > MostDigits ? -1 : value;
    }
}
