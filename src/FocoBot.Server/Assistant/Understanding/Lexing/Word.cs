namespace FocoBot.Assistant.Understanding.Lexing;

internal enum Unit : byte
{
    None,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// <summary>What the vocabulary knows of one word. Built once, never changed afterwards.</summary>
internal sealed class Word(string text)
{
    public static readonly Word Unknown = new("");

    private readonly ulong[] _starts = new ulong[PhraseSet.Most / 64];

    public string Text { get; } = text;

    public bool Spanish { get; set; }

    public bool English { get; set; }

    /// <summary>1 to 12, or 0.</summary>
    public int Month { get; set; }

    /// <summary>1 (Monday) to 7 (Sunday), or 0.</summary>
    public int Weekday { get; set; }

    /// <summary>"Mondays", "sábados".</summary>
    public bool PluralWeekday { get; set; }

    /// <summary>Also an ordinary word ("sat", "mar"): a weekday or month only beside other date words.</summary>
    public bool Doubtful { get; set; }

    /// <summary>The value of a number word, or -1.</summary>
    public int Number { get; set; } = -1;

    /// <summary>The value of an ordinal word ("tercera", "fifth"), or 0; -1 is "last".</summary>
    public int Ordinal { get; set; }

    public Unit Unit { get; set; }

    /// <summary>Whether an expression of date, time or priority can begin with this word.</summary>
    public bool MayTellTime { get; private set; }

    public void NoteTime(ReadOnlySpan<ulong> timeSets)
    {
        MayTellTime = Number >= 0 || Ordinal != 0 || Month != 0 || Weekday != 0 || Unit != Unit.None;
        for (var i = 0; i < timeSets.Length; i++)
            MayTellTime |= (_starts[i] & timeSets[i]) != 0;
    }

    public void MarkStart(int set) => _starts[set >> 6] |= 1UL << (set & 63);

    /// <summary>Whether some phrase of the set begins with this word: spares most of the trie walks.</summary>
    public bool Starts(int set) => (_starts[set >> 6] >> (set & 63) & 1) != 0;
}
