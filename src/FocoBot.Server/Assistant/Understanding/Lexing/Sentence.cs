namespace FocoBot.Assistant.Understanding.Lexing;

/// <summary>One message being read: its tokens, the user's wall clock, and which tokens are already spoken for.</summary>
internal sealed class Sentence(string text, Token[] tokens, int count, DateTime now)
{
    private static readonly Token EndToken = new() { Kind = TokenKind.End, Word = Word.Unknown };
    private readonly bool[] _taken = new bool[count];

    public string Text { get; } = text;

    public int Count { get; } = count;

    /// <summary>The user's wall clock.</summary>
    public DateTime Now { get; } = now;

    public DateOnly Today { get; } = DateOnly.FromDateTime(now);

    public Language Language { get; set; }

    /// <summary>Tokens from here on are not read.</summary>
    public int Limit { get; set; } = count;

    /// <summary>Steps of the grammar taken so far; grows linearly with the text.</summary>
    public int Work { get; set; }

    public ref readonly Token this[int i]
    {
        get
        {
            if ((uint)i < (uint)Limit)
                return ref tokens[i];
            return ref EndToken;
        }
    }

    public bool Taken(int i) => _taken[i];

    public void Take(int from, int to)
    {
        for (var i = from; i < to; i++)
            _taken[i] = true;
    }

    public void Release() => Array.Clear(_taken);

    public bool IsPunctuation(int i, char mark) => this[i].Kind == TokenKind.Punctuation && this[i].Mark == mark;

    /// <summary>Whether the token carries no meaning of its own: punctuation, emoji, line end.</summary>
    public bool IsNoise(int i) => this[i].Kind is TokenKind.Punctuation or TokenKind.Emoji or TokenKind.NewLine;

    /// <summary>Whether the token is a question mark, wherever the limit stands.</summary>
    public bool Marks(int i) => tokens[i].Kind == TokenKind.Punctuation && tokens[i].Mark is '?' or '¿';

    public int SkipNoise(int i)
    {
        while (IsNoise(i))
            i++;
        return i;
    }

    public ReadOnlySpan<char> Slice(int from, int to) => Text.AsSpan(tokens[from].Start, tokens[to - 1].End - tokens[from].Start);
}
