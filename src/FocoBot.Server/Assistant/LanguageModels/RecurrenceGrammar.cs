using System.Globalization;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>The part of RFC 5545 §3.3.10 that tasks can repeat by. No prefix, no DTSTART; the time of day is in the due date.</summary>
internal static class RecurrenceGrammar
{
    private static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    public static bool IsValid(string rule)
    {
        if (rule.Length > LanguageModelLimits.RecurrenceLength)
            return false;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in rule.Split(';'))
        {
            if (part.Split('=') is not [var name, { Length: > 0 } value] || !parts.TryAdd(name, value))
                return false;
        }
        return parts.GetValueOrDefault("FREQ") is "HOURLY" or "DAILY" or "WEEKLY" or "MONTHLY" or "YEARLY"
            && !(parts.ContainsKey("COUNT") && parts.ContainsKey("UNTIL"))
            && (!parts.ContainsKey("BYSETPOS") || parts.ContainsKey("BYDAY") || parts.ContainsKey("BYMONTHDAY"))
            && (!parts.ContainsKey("BYMONTHDAY") || parts["FREQ"] != "WEEKLY")
            && parts.All(part => IsValidPart(part.Key, part.Value, parts["FREQ"]));
    }

    private static bool IsValidPart(string name, string value, string frequency) => name switch
    {
        "FREQ" => true,
        "INTERVAL" or "COUNT" => IsNumber(value, 1, 999),
        "BYMONTH" => value.Split(',').All(month => IsNumber(month, 1, 12)),
        "BYMONTHDAY" => value.Split(',').All(day => IsNumber(day, 1, 31) || IsNegative(day, 31)),
        "BYSETPOS" => value.Split(',').All(position => IsNumber(position, 1, 31) || IsNegative(position, 31)),
        "BYDAY" => value.Split(',').All(day => IsDay(day, ordinals: frequency is "MONTHLY" or "YEARLY")),
        "WKST" => Weekdays.Contains(value),
        "UNTIL" => IsInstant(value, "yyyyMMdd") || IsInstant(value, "yyyyMMdd'T'HHmmss") || IsInstant(value, "yyyyMMdd'T'HHmmss'Z'"),
        _ => false,
    };

    // "TH", or "2TH" and "-1FR" where a weekday can be counted within its month or year.
    private static bool IsDay(string day, bool ordinals) =>
        day.Length >= 2
        && Weekdays.Contains(day[^2..])
        && (day.Length == 2 || (ordinals && (IsNumber(day[..^2], 1, 5) || IsNegative(day[..^2], 5))));

    private static bool IsNegative(string text, int lowest) => text.StartsWith('-') && IsNumber(text[1..], 1, lowest);

    private static bool IsNumber(string text, int from, int to) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to;

    private static bool IsInstant(string text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
