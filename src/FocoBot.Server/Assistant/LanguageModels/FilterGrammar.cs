using System.Globalization;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>The filters of the NLU schema.</summary>
internal static class FilterGrammar
{
    private const string Date = "date:";
    private const string Search = "search:";

    public static bool IsValid(string filter) => filter switch
    {
        "open" or "all" or "pending" or "today" or "tomorrow" or "week" or "next_week" or "weekend" or "month"
            or "overdue" or "done" or "high" or "no_date" or "recurring" => true,
        _ when filter.StartsWith(Date, StringComparison.Ordinal) =>
            DateOnly.TryParseExact(filter[Date.Length..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ when filter.StartsWith(Search, StringComparison.Ordinal) =>
            filter.Length <= Search.Length + LanguageModelLimits.WordsLength
            && !string.IsNullOrWhiteSpace(filter[Search.Length..])
            && !filter.Any(char.IsControl),
        _ => false,
    };
}
