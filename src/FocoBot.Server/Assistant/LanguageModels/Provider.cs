using System.Collections.Frozen;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>What differs between the providers of the OpenAI-style chat API, as data.</summary>
/// <param name="Name">Name in FOCOBOT_LLM_ORDER, metrics and logs.</param>
/// <param name="SettingPrefix">Prefix of its settings: <c>OPENAI</c> for <c>OPENAI_API_KEY</c>.</param>
/// <param name="DefaultModel">A small, fast model of the provider.</param>
/// <param name="DefaultBaseUrl">The public endpoint, without <c>/chat/completions</c>.</param>
/// <param name="TokenCapField">The field that bounds the answer's length.</param>
/// <param name="StrictSchema">Whether <c>json_schema</c> with <c>strict</c> is supported; else <c>json_object</c>.</param>
/// <param name="Temperature">Null where the platform fixes the sampling and refuses the field.</param>
/// <param name="ThinkingField">The field that turns thinking off.</param>
/// <param name="ThinkingOff">Its JSON value.</param>
/// <param name="QuietFamilies">Model families that accept it. Others think always or know no such field, and would answer 400.</param>
/// <param name="ErrorCodes">The provider's own error codes and types, where the HTTP status alone would mislead.</param>
internal sealed record Provider(
    string Name, string SettingPrefix, string DefaultModel, string DefaultBaseUrl, string TokenCapField, bool StrictSchema, double? Temperature,
    string ThinkingField, string ThinkingOff, IReadOnlyList<string> QuietFamilies, FrozenDictionary<string, FailureKind> ErrorCodes)
{
    /// <summary>https://developers.openai.com/api/reference; insufficient_quota comes as 429 like a rate limit.</summary>
    public static readonly Provider OpenAi = new(
        "openai", "OPENAI", "gpt-6-luna", "https://api.openai.com/v1", "max_completion_tokens", StrictSchema: true, Temperature: null,
        "reasoning_effort", "\"none\"", ["gpt-6.1", "gpt-6", "gpt-5.6", "gpt-5.5", "gpt-5.4"],
        Codes(
            (FailureKind.Account, ["insufficient_quota", "billing_hard_limit_reached", "invalid_api_key", "model_not_found"]),
            (FailureKind.Busy, ["rate_limit_exceeded", "server_error"]),
            (FailureKind.Refused, ["content_filter", "content_policy_violation"])));

    /// <summary>https://platform.kimi.ai/docs/api/errors; an empty balance comes as 403 or 429.</summary>
    public static readonly Provider Kimi = new(
        "kimi", "KIMI", "kimi-k2.6", "https://api.moonshot.ai/v1", "max_completion_tokens", StrictSchema: false, Temperature: null,
        "thinking", """{"type":"disabled"}""", ["kimi-k2.5", "kimi-k2.6"],
        Codes(
            (FailureKind.Account, ["exceeded_current_quota_error", "invalid_authentication_error", "permission_denied_error", "resource_not_found_error"]),
            (FailureKind.Busy, ["engine_overloaded", "engine_overloaded_error", "rate_limit", "rate_limit_reached_error"]),
            (FailureKind.Refused, ["content_filter"])));

    /// <summary>https://docs.z.ai/api-reference/api-code; the cause is in a numeric code, most come as 429 or 400.</summary>
    public static readonly Provider Glm = new(
        "glm", "GLM", "glm-4.7", "https://api.z.ai/api/paas/v4", "max_tokens", StrictSchema: false, Temperature: 0.1,
        "thinking", """{"type":"disabled"}""", ["glm-4.5", "glm-4.6", "glm-4.7", "glm-5", "glm-5.1", "glm-5.2"],
        Codes(
            (FailureKind.Account, ["1113", "1211", "1308", "1310"]),
            (FailureKind.Busy, ["1302", "1303", "1305", "1312"]),
            (FailureKind.Rejected, ["1261"]),
            (FailureKind.Refused, ["1301"])));

    /// <summary>All known providers, in the order they are asked unless FOCOBOT_LLM_ORDER says otherwise.</summary>
    public static readonly IReadOnlyList<Provider> All = [OpenAi, Kimi, Glm];

    /// <summary>Whether <paramref name="model"/> accepts the field that turns thinking off.</summary>
    public bool CanBeQuiet(string model) =>
        QuietFamilies.Any(family => model == family || model.StartsWith(family + "-", StringComparison.Ordinal));

    private static FrozenDictionary<string, FailureKind> Codes(params (FailureKind Kind, string[] Codes)[] groups) =>
        groups.SelectMany(group => group.Codes, (group, code) => KeyValuePair.Create(code, group.Kind)).ToFrozenDictionary(StringComparer.Ordinal);
}
