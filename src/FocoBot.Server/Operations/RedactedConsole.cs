using System.Globalization;
using FocoBot.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FocoBot.Operations;

/// <summary>The log on the console: one line an entry, then the exception's if there is one, all of it through <see cref="Redaction"/>.</summary>
internal sealed class RedactedConsole(TimeProvider clock) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "redacted";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var time = clock.GetUtcNow().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        // A line break that came in with a request must not look like an entry of ours.
        textWriter.WriteLine($"{time} {Word(logEntry.LogLevel)} {logEntry.Category}[{logEntry.EventId.Id}] {Redaction.Of(text).ReplaceLineEndings(" ")}");
        if (logEntry.Exception is { } exception) textWriter.WriteLine("  " + Redaction.Of(exception.ToString()).ReplaceLineEndings("\n  "));
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

/// <summary>Registers the log.</summary>
internal static class RedactedConsoleLogging
{
    public static ILoggingBuilder AddRedactedConsole(this ILoggingBuilder logging)
    {
        logging.AddConsoleFormatter<RedactedConsole, ConsoleFormatterOptions>();
        return logging.AddConsole(console => console.FormatterName = RedactedConsole.FormatName);
    }
}
