namespace FocoBot.Operations;

/// <summary>This room's log lines (1200–1299).</summary>
internal static partial class OperationsLog
{
    [LoggerMessage(1200, LogLevel.Warning, "Retention of {What} failed; it is tried again in an hour ({Exception})")]
    public static partial void RetentionFailed(ILogger logger, string what, string exception);
}
