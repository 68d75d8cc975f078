namespace FocoBot.Assistant.Understanding.Lexing;

/// <summary>A set of phrases of one or more words, found by walking a trie over the tokens.</summary>
internal sealed class PhraseSet(int index)
{
    private readonly Node _root = new();

    /// <summary>The most sets there can be: each has a bit in every <see cref="Word"/>.</summary>
    public const int Most = 256;

    public void Add(Word[] phrase)
    {
        phrase[0].MarkStart(index);
        var node = _root;
        foreach (var word in phrase)
        {
            node.Next ??= [];
            if (!node.Next.TryGetValue(word, out var next))
                node.Next.Add(word, next = new Node());
            node = next;
        }
        node.Ends = true;
    }

    /// <summary>The token after the longest phrase that begins at <paramref name="i"/>; <paramref name="i"/> itself if none does.</summary>
    public int After(Sentence sentence, int i)
    {
        if (!sentence[i].Word.Starts(index))
            return i;
        sentence.Work++;
        var node = _root;
        var end = i;
        for (var j = i; node.Next is { } next; j++)
        {
            if (j > i && sentence[j].Kind == TokenKind.Punctuation && (sentence[j].Shape & Shape.Joined) != 0)
                j++;
            if (sentence[j].Kind != TokenKind.Word || !next.TryGetValue(sentence[j].Word, out node!))
                break;
            if (node.Ends)
                end = j + 1;
        }
        return end;
    }

    public bool At(Sentence sentence, int i, out int next)
    {
        next = After(sentence, i);
        return next > i;
    }

    public void AddTo(Span<ulong> sets) => sets[index >> 6] |= 1UL << (index & 63);

    public bool Has(Word word) => _root.Next is { } next && next.TryGetValue(word, out var node) && node.Ends;

    public bool Has(Sentence sentence, int i) => After(sentence, i) > i;

    private sealed class Node
    {
        public Dictionary<Word, Node>? Next;
        public bool Ends;
    }
}
