namespace FocoBot.StandIns.Twilio;

/// <summary>What goes wrong with a request.</summary>
public enum FaultKind
{
    /// <summary>A Twilio-shaped error instead of a message.</summary>
    Error,

    /// <summary>The connection breaks before the message is made.</summary>
    DropBefore,

    /// <summary>The connection breaks after the message was made.</summary>
    DropAfter,

    /// <summary>No message is made and no answer comes, until the client leaves.</summary>
    HangBefore,

    /// <summary>The message is made and no answer comes, until the client leaves.</summary>
    HangAfter,

    /// <summary>The message is made and the answer is no JSON.</summary>
    Garbage,

    /// <summary>The message is made, and a callback reports that it could not be delivered.</summary>
    Undeliverable,
}

/// <summary>Which requests a fault waits for.</summary>
public enum FaultTarget
{
    /// <summary>Sending.</summary>
    Send,

    /// <summary>Listing and fetching.</summary>
    List,

    /// <summary>The typing indicator.</summary>
    Typing,
}

/// <summary>Something that goes wrong with the next requests.</summary>
/// <param name="Kind">What.</param>
/// <param name="Times">For how many requests.</param>
/// <param name="HttpStatus">The status of an error.</param>
/// <param name="Code">The Twilio code of an error or failed delivery; 0 answers without a Twilio body, as a gateway would.</param>
/// <param name="RetryAfterSeconds">A Retry-After header for an error.</param>
/// <param name="Target">Which requests.</param>
/// <param name="To">Only messages to this recipient.</param>
public sealed record Fault(
    FaultKind Kind, int Times = 1, int HttpStatus = 400, int Code = 0, int? RetryAfterSeconds = null, FaultTarget Target = FaultTarget.Send, string? To = null);

/// <summary>The faults still to happen, in order of injection.</summary>
public sealed class FaultQueue
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _waiting = [];
    private int _delayMilliseconds;

    /// <summary>How long each send takes before it is answered.</summary>
    public int DelayMilliseconds
    {
        get => Volatile.Read(ref _delayMilliseconds);
        set => Volatile.Write(ref _delayMilliseconds, value);
    }

    /// <summary>Adds a fault behind the others.</summary>
    public void Add(Fault fault)
    {
        lock (_lock)
            _waiting.Add(fault);
    }

    /// <summary>Forgets all faults and the delay.</summary>
    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
        DelayMilliseconds = 0;
    }

    internal Fault? Take(FaultTarget target, string? to = null)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(fault => fault.Target == target && (fault.To is null || fault.To == to));
            if (index < 0)
                return null;
            var fault = _waiting[index];
            if (fault.Times > 1)
                _waiting[index] = fault with { Times = fault.Times - 1 };
            else
                _waiting.RemoveAt(index);
            return fault;
        }
    }
}
