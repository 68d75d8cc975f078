using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>Reads priority words (rule 11).</summary>
internal static class Importance
{
    public static int Read(Sentence s, int i, out Priority priority)
    {
        priority = Priority.High;
        var next = Lexicon.High.After(s, i);
        if (Lexicon.Low.After(s, i) is var low && low > next)
            (next, priority) = (low, Priority.Low);
        if (Lexicon.Medium.After(s, i) is var medium && medium > next)
            (next, priority) = (medium, Priority.Medium);
        if (next > i && s.IsPunctuation(next, ':') && s[i].Word.Text is "prioridad" or "priority" && Level(s, next + 1, out _) > next + 1)
            return i;
        return next > i ? next : Labelled(s, i, ref priority) is var labelled && labelled > i ? labelled : Marked(s, i, ref priority);
    }

    /// <summary>A bare level, where "priority" was said before: "to high", "a alta".</summary>
    public static int Level(Sentence s, int i, out Priority priority)
    {
        priority = Priority.High;
        if (Lexicon.Level.At(s, i, out var next))
            return next;
        priority = Priority.Low;
        if (Lexicon.LevelLow.At(s, i, out next))
            return next;
        priority = Priority.Medium;
        return Lexicon.LevelMedium.After(s, i);
    }

    private static int Numbered(Sentence s, int i, out Priority priority)
    {
        priority = s[i + 1].A switch { 1 => Priority.High, 2 => Priority.Medium, _ => Priority.Low };
        return i + 2;
    }

    /// <summary>A bare level set off by brackets, or before a colon at the very start: "[alta]", "high: …".</summary>
    private static int Marked(Sentence s, int i, ref Priority priority)
    {
        if (i > 0 && !s.IsPunctuation(i - 1, '[') && !s.IsPunctuation(i - 1, '('))
            return i;
        var end = Level(s, i, out var said);
        var closed = i > 0 ? s.IsPunctuation(end, ']') || s.IsPunctuation(end, ')') : s.IsPunctuation(end, ':');
        if (end == i || !closed)
            return i;
        priority = said;
        return end;
    }

    /// <summary>"prioridad: alta".</summary>
    private static int Labelled(Sentence s, int i, ref Priority priority) =>
        s[i].Word.Text is "prioridad" or "priority" && s[i + 1] is { Kind: TokenKind.Number, A: >= 1 and <= 3 } && (i == 0 || s.SkipNoise(i + 2) >= s.Limit) && !s.IsPunctuation(i + 2, ':') && Level(s, i + 2, out _) == i + 2 ? Numbered(s, i, out priority) :
        s[i].Word.Text is "prioridad" or "priority" && s.IsPunctuation(i + 1, ':') && Level(s, i + 2, out priority) is var next && next > i + 2 ? next : i;
}
