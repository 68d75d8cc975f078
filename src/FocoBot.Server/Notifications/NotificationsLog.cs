namespace FocoBot.Notifications;

/// <summary>This room's log lines (1700–1799). No numbers, names or texts.</summary>
internal static partial class NotificationsLog
{
    [LoggerMessage(1700, LogLevel.Error, "Notifications could not be sent ({Exception}); they are tried again")]
    public static partial void NotSent(ILogger logger, string exception);
}
