namespace FocoBot.Assistant.Understanding.Lexing;

internal enum TokenKind : byte
{
    End,
    Word,

    /// <summary>Whole number: A is the value (-1 if it has more than nine digits).</summary>
    Number,

    /// <summary>"3rd", "1ro": A is the value.</summary>
    Ordinal,

    /// <summary>"6:40": A hours, B minutes.</summary>
    Clock,

    /// <summary>"1.5" or "8.30": A and B are the two parts.</summary>
    Decimal,

    /// <summary>"18/12" or "1/15/2027": A, B, C (-1 when absent).</summary>
    Slash,

    /// <summary>"2-5" or "15-01-2027": A, B, C (-1 when absent).</summary>
    Dash,

    /// <summary>"2027-01-15": A year, B month, C day.</summary>
    Iso,

    /// <summary>"am" or "p. m." after a number: A is 0 or 12.</summary>
    Meridiem,
    Punctuation,
    NewLine,

    /// <summary>A link, an e-mail address, a sum of money, a percentage: never read, always kept.</summary>
    Opaque,
    Emoji,
}

[Flags]
internal enum Shape : byte
{
    None = 0,
    Capital = 1,

    /// <summary>Ends like a Spanish infinitive, with or without pronouns.</summary>
    Infinitive = 2,

    /// <summary>Ends like a Spanish verb in the past.</summary>
    Past = 4,

    /// <summary>Carries an accent or ñ.</summary>
    Accent = 8,

    /// <summary>Touches the tokens on both sides, as the hyphen of "check-in".</summary>
    Joined = 16,

    /// <summary>Found in the vocabulary only by mending a typo.</summary>
    Mended = 32,

    /// <summary>All letters are capitals.</summary>
    Upper = 64,
}

/// <summary>One piece of the message with its place in the original text.</summary>
internal struct Token
{
    public TokenKind Kind;
    public Shape Shape;
    public char Mark;
    public byte Digits;
    public int Start;
    public int End;
    public int A;
    public int B;
    public int C;
    public Word Word;

    public readonly Unit Unit => Kind == TokenKind.Word ? Word.Unit : Unit.None;
}
