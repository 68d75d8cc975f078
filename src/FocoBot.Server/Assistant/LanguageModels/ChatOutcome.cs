namespace FocoBot.Assistant.LanguageModels;

/// <summary>The end of one call: either the model's text in <see cref="Content"/>, or a <see cref="Failure"/>.</summary>
internal sealed class ChatOutcome
{
    public string? Content { get; private init; }

    public FailureKind? Failure { get; private init; }

    /// <summary>HTTP status, 0 when there was none.</summary>
    public int Status { get; private init; }

    /// <summary>How long the provider asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public int PromptTokens { get; private init; }

    public int AnswerTokens { get; private init; }

    public static ChatOutcome Answered(string content, int promptTokens, int answerTokens) =>
        new() { Content = content, Status = 200, PromptTokens = promptTokens, AnswerTokens = answerTokens };

    public static ChatOutcome Failed(FailureKind kind, int status = 0, TimeSpan? retryAfter = null) =>
        new() { Failure = kind, Status = status, RetryAfter = retryAfter };

    /// <summary>The same call, its content found unusable.</summary>
    public ChatOutcome AsMalformed() =>
        new() { Failure = FailureKind.Malformed, Status = Status, PromptTokens = PromptTokens, AnswerTokens = AnswerTokens };
}
