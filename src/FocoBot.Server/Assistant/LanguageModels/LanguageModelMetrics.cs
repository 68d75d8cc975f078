using System.Diagnostics.Metrics;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>Calls, failures by kind, latency and tokens, labelled with the provider only.</summary>
internal sealed class LanguageModelMetrics
{
    public const string MeterName = "FocoBot.LanguageModels";

    private readonly Counter<long> _calls;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _tokens;

    public LanguageModelMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("focobot.llm.calls", description: "Requests sent to a language model");
        _failures = meter.CreateCounter<long>("focobot.llm.failures", description: "Requests without a usable answer, by kind");
        _duration = meter.CreateHistogram<double>("focobot.llm.duration", "s", "Time from request to answer or failure");
        _tokens = meter.CreateCounter<long>("focobot.llm.tokens", description: "Tokens the provider reported");
    }

    public void Called(string provider, TimeSpan took, ChatOutcome outcome)
    {
        var label = KeyValuePair.Create<string, object?>("provider", provider);
        _calls.Add(1, label);
        _duration.Record(took.TotalSeconds, label);
        if (outcome.PromptTokens > 0)
            _tokens.Add(outcome.PromptTokens, label, new("direction", "prompt"));
        if (outcome.AnswerTokens > 0)
            _tokens.Add(outcome.AnswerTokens, label, new("direction", "answer"));
        if (outcome.Failure is { } kind)
            _failures.Add(1, label, new("kind", kind.Label()));
    }
}
