namespace FocoBot.Channels.Twilio;

/// <summary>The channel's log lines (1100–1199). None holds an address, a text or a credential.</summary>
internal static partial class TwilioLog
{
    [LoggerMessage(1100, LogLevel.Warning, "{Count} webhooks with a wrong signature were refused; check TWILIO_AUTH_TOKEN and FOCOBOT_BASE_URL if they came from Twilio")]
    public static partial void SignaturesRefused(ILogger logger, long count);

    [LoggerMessage(1101, LogLevel.Error, "Twilio refuses our credentials or sender (error {Code}); sending pauses for {Seconds} s")]
    public static partial void ChannelStopped(ILogger logger, string? code, double seconds);

    [LoggerMessage(1102, LogLevel.Error, "A message can't be sent as the channel is configured (error {Code})")]
    public static partial void Misconfigured(ILogger logger, string? code);

    [LoggerMessage(1103, LogLevel.Warning, "The outbox could not be read or written; trying again ({Exception})")]
    public static partial void OutboxFailed(ILogger logger, string exception);

    [LoggerMessage(1104, LogLevel.Warning, "A message was given up after {Attempts} attempts (error {Code})")]
    public static partial void GivenUp(ILogger logger, long attempts, string? code);
}
