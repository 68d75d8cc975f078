using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FocoBot.Assistant.LanguageModels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocoBot.Tests.LanguageModels;

/// <summary>The interpreter wired as in the product, against one stand-in for each configured provider, on a fake clock.</summary>
internal sealed class LanguageModelHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly CapturingLogs _logs = new();

    private LanguageModelHarness(IReadOnlyDictionary<string, LanguageModelStandIn> providers, Dictionary<string, string?> settings)
    {
        Providers = providers;
        foreach (var (name, standIn) in providers)
        {
            settings.TryAdd($"{name.ToUpperInvariant()}_API_KEY", $"sk-{name}-canary");
            settings.TryAdd($"{name.ToUpperInvariant()}_BASE_URL", standIn.BaseUrl);
        }
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs))
            .AddLanguageModels(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        Interpreter = _services.GetRequiredService<Interpreter>();

        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == LanguageModelMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public FakeClock Clock { get; } = new();

    public Interpreter Interpreter { get; }

    public IReadOnlyDictionary<string, LanguageModelStandIn> Providers { get; }

    public LanguageModelStandIn OpenAi => Providers["openai"];

    public LanguageModelStandIn Kimi => Providers["kimi"];

    public LanguageModelStandIn Glm => Providers["glm"];

    public IEnumerable<string> Logged => _logs.Lines;

    /// <summary>Measurements as <c>instrument{label=value,…} amount</c>.</summary>
    public ConcurrentQueue<string> Measured { get; } = new();

    public static Task<LanguageModelHarness> StartAsync(params string[] providers) => StartWithAsync([], providers);

    /// <summary>Starts stand-ins that all know the right answer to "comprar focos mañana".</summary>
    public static async Task<LanguageModelHarness> StartWithAsync(Dictionary<string, string?> settings, params string[] providers)
    {
        var standIns = new Dictionary<string, LanguageModelStandIn>();
        foreach (var provider in providers)
        {
            standIns[provider] = await LanguageModelStandIn.StartAsync(provider);
            standIns[provider].Answer(StandInAnswers.BuyBulbs());
        }
        return new LanguageModelHarness(standIns, settings);
    }

    public Task<Interpretation?> Ask(string text = "comprar focos mañana", params string[] openTasks) => Ask(CancellationToken.None, text, openTasks);

    // The guard is on the real clock: a call that the fake one never ends must fail its test, not hang the suite.
    public Task<Interpretation?> Ask(CancellationToken cancellationToken, string text = "comprar focos mañana", params string[] openTasks) =>
        Interpreter.AskAsync(
            new InterpretationRequest(text, "es", Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"), openTasks),
            cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var standIn in Providers.Values)
            await standIn.DisposeAsync();
        await _services.DisposeAsync();
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measured.Enqueue($"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}} {value}");

    private sealed class CapturingLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
