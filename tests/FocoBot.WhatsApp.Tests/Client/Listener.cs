using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>Keeps every log line of a client, with its exceptions.</summary>
internal sealed class Listener : ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{formatter(state, exception)} {exception}");
}
