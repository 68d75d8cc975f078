using System.Globalization;
using System.Text.Json;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>Reads what a provider answered; any bytes give an outcome, none an exception.</summary>
internal static class ChatResponse
{
    public static ChatOutcome Read(Provider provider, int status, TimeSpan? retryAfter, ReadOnlyMemory<byte> body)
    {
        using var document = JsonElements.Parse(body);
        var error = document?.RootElement.Member("error");
        var isSuccess = status is >= 200 and < 300;
        if (!isSuccess || error is not null)
            return ChatOutcome.Failed(Classify(provider, status, error), status, retryAfter);
        return document is null ? ChatOutcome.Failed(FailureKind.Malformed, status) : ReadCompletion(document.RootElement, status);
    }

    // {"choices":[{"finish_reason":"stop","message":{"content":"…","refusal":null,"reasoning_content":"…"}}],"usage":{…}}
    private static ChatOutcome ReadCompletion(JsonElement root, int status)
    {
        var choices = root.Member("choices");
        if (choices is not { ValueKind: JsonValueKind.Array } || choices.Value.GetArrayLength() == 0)
            return ChatOutcome.Failed(FailureKind.Malformed, status);

        var choice = choices.Value[0];
        switch (choice.Member("finish_reason")?.Text())
        {
            case "stop":
                break;
            case "length":
                return ChatOutcome.Failed(FailureKind.Malformed, status);
            case "network_error":
                return ChatOutcome.Failed(FailureKind.Busy, status);
            default:
                return ChatOutcome.Failed(FailureKind.Refused, status);
        }

        var message = choice.Member("message");
        if (message?.Member("refusal") is not null)
            return ChatOutcome.Failed(FailureKind.Refused, status);
        var usage = root.Member("usage");
        return message?.Member("content")?.Text() is { Length: <= LanguageModelLimits.AnswerLength } content
            ? ChatOutcome.Answered(content, Tokens(usage, "prompt_tokens"), Tokens(usage, "completion_tokens"))
            : ChatOutcome.Failed(FailureKind.Malformed, status);
    }

    private static FailureKind Classify(Provider provider, int status, JsonElement? error)
    {
        foreach (var name in (string[])["code", "type"])
        {
            if (Code(error?.Member(name)) is { } code && provider.ErrorCodes.TryGetValue(code, out var kind))
                return kind;
        }
        return status switch
        {
            < 300 => FailureKind.Malformed,
            // A redirect is not followed: the key and the text would go to a host that nobody configured.
            < 400 or 401 or 402 or 403 or 404 or 405 or 410 => FailureKind.Account,
            408 or 429 or >= 500 => FailureKind.Busy,
            _ => FailureKind.Rejected,
        };
    }

    // GLM's codes come as strings or as numbers.
    private static string? Code(JsonElement? element) =>
        element?.Text() ?? element?.Integer()?.ToString(CultureInfo.InvariantCulture);

    private static int Tokens(JsonElement? usage, string name) =>
        usage?.Member(name)?.Integer() is { } count and > 0 and < 1_000_000 ? count : 0;
}
