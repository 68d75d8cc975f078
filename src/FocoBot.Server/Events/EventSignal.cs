using System.Collections.Concurrent;

namespace FocoBot.Events;

/// <summary>Wakes readers that wait for an account's next event. A hint only: the log is the truth.</summary>
public sealed class EventSignal
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the account's next event. Take it before reading the log, then read, then await it.</summary>
    public Task Next(Guid accountId) =>
        _waiting.GetOrAdd(accountId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Tells that the account's log has grown.</summary>
    public void Raise(Guid accountId)
    {
        if (_waiting.TryRemove(accountId, out var waiting)) waiting.TrySetResult();
    }
}
