namespace FocoBot.Assistant.LanguageModels;

/// <summary>Log lines of this room. None holds a text, a title, an answer or a key.</summary>
internal static partial class LanguageModelLog
{
    [LoggerMessage(4101, LogLevel.Information, "Language model {Provider} gave no usable answer: {Kind} (HTTP {Status})")]
    public static partial void CallFailed(ILogger logger, string provider, FailureKind kind, int status);

    [LoggerMessage(4102, LogLevel.Warning, "Language model {Provider} is left alone for {Seconds} s after: {Kind}")]
    public static partial void CircuitOpened(ILogger logger, string provider, double seconds, FailureKind kind);

    [LoggerMessage(4103, LogLevel.Debug, "Language model {Provider} answered outside the schema and is asked to repair it: {Problem}")]
    public static partial void Repairing(ILogger logger, string provider, string problem);
}
