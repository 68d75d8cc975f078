using System.Collections.Concurrent;

namespace FocoBot.Channels.Web;

/// <summary>What was said back to one message.</summary>
/// <param name="Reply">The text; null when nothing is said.</param>
/// <param name="ErrorCode">Why nothing was done; null when it was.</param>
public sealed record ChatAnswer(string? Reply, string? ErrorCode);

/// <summary>Lets a chat call wait for the answer to its message. A convenience only: the answer is durable without it.</summary>
public sealed class ChatWaiters
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ChatAnswer>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Waits for the answer to the message with this provider id; begin before the message is accepted.</summary>
    public Waiting Begin(string providerId)
    {
        var own = new TaskCompletionSource<ChatAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new(this, providerId, own, _waiting.GetOrAdd(providerId, own).Task);
    }

    internal void Complete(string providerId, ChatAnswer answer)
    {
        if (_waiting.TryRemove(providerId, out var waiting)) waiting.TrySetResult(answer);
    }

    /// <summary>One wait; dispose it whether or not the answer came.</summary>
    public sealed class Waiting(ChatWaiters owner, string providerId, TaskCompletionSource<ChatAnswer> own, Task<ChatAnswer> answer) : IDisposable
    {
        public Task<ChatAnswer> Answer => answer;

        // A repeat of the call must not take the first one's place away.
        public void Dispose() => owner._waiting.TryRemove(new(providerId, own));
    }
}
