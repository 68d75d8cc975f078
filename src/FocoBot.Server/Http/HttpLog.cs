namespace FocoBot.Http;

internal static partial class HttpLog
{
    [LoggerMessage(1001, LogLevel.Error, "{Method} {Route} failed; trace {Trace}")]
    public static partial void Unhandled(ILogger logger, Exception exception, string method, string? route, string trace);
}
