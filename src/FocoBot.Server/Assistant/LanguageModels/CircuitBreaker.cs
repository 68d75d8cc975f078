namespace FocoBot.Assistant.LanguageModels;

/// <summary>
/// Spares a failing provider. Closed: everyone may call. Open: nobody, until the cool-down is over. Then one caller at a time probes;
/// its success closes the circuit, its failure opens it again.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _openedAt;
    private TimeSpan? _openFor;
    private bool _probing;

    /// <summary>Whether <see cref="TryEnter"/> would let a caller in now.</summary>
    public bool Admits
    {
        get
        {
            lock (_gate)
                return _openFor is not { } span || (!_probing && clock.GetElapsedTime(_openedAt) >= span);
        }
    }

    /// <summary>Asks to call. True must be followed by exactly one of <see cref="Alive"/>, <see cref="Failed"/> and <see cref="Abandoned"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!Admits)
                return false;
            _probing = _openFor is not null;
            return true;
        }
    }

    /// <summary>The provider answered, be it with a refusal of this one request.</summary>
    public void Alive()
    {
        lock (_gate)
        {
            _failures = 0;
            _openFor = null;
            _probing = false;
        }
    }

    /// <summary>The provider failed.</summary>
    /// <returns>How long the circuit is open now, or null when it stays closed.</returns>
    public TimeSpan? Failed(FailureKind kind, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _failures++;
            TimeSpan? span = kind == FailureKind.Account ? LanguageModelLimits.LongCoolDown
                : retryAfter is { } asked ? (asked < LanguageModelLimits.LongCoolDown ? asked : LanguageModelLimits.LongCoolDown)
                : _probing || _failures >= LanguageModelLimits.FailuresInARow ? LanguageModelLimits.CoolDown
                : null;
            _probing = false;
            if (span is null)
                return null;
            _openedAt = clock.GetTimestamp();
            _openFor = span;
            return span;
        }
    }

    /// <summary>The call ended without telling anything about the provider: its caller went away.</summary>
    public void Abandoned()
    {
        lock (_gate)
            _probing = false;
    }
}
