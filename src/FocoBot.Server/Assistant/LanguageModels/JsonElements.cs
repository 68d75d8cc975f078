using System.Text.Json;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>Reads of untrusted JSON that answer null instead of throwing when something else is there.</summary>
internal static class JsonElements
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = LanguageModelLimits.JsonDepth, AllowDuplicateProperties = false };

    /// <summary>Parses a whole document, or null when it is none, nests too deep or names a property twice.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, Options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The search for repeated names throws the latter when a name holds half of a surrogate pair.
            return null;
        }
    }

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape, is valid JSON but no text.
            return null;
        }
    }

    public static int? Integer(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : null;
}
