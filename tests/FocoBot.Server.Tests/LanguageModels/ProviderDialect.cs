using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FocoBot.Tests.LanguageModels;

/// <summary>What a provider accepts, written down from its documentation and apart from the product's own table.</summary>
internal sealed record ProviderDialect(string Provider, string[] Fields, string ResponseFormat)
{
    private static readonly string[] Headers = ["Host", "Accept", "User-Agent", "Authorization", "Content-Type", "Content-Length"];

    public static ProviderDialect Of(string provider) => provider switch
    {
        "openai" => new(provider, ["model", "messages", "max_completion_tokens", "response_format", "reasoning_effort"], "json_schema"),
        "kimi" => new(provider, ["model", "messages", "max_completion_tokens", "response_format", "thinking"], "json_object"),
        "glm" => new(provider, ["model", "messages", "max_tokens", "response_format", "thinking", "temperature"], "json_object"),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    public IEnumerable<string> Check(HttpRequest request, JsonElement body)
    {
        if (request.Method != "POST" || request.Path != "/v1/chat/completions" || request.QueryString.HasValue)
            yield return $"{request.Method} {request.Path}{request.QueryString}";
        if (request.ContentType != "application/json")
            yield return $"content type {request.ContentType}";
        foreach (var header in request.Headers.Keys.Except(Headers, StringComparer.OrdinalIgnoreCase))
            yield return $"header {header}";
        if (request.Headers.Authorization != $"Bearer sk-{Provider}-canary")
            yield return "wrong key";
        foreach (var field in body.EnumerateObject().Select(property => property.Name).Except(Fields))
            yield return $"field {field}";
        if (body.GetProperty("response_format").GetProperty("type").GetString() != ResponseFormat)
            yield return "response_format";
        if (ResponseFormat == "json_object" && !body.GetProperty("messages")[0].GetProperty("content").GetString()!.Contains("JSON", StringComparison.Ordinal))
            yield return "json_object without the word JSON";
        if (body.TryGetProperty("temperature", out var temperature) && temperature.GetDouble() is < 0 or > 1)
            yield return "temperature";
        if (body.TryGetProperty("thinking", out var thinking) && thinking.GetRawText() != """{"type":"disabled"}""")
            yield return "thinking";
        if (body.TryGetProperty("reasoning_effort", out var effort) && effort.GetString() is not ("none" or "low" or "medium" or "high"))
            yield return "reasoning_effort";
    }
}
