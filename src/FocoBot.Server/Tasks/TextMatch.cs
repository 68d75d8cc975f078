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
