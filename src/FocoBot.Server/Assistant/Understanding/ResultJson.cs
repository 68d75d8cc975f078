using System.Text.Json.Serialization;

namespace FocoBot.Assistant.Understanding;

/// <summary>One line asked of the <c>understand</c> command.</summary>
internal sealed record UnderstandRequest(string? Id, string? Text, string? Lang, string? Now, string? Tz);

/// <summary>The line it answers with.</summary>
internal sealed record UnderstandAnswer(string? Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ResultJson? Result, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary>An <see cref="Understanding"/> with the field names and forms of the runner contract.</summary>
internal sealed record ResultJson(
    string Intent,
    string? Title,
    string? Due,
    bool DueHasTime,
    string? Recurrence,
    string? Priority,
    IReadOnlyList<int> Refs,
    string? RefText,
    string? RefScope,
    string? Filter,
    string? Code,
    Setting? Setting)
{
    public static ResultJson Of(Understanding u) => new(
        Lower(u.Intent),
        u.Title,
        u.Due is { } due ? due.At.ToString(due.HasTime ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null,
        u.Due is { HasTime: true },
        u.Recurrence,
        u.Priority is { } priority ? Lower(priority) : null,
        u.Refs,
        u.RefText,
        u.RefScope is { } scope ? Lower(scope) : null,
        u.Filter,
        u.Code,
        u.Setting);

    private static string Lower<T>(T value) where T : struct, Enum => Enum.GetName(value)!.ToLowerInvariant();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UnderstandRequest))]
[JsonSerializable(typeof(UnderstandAnswer))]
internal sealed partial class UnderstandJson : JsonSerializerContext;
