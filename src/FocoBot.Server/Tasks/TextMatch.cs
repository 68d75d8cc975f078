using System.Globalization;
using System.Text;

namespace FocoBot.Tasks;

/// <summary>Finds tasks by words the way people type them: case, accents and punctuation don't count.</summary>
internal static class TextMatch
{
    /// <summary>The words of a text, folded.</summary>
    public static string[] Words(string text) => Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>True when each of <paramref name="words"/> stands in <paramref name="text"/> (as the start of a word of it).</summary>
    public static bool HasAll(string text, string[] words)
    {
        var own = Words(text);
        return words.Length > 0 && words.All(word => own.Any(candidate => candidate.StartsWith(word, StringComparison.Ordinal)));
    }

    /// <summary>True when at least three in five of <paramref name="words"/> stand in <paramref name="text"/>, one slip of the finger a word allowed.</summary>
    public static bool IsClose(string text, string[] words)
    {
        var own = Words(text);
        var hits = words.Count(word => own.Any(candidate => candidate.StartsWith(word, StringComparison.Ordinal) || OneSlip(candidate, word)));
        return words.Length > 0 && hits * 5 >= words.Length * 3;
    }

    // One letter more, less, other, or two swapped; short words would match anything.
    private static bool OneSlip(string a, string b)
    {
        if (Math.Min(a.Length, b.Length) < 4 || Math.Abs(a.Length - b.Length) > 1) return false;
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start]) start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        var (restA, restB) = (a[start..^end], b[start..^end]);
        return (restA.Length <= 1 && restB.Length <= 1) || (restA.Length == 2 && restB.Length == 2 && restA[0] == restB[1] && restA[1] == restB[0]);
    }

    /// <summary>Lower case, without accents, each run of anything but letters and digits a single space.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToLowerInvariant(c));
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }
}
