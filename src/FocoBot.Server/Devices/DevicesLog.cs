namespace FocoBot.Devices;

/// <summary>This room's log lines (1500–1599). No numbers, names or addresses: a device is its id.</summary>
internal static partial class DevicesLog
{
    [LoggerMessage(1500, LogLevel.Error, "What happened to device {Device} could not be put down ({Exception})")]
    public static partial void NotPutDown(ILogger logger, Guid device, string exception);

    [LoggerMessage(1501, LogLevel.Warning, "Device {Device} could not be opened ({Exception})")]
    public static partial void NotOpened(ILogger logger, Guid device, string exception);

    [LoggerMessage(1502, LogLevel.Information, "{Count} devices are being connected")]
    public static partial void Connecting(ILogger logger, int count);

    [LoggerMessage(1503, LogLevel.Warning, "Device {Device} is disconnected: {Code}")]
    public static partial void Disconnected(ILogger logger, Guid device, string code);

    [LoggerMessage(1504, LogLevel.Error, "Linking ended unexpectedly ({Exception})")]
    public static partial void LinkingFailed(ILogger logger, string exception);

    [LoggerMessage(1505, LogLevel.Error, "Messages of device {Device} could not be sent ({Exception}); they are tried again")]
    public static partial void SendingFailed(ILogger logger, Guid device, string exception);

    [LoggerMessage(1506, LogLevel.Warning, "Messages to send could not be looked for ({Exception})")]
    public static partial void SweepFailed(ILogger logger, string exception);

    [LoggerMessage(1507, LogLevel.Warning, "Files that belong to nothing could not be looked for ({Exception})")]
    public static partial void FilesNotSwept(ILogger logger, string exception);

    [LoggerMessage(1520, LogLevel.Warning, "Devices could not be looked after ({Exception})")]
    public static partial void CareFailed(ILogger logger, string exception);

    [LoggerMessage(1521, LogLevel.Warning, "Messages of device {Device} don't leave: its connection is replaced")]
    public static partial void Stuck(ILogger logger, Guid device);

    [LoggerMessage(1522, LogLevel.Warning, "Notices could not be mailed ({Exception}); they are tried again")]
    public static partial void NoticesNotMailed(ILogger logger, string exception);

    [LoggerMessage(1523, LogLevel.Error, "{Count} devices are not connected: there are more than WHATSAPP_MAX_CONNECTIONS_PER_SERVER")]
    public static partial void ServerFull(ILogger logger, int count);
}
