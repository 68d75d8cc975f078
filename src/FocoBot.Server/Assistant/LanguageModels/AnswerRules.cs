using System.Globalization;
using static FocoBot.Assistant.LanguageModels.InterpretedIntent;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>The values of one result: drops the fields its intent doesn't use and checks those it does.</summary>
internal static class AnswerRules
{
    /// <summary>The item with only the fields of its intent.</summary>
    /// <exception cref="AnswerException">A field that the intent uses has a value outside the schema.</exception>
    public static InterpretedItem Apply(InterpretedItem item, InterpretationRequest request)
    {
        var namesTask = item.Intent is Complete or Delete or Edit or Reschedule;
        var hasDue = item.Intent is Create or Reschedule;
        var hasWords = item.Intent is Create or Edit;
        var kept = new InterpretedItem
        {
            Intent = item.Intent,
            Title = hasWords ? item.Title?.Trim() : null,
            Due = hasDue ? item.Due : null,
            DueHasTime = hasDue && item.DueHasTime,
            Recurrence = item.Intent is Create ? item.Recurrence : null,
            Priority = hasWords ? item.Priority : null,
            Refs = namesTask ? item.Refs : [],
            RefText = namesTask ? item.RefText?.Trim() : null,
            RefScope = namesTask ? item.RefScope : null,
            Filter = item.Intent is List or Complete or Delete or Reschedule ? item.Filter?.Trim() : null,
            Code = item.Intent is Verify ? item.Code : null,
            Setting = item.Intent is Settings ? item.Setting : null,
        };

        CheckTitle(kept);
        CheckDue(kept, DateOnly.FromDateTime(request.LocalNow));
        CheckTarget(kept);
        Require(kept.Priority is null or "high" or "medium" or "low", "priority is not high, medium, low or null");
        Require(kept.Filter is null || FilterGrammar.IsValid(kept.Filter), "filter is not one of the known filters");
        Require(kept.Code is null || IsCodeOf(request.Text, kept.Code), "code is not the digits of the message");
        Require(kept.Intent is not Settings || IsKnown(kept.Setting), "setting is not a known key with a value it can have");
        return kept;
    }

    private static void CheckTitle(InterpretedItem item)
    {
        Require(item.Intent is not Create || item.Title is not (null or ""), "title is empty");
        Require(
            item.Title is null or { Length: > 0 and <= LanguageModelLimits.TitleLength } && !HasControls(item.Title),
            $"title is not one line of 1 to {LanguageModelLimits.TitleLength} characters");
    }

    private static void CheckDue(InterpretedItem item, DateOnly today)
    {
        if (item.Due is null)
        {
            Require(!item.DueHasTime, "due_has_time is true without a due");
            Require(item.Recurrence is null, "recurrence has no due as its first occurrence");
            return;
        }
        Require(
            DateTime.TryParseExact(
                item.Due, item.DueHasTime ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due),
            "due is not a real date, YYYY-MM-DDTHH:MM with due_has_time and YYYY-MM-DD without");
        var date = DateOnly.FromDateTime(due);
        Require(date >= today.AddDays(-1), "due is in the past");
        Require(date <= today.AddYears(LanguageModelLimits.YearsAhead), $"due is more than {LanguageModelLimits.YearsAhead} years ahead");
        Require(item.Recurrence is null || RecurrenceGrammar.IsValid(item.Recurrence), "recurrence is not a rule of the known parts");
    }

    private static void CheckTarget(InterpretedItem item)
    {
        Require(item.RefScope is null or "all" or "last", "ref_scope is not all, last or null");
        Require(
            item.RefText is null or { Length: > 0 and <= LanguageModelLimits.WordsLength } && !HasControls(item.RefText),
            $"ref_text is not one line of 1 to {LanguageModelLimits.WordsLength} characters");
        var ways = (item.Refs.Count > 0 ? 1 : 0) + (item.RefText is null ? 0 : 1) + (item.RefScope is null ? 0 : 1);
        Require(ways <= 1, "more than one of refs, ref_text and ref_scope is set");
    }

    // An invented code would use up one of the person's three attempts.
    private static bool IsCodeOf(string text, string code) =>
        code.Length is >= 4 and <= 8
        && code.All(char.IsAsciiDigit)
        && string.Concat(text.Where(char.IsAsciiDigit)).Contains(code, StringComparison.Ordinal);

    private static bool IsKnown(InterpretedSetting? setting) => setting switch
    {
        { Key: "timezone", Value: var zone } => IsIanaZone(zone),
        { Key: "language", Value: "es" or "en" } => true,
        { Key: "digest", Value: "on" or "off" } => true,
        { Key: "digest", Value: var time } => TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => false,
    };

    // FindSystemTimeZoneById reads files by that name on Linux, so only the shape of zone names gets there.
    private static bool IsIanaZone(string name) =>
        name.Length <= 64
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        && zone.HasIanaId;

    private static bool HasControls(string? text) => text is not null && text.Any(char.IsControl);

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new AnswerException(problem);
    }
}
