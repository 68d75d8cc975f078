namespace FocoBot.Assistant.Understanding.Words;

/// <summary>The forms of a regular Spanish verb that ask for something.</summary>
internal static class Conjugation
{
    private static readonly string[] Persons = ["", "me", "nos", "le", "les", "mele"];
    private static readonly string[] Objects = ["la", "lo", "las", "los", "mela", "melo", "melas", "melos"];
    private static readonly string[] Any = ["", "le", "les", "lo", "la", "los", "las", "me", "nos", "te", "se"];

    /// <summary>
    /// "~borrar": borra, borrar, borre, borres, borras, bórrame …; "^borrar": bórrala, borrarla …; "!borrar": borra, borre and
    /// each with a pronoun. A stem that changes follows a colon ("mover:muev").
    /// </summary>
    public static IEnumerable<string> Forms(ReadOnlySpan<char> entry)
    {
        var kind = entry[0];
        var verb = entry[1..].ToString();
        var stem = "";
        if (verb.IndexOf(':') is var colon and > 0)
        {
            stem = verb[(colon + 1)..];
            verb = verb[..colon];
        }
        return Forms(kind, verb, stem);
    }

    private static IEnumerable<string> Forms(char kind, string verb, string stem)
    {
        var ar = verb[^2] == 'a';
        if (stem.Length == 0)
            stem = verb[..^2];
        var (own, other) = ar ? ("a", "e") : ("e", "a");
        var tu = stem + own;
        var usted = Spelled(stem, ar) + other;
        if (kind == '!')
        {
            foreach (var pronoun in Any)
            {
                yield return tu + pronoun;
                yield return usted + pronoun;
            }
            yield break;
        }
        foreach (var pronoun in kind == '^' ? Objects : Persons)
        {
            yield return tu + pronoun;
            yield return verb + pronoun;
            yield return usted + pronoun;
        }
        if (kind == '^')
            yield break;
        yield return usted + "s";
        yield return tu + "s";
        yield return verb[..^2] + own;
    }

    /// <summary>Keeps the sound of the stem before the other vowel: agreg-a, agregu-e.</summary>
    private static string Spelled(string stem, bool ar) => (ar, stem[^1]) switch
    {
        (true, 'g') => stem + "u",
        (true, 'c') => stem[..^1] + "qu",
        (true, 'z') => stem[..^1] + "c",
        (false, 'g') => stem[..^1] + "j",
        _ => stem,
    };
}
