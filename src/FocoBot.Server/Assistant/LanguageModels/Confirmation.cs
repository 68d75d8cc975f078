using System.Globalization;
using System.Text.RegularExpressions;
using static FocoBot.Assistant.LanguageModels.InterpretedIntent;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>Whether a person must say yes before a model's reading is acted on; see <see cref="Interpretation.NeedsConfirmation"/>.</summary>
internal static partial class Confirmation
{
    public static bool IsNeeded(IReadOnlyList<InterpretedItem> items, string text) =>
        items.Any(item => item.Intent is Stop)
        || items.Where(item => item.Intent is Complete or Delete).Sum(TaskCount) > 1
        || items.Any(item => item.Intent is Complete or Delete or Edit or Reschedule && (TaskCount(item) > LanguageModelLimits.Refs || !IsNamed(item, text)));

    // Whole lists have no number; any that is higher than a list of refs can be will do.
    private static int TaskCount(InterpretedItem item) =>
        item.RefScope == "all" || (item.Filter is not null && item.RefScope is null && item.RefText is null && item.Refs.Count == 0)
            ? LanguageModelLimits.Refs + 1
            : item.Refs.Count + (item.RefText is null ? 0 : 1) + (item.RefScope is null ? 0 : 1);

    // Numbers said as words ("la ocho") count as not named: asking once too often is the cheaper mistake.
    private static bool IsNamed(InterpretedItem item, string text)
    {
        var numbers = Numbers().Matches(text).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).ToList();
        var compare = CultureInfo.InvariantCulture.CompareInfo;
        return item.Refs.All(number => numbers.Contains(number) || numbers.Zip(numbers.Skip(1)).Any(pair => pair.First < number && number < pair.Second))
            && (item.RefText ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .All(word => compare.IndexOf(text, word, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0);
    }

    [GeneratedRegex(@"(?<![0-9])[0-9]{1,3}(?![0-9])")]
    private static partial Regex Numbers();
}
