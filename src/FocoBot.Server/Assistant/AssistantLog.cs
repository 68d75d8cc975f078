namespace FocoBot.Assistant;

/// <summary>The assistant's log lines (1000–1099). None holds a phone, an address or a text.</summary>
internal static partial class AssistantLog
{
    [LoggerMessage(1000, LogLevel.Error, "A message could not be handled and will be tried again ({Exception})")]
    public static partial void MessageFailed(ILogger logger, string exception);

    [LoggerMessage(1001, LogLevel.Warning, "The inbox could not be read or written; trying again ({Exception})")]
    public static partial void SweepFailed(ILogger logger, string exception);

    [LoggerMessage(1002, LogLevel.Warning, "No advice from a language model; the parser's answer stands ({Exception})")]
    public static partial void AdviceFailed(ILogger logger, string exception);
}
