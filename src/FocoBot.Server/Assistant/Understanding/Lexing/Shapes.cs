namespace FocoBot.Assistant.Understanding.Lexing;

/// <summary>Folds one word and tells what its outside says about it.</summary>
internal static class Shapes
{
    private static readonly string[] Pronouns = ["", "me", "te", "se", "le", "la", "lo", "nos", "les", "las", "los", "selo", "sela", "melo", "mela", "selos", "selas", "telo", "tela", "noslo"];

    /// <summary>Writes the folded word; <paramref name="length"/> is 0 when it is too long to be a known one.</summary>
    public static Shape Of(ReadOnlySpan<char> word, Span<char> folded, out int length)
    {
        var shape = char.IsUpper(word[0]) ? Shape.Capital : Shape.None;
        var upper = word.Length > 1;
        length = 0;
        foreach (var c in word)
        {
            upper &= !char.IsLower(c);
            if (Fold.IsAccented(c))
                shape |= Shape.Accent;
            var letter = Fold.Letter(c);
            if (letter == Fold.Nothing)
                continue;
            if (length == folded.Length)
            {
                length = 0;
                return shape;
            }
            folded[length++] = letter;
        }
        if (upper)
            shape |= Shape.Upper;
        var letters = folded[..length];
        if (IsInfinitive(letters))
            shape |= Shape.Infinitive;
        if (word[^1] is 'ó' or 'é' or 'í' or 'Ó' or 'É' or 'Í' && length > 2 || letters.EndsWith("ieron") || length > 5 && letters.EndsWith("aron"))
            shape |= Shape.Past;
        return shape;
    }

    private static bool IsInfinitive(ReadOnlySpan<char> letters)
    {
        foreach (var pronoun in Pronouns)
        {
            if (letters.Length - pronoun.Length >= 4 - (pronoun.Length > 0 ? 1 : 0) && letters.EndsWith(pronoun))
            {
                var r = letters.Length - pronoun.Length - 1;
                if (letters[r] == 'r' && letters[r - 1] is 'a' or 'e' or 'i')
                    return letters[r] == 'r';
            }
        }
        return false;
    }
}
