using System.Text;
using System.Text.Json;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>
/// Reads a model's answer as strictly as hostile input: its shape here, its values in <see cref="AnswerRules"/>. Whatever doesn't fit
/// rejects the whole answer, with the reason in our own words (no part of the answer is quoted).
/// </summary>
internal static class AnswerReader
{
    private static readonly string[] Fields =
        ["intent", "title", "due", "due_has_time", "recurrence", "priority", "refs", "ref_text", "ref_scope", "filter", "code", "setting"];

    /// <summary>True with <paramref name="items"/>, or false with a <paramref name="problem"/>.</summary>
    public static bool TryRead(
        string answer, InterpretationRequest request, out IReadOnlyList<InterpretedItem> items, out string problem)
    {
        (items, problem) = ([], "");
        try
        {
            using var document = JsonElements.Parse(Encoding.UTF8.GetBytes(answer)) ?? throw new AnswerException("it is not a JSON document");
            items = ReadItems(document.RootElement, request);
            return true;
        }
        catch (AnswerException e)
        {
            problem = e.Message;
            return false;
        }
    }

    private static List<InterpretedItem> ReadItems(JsonElement root, InterpretationRequest request)
    {
        OnlyFields(root, "the answer", ["items"]);
        var list = root.Member("items") is { ValueKind: JsonValueKind.Array } array ? array : throw new AnswerException("items is not a list");
        if (list.GetArrayLength() is 0 or > LanguageModelLimits.Items)
            throw new AnswerException($"items does not hold 1 to {LanguageModelLimits.Items} results");

        var items = new List<InterpretedItem>();
        foreach (var element in list.EnumerateArray())
        {
            try
            {
                items.Add(AnswerRules.Apply(ReadItem(element), request));
            }
            catch (AnswerException e)
            {
                throw new AnswerException($"in items[{items.Count}] {e.Message}");
            }
        }
        return items;
    }

    private static InterpretedItem ReadItem(JsonElement element)
    {
        OnlyFields(element, "the item", Fields);
        return new InterpretedItem
        {
            Intent = ReadIntent(element),
            Title = Text(element, "title"),
            Due = Text(element, "due"),
            DueHasTime = Flag(element, "due_has_time"),
            Recurrence = Text(element, "recurrence"),
            Priority = Text(element, "priority"),
            Refs = ReadRefs(element),
            RefText = Text(element, "ref_text"),
            RefScope = Text(element, "ref_scope"),
            Filter = Text(element, "filter"),
            Code = Text(element, "code"),
            Setting = ReadSetting(element),
        };
    }

    private static InterpretedIntent ReadIntent(JsonElement element)
    {
        // Enum.TryParse alone would accept numbers, other cases and lists.
        var name = Text(element, "intent");
        return Enum.GetValues<InterpretedIntent>().Where(intent => intent.ToString().ToLowerInvariant() == name).Cast<InterpretedIntent?>().FirstOrDefault()
            ?? throw new AnswerException("intent is not one of the known intents");
    }

    private static IReadOnlyList<int> ReadRefs(JsonElement element)
    {
        if (element.Member("refs") is not { } list)
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > LanguageModelLimits.Refs)
            throw new AnswerException($"refs is not a list of at most {LanguageModelLimits.Refs} numbers");
        return [.. list.EnumerateArray()
            .Select(number => number.Integer() is { } value and >= 1 and <= LanguageModelLimits.HighestRef
                ? value
                : throw new AnswerException($"refs holds something else than integers from 1 to {LanguageModelLimits.HighestRef}"))
            .Distinct()];
    }

    private static InterpretedSetting? ReadSetting(JsonElement element)
    {
        if (element.Member("setting") is not { } setting)
            return null;
        OnlyFields(setting, "setting", ["key", "value"]);
        return Text(setting, "key") is { } key && Text(setting, "value") is { } value
            ? new InterpretedSetting(key, value)
            : throw new AnswerException("setting lacks key or value");
    }

    private static string? Text(JsonElement element, string name) =>
        element.Member(name) is not { } value ? null : value.Text() ?? throw new AnswerException($"{name} is neither text nor null");

    private static bool Flag(JsonElement element, string name) => element.Member(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw new AnswerException($"{name} is neither true nor false"),
    };

    private static void OnlyFields(JsonElement element, string what, string[] names)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new AnswerException($"{what} is not an object");
        if (element.EnumerateObject().Any(property => !names.Any(property.NameEquals)))
            throw new AnswerException($"{what} has a field other than {string.Join(", ", names)}");
    }
}

/// <summary>An answer outside the schema. The message goes back to the model and into debug logs, so it quotes nothing.</summary>
internal sealed class AnswerException(string problem) : Exception(problem);
