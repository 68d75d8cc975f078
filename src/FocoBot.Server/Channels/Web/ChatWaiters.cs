namespace FocoBot.Channels.Web;

/// <summary>What was said back to one message.</summary>
/// <param name="Reply">The text; null when nothing is said.</param>
/// <param name="ErrorCode">Why nothing was done; null when it was.</param>
public sealed record ChatAnswer(string? Reply, string? ErrorCode);

/// <summary>Lets a chat call wait for the answer to its message. A convenience only: the answer is durable without it.</summary>
public sealed class ChatWaiters
{
    private readonly Dictionary<string, Shared> _waiting = new(StringComparer.Ordinal);

    /// <summary>Waits for the answer to the message with this provider id; begin before the message is accepted.</summary>
    public Waiting Begin(string providerId)
    {
        lock (_waiting)
        {
            if (!_waiting.TryGetValue(providerId, out var shared)) _waiting.Add(providerId, shared = new Shared());
            shared.Waiters++;
            return new Waiting(this, providerId, shared);
        }
    }

    internal void Complete(string providerId, ChatAnswer answer)
    {
        Shared? shared;
        lock (_waiting) _waiting.Remove(providerId, out shared);
        shared?.Answer.TrySetResult(answer);
    }

    // A repeat of the call shares the wait with the first one, and whichever ends first must not end it for the other.
    private void Leave(string providerId, Shared shared)
    {
        lock (_waiting)
            if (--shared.Waiters == 0 && _waiting.GetValueOrDefault(providerId) == shared) _waiting.Remove(providerId);
    }

    /// <summary>One wait; dispose it, once, whether or not the answer came.</summary>
    public sealed class Waiting : IDisposable
    {
        private readonly ChatWaiters _owner;
        private readonly string _providerId;
        private readonly Shared _shared;

        internal Waiting(ChatWaiters owner, string providerId, Shared shared) => (_owner, _providerId, _shared) = (owner, providerId, shared);

        public Task<ChatAnswer> Answer => _shared.Answer.Task;

        public void Dispose() => _owner.Leave(_providerId, _shared);
    }

    internal sealed class Shared
    {
        public TaskCompletionSource<ChatAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiters { get; set; }
    }
}
