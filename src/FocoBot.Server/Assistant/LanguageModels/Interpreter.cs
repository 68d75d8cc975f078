namespace FocoBot.Assistant.LanguageModels;

/// <summary>
/// Asks language models what a message means, when the deterministic parser is unsure. Providers are asked in their order within one
/// budget of <see cref="LanguageModelLimits.Budget"/>; an answer counts only if it passes every check of the schema.
/// </summary>
public sealed class Interpreter
{
    private readonly IReadOnlyList<(Endpoint Endpoint, CircuitBreaker Circuit)> _providers;
    private readonly ChatCompletions _chat;
    private readonly LanguageModelMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<Interpreter> _logger;

    internal Interpreter(
        LanguageModelOptions options, ChatCompletions chat, LanguageModelMetrics metrics, TimeProvider clock, ILogger<Interpreter> logger)
    {
        _providers = [.. options.Endpoints.Select(endpoint => (endpoint, new CircuitBreaker(clock)))];
        (_chat, _metrics, _clock, _logger) = (chat, metrics, clock, logger);
    }

    /// <summary>
    /// The reading of the first provider that gives a valid one, or null when none does in time, none is configured, or the text is empty
    /// or too long to be sent. Null means: the parser's answer stands. The caller has checked consent and the daily quota.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Interpretation?> AskAsync(InterpretationRequest request, CancellationToken cancellationToken)
    {
        if (_providers.Count == 0 || string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > LanguageModelLimits.TextLength)
            return null;

        var started = _clock.GetTimestamp();
        var question = new Question(request);
        for (var i = 0; i < _providers.Count; i++)
        {
            var left = LanguageModelLimits.Budget - _clock.GetElapsedTime(started);
            if (left < LanguageModelLimits.ShortestCall)
                return null;
            if (!_providers[i].Circuit.TryEnter())
                continue;

            // A provider that hangs must leave time for the next one; the last may use all that is left.
            var slice = _providers.Skip(i + 1).Any(later => later.Circuit.Admits) ? left / 2 : left;
            var (items, failure) = await AskProviderAsync(_providers[i].Endpoint, _providers[i].Circuit, question, slice, cancellationToken);
            if (items is not null)
                return new Interpretation(items, Confirmation.IsNeeded(items, request.Text), _providers[i].Endpoint.Provider.Name);
            if (failure?.FallsOver() == false)
                return null;
        }
        return null;
    }

    private async Task<(IReadOnlyList<InterpretedItem>? Items, FailureKind? Failure)> AskProviderAsync(
        Endpoint endpoint, CircuitBreaker circuit, Question question, TimeSpan slice, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(slice, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var started = _clock.GetTimestamp();
        Reading reading;
        try
        {
            reading = await CallAsync(endpoint, question, question.Opening, either.Token, cancellationToken);
            var took = _clock.GetElapsedTime(started);
            // A second answer takes about as long as the first one did.
            var leavesTime = slice - took > Longer(took, LanguageModelLimits.ShortestCall);
            if (reading is { Problem: { } problem, Answer: { } answer } && leavesTime && question.TakeRepair())
            {
                LanguageModelLog.Repairing(_logger, endpoint.Provider.Name, problem);
                reading = await CallAsync(endpoint, question, Prompt.Repair(question.Opening, answer, problem), either.Token, cancellationToken);
            }
        }
        catch
        {
            circuit.Abandoned();
            throw;
        }
        Settle(endpoint.Provider.Name, circuit, reading.Outcome);
        return (reading.Items, reading.Outcome.Failure);
    }

    /// <summary>One call, timed and judged; a call that runs out of its time is a failed one.</summary>
    private async Task<Reading> CallAsync(
        Endpoint endpoint, Question question, IReadOnlyList<ChatMessage> messages, CancellationToken untilEither, CancellationToken callers)
    {
        var started = _clock.GetTimestamp();
        ChatOutcome outcome;
        try
        {
            outcome = await _chat.SendAsync(endpoint, messages, untilEither);
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            outcome = ChatOutcome.Failed(FailureKind.Timeout);
        }

        var reading = Judge(outcome, question.Request);
        _metrics.Called(endpoint.Provider.Name, _clock.GetElapsedTime(started), reading.Outcome);
        return reading;
    }

    private static Reading Judge(ChatOutcome outcome, InterpretationRequest request) =>
        outcome.Content is not { } content ? new Reading(outcome)
        : AnswerReader.TryRead(content, request, out var items, out var problem) ? new Reading(outcome, Items: items)
        : new Reading(outcome.AsMalformed(), Answer: content, Problem: problem);

    private void Settle(string provider, CircuitBreaker circuit, ChatOutcome outcome)
    {
        if (outcome.Failure is not { } kind)
        {
            circuit.Alive();
            return;
        }
        LanguageModelLog.CallFailed(_logger, provider, kind, outcome.Status);
        if (!kind.FallsOver())
            circuit.Alive();
        else if (circuit.Failed(kind, outcome.RetryAfter) is { } span)
            LanguageModelLog.CircuitOpened(_logger, provider, span.TotalSeconds, kind);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>A request on its way through the providers, with its one repair.</summary>
    private sealed class Question(InterpretationRequest request)
    {
        private bool _repaired;

        public InterpretationRequest Request { get; } = request;

        public IReadOnlyList<ChatMessage> Opening { get; } = Prompt.For(request);

        public bool TakeRepair() => !_repaired && (_repaired = true);
    }

    /// <summary>A call's outcome and what its content holds: items, or an answer with its problem.</summary>
    private sealed record Reading(ChatOutcome Outcome, IReadOnlyList<InterpretedItem>? Items = null, string? Answer = null, string? Problem = null);
}
