namespace FocoBot.Events;

internal static partial class EventsLog
{
    [LoggerMessage(1101, LogLevel.Error, "An event stream failed")]
    public static partial void StreamFailed(ILogger logger, Exception exception);
}
