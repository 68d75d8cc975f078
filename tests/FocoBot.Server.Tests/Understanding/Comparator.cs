using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FocoBot.Tests.Understanding;

/// <summary>Whether a result is as good as the expected one: spelling of words, order of rule parts and the like do not count.</summary>
internal static class Comparator
{
    private static readonly Dictionary<string, string[]> Fields = new()
    {
        ["create"] = ["title", "due", "recurrence", "priority"],
        ["list"] = ["filter"],
        ["complete"] = ["refs", "ref_text", "ref_scope", "filter"],
        ["delete"] = ["refs", "ref_text", "ref_scope", "filter"],
        ["edit"] = ["title", "priority", "refs", "ref_text", "ref_scope"],
        ["reschedule"] = ["due", "refs", "ref_text", "ref_scope", "filter"],
        ["verify"] = ["code"],
        ["settings"] = ["setting"],
    };

    private static readonly string[] RefLeads = ["la de ", "el de ", "lo de ", "the one about ", "la ", "el ", "los ", "las ", "lo ", "the ", "tarea ", "task "];
    private static readonly string[] RefTails = [" task", " one"];
    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    public static bool Same(JsonElement expected, JsonElement? instead, JsonElement got)
    {
        var intent = Text(Field(expected, instead, "intent"));
        return intent == Text(Field(got, null, "intent"))
            && Fields.GetValueOrDefault(intent ?? "", []).All(field => Form(field, expected, instead) == Form(field, got, null));
    }

    private static string? Form(string field, JsonElement result, JsonElement? instead)
    {
        var value = Field(result, instead, field);
        return field switch
        {
            "title" => Words(Text(value)),
            "ref_text" => Reference(Text(value)),
            "recurrence" => Rule(Text(value), Text(Field(result, instead, "due"))),
            "refs" => value is { ValueKind: JsonValueKind.Array } refs ? string.Join(',', refs.EnumerateArray().Select(n => n.GetInt32()).Order().Distinct()) : "",
            "filter" => Filter(Text(value)),
            "priority" => Text(value) is "normal" ? null : Text(value),
            "setting" => value is { ValueKind: JsonValueKind.Object } setting ? $"{setting.GetProperty("key")}={setting.GetProperty("value")}" : null,
            _ => Text(value),
        };
    }

    private static JsonElement? Field(JsonElement result, JsonElement? instead, string name) =>
        instead?.TryGetProperty(name, out var other) == true ? other : result.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string? Filter(string? filter) => filter switch
    {
        null or "all" or "pending" or "open" => "open",
        _ when filter.StartsWith("search:", StringComparison.Ordinal) => "search:" + Words(filter[7..]),
        _ => filter,
    };

    private static string? Reference(string? text)
    {
        var words = Words(text);
        while (words is not null)
        {
            var before = words;
            foreach (var lead in RefLeads)
                words = words.StartsWith(lead, StringComparison.Ordinal) ? words[lead.Length..] : words;
            foreach (var tail in RefTails)
                words = words.EndsWith(tail, StringComparison.Ordinal) ? words[..^tail.Length] : words;
            if (words == before)
                break;
        }
        return words;
    }

    /// <summary>Letters and digits only, folded, single spaces.</summary>
    public static string? Words(string? text)
    {
        if (text is null)
            return null;
        var words = new StringBuilder();
        // A lone surrogate cannot be normalised; emoji do not count anyway.
        var plain = string.Concat(text.Select(c => char.IsSurrogate(c) ? ' ' : c));
        foreach (var c in plain.ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c))
                words.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && c is not ('\'' or '’') && words is not [] and not [.., ' '])
                words.Append(' ');
        }
        return words.ToString().TrimEnd();
    }

    /// <summary>Drops INTERVAL=1, WKST and what the due date already says.</summary>
    private static string? Rule(string? rule, string? due)
    {
        if (rule is null)
            return null;
        var parts = rule.ToUpperInvariant().Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => string.Join(',', part[1].Split(',').Order(StringComparer.Ordinal)));
        parts.Remove("WKST");
        if (parts.GetValueOrDefault("INTERVAL") == "1")
            parts.Remove("INTERVAL");
        if (due is not null && DateTime.Parse(due, CultureInfo.InvariantCulture) is var at)
        {
            if (parts["FREQ"] == "WEEKLY" && parts.GetValueOrDefault("BYDAY") == DayNames[(int)at.DayOfWeek])
                parts.Remove("BYDAY");
            if (parts["FREQ"] == "MONTHLY" && parts.GetValueOrDefault("BYMONTHDAY") == at.Day.ToString(CultureInfo.InvariantCulture))
                parts.Remove("BYMONTHDAY");
        }
        return string.Join(';', parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => $"{part.Key}={part.Value}"));
    }
}
