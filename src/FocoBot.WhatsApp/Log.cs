using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Signal;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp;

/// <summary>Every log line of the library. None holds a key, code, phone number or text.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Debug, "Connection ended: {End}; retry in {RetryIn}")]
    public static partial void Ended(ILogger logger, ConnectionEnd end, TimeSpan? retryIn);

    [LoggerMessage(3002, LogLevel.Warning, "The server broke the protocol")]
    public static partial void ProtocolBroken(ILogger logger, Exception exception);

    [LoggerMessage(3003, LogLevel.Error, "A stanza could not be handled; the connection is given up")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(3004, LogLevel.Warning, "A {Stanza} could not be understood")]
    public static partial void StanzaRefused(ILogger logger, Exception exception, Node stanza);

    [LoggerMessage(3005, LogLevel.Warning, "{Step} failed after the login; the connection goes on")]
    public static partial void StepFailed(ILogger logger, Exception exception, string step);

    [LoggerMessage(3006, LogLevel.Information, "{Count} prekeys uploaded")]
    public static partial void PreKeysUploaded(ILogger logger, int count);

    [LoggerMessage(3007, LogLevel.Warning, "Not connected: {Cause}")]
    public static partial void NotConnected(ILogger logger, Exception exception, EndCause cause);

    [LoggerMessage(3008, LogLevel.Warning, "Not linked: {Failure}")]
    public static partial void NotLinked(ILogger logger, LinkingFailure failure);

    [LoggerMessage(3009, LogLevel.Warning, "The server's copy of our prekeys differs; they are uploaded again")]
    public static partial void DigestDiffers(ILogger logger);

    [LoggerMessage(3010, LogLevel.Trace, "← {Stanza}")]
    public static partial void Received(ILogger logger, Node stanza);

    [LoggerMessage(3011, LogLevel.Debug, "A message could not be decrypted, and is asked for again: {Reason}")]
    public static partial void MessageNotDecrypted(ILogger logger, SignalError reason);

    [LoggerMessage(3012, LogLevel.Debug, "A message could not be sent or asked for again")]
    public static partial void NotSentAgain(ILogger logger, Exception exception);

    [LoggerMessage(3013, LogLevel.Warning, "The server ended {Count} connections over the same message, which is given up")]
    public static partial void MessageGivenUp(ILogger logger, int count);

    [LoggerMessage(3014, LogLevel.Warning, "A session or sender key of a restored device is damaged, and is left out")]
    public static partial void RecordDamaged(ILogger logger);

    [LoggerMessage(3020, LogLevel.Warning, "The app state {Collection} can't be verified; it is fetched anew")]
    public static partial void AppStateBroken(ILogger logger, Exception exception, string collection);

    [LoggerMessage(3021, LogLevel.Warning, "The app state {Collection} can't be brought up to date: {Error}")]
    public static partial void AppStateGivenUp(ILogger logger, string collection, int? error);

    [LoggerMessage(3022, LogLevel.Debug, "The app state {Collection} needs a key that the phone is asked for")]
    public static partial void AppStateKeyMissing(ILogger logger, string collection);

    [LoggerMessage(3023, LogLevel.Warning, "A part of the history could not be read")]
    public static partial void HistoryRefused(ILogger logger, Exception exception);
}
