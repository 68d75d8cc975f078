using System.Diagnostics.CodeAnalysis;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Connection;

/// <summary>The requests whose answers are awaited, by id. Safe to use from several threads.</summary>
internal sealed class PendingRequests
{
    private readonly Dictionary<string, TaskCompletionSource<Node>> _waiting = new(StringComparer.Ordinal);
    private ConnectionEnd? _end;

    /// <summary>Starts to wait for an answer.</summary>
    /// <exception cref="ConnectionEndedException">There will be none.</exception>
    /// <exception cref="InvalidOperationException">Too many wait already.</exception>
    public Task<Node> Add(string id)
    {
        var answer = new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            if (_end is not null)
                throw new ConnectionEndedException(_end);
            if (_waiting.Count >= Limits.PendingRequests)
                throw new InvalidOperationException("Too many requests wait for an answer.");
            _waiting.Add(id, answer);
        }

        return answer.Task;
    }

    /// <summary>Stops to wait.</summary>
    public void Remove(string id) => TryTake(id, out _);

    /// <summary>Takes an answer.</summary>
    /// <returns>False when nobody waits for it.</returns>
    public bool Complete(string id, Node answer) => TryTake(id, out var request) && request.TrySetResult(answer);

    /// <summary>Lets the one who waits know that there will be no answer.</summary>
    public void Fail(string id, Exception why)
    {
        if (TryTake(id, out var request))
            request.TrySetException(why);
    }

    /// <summary>Lets all who wait know that there will be no answer.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isLast">Whether those who come later are told the same.</param>
    public void Fail(ConnectionEnd reason, bool isLast = true)
    {
        TaskCompletionSource<Node>[] all;
        lock (_waiting)
        {
            if (isLast)
                _end ??= reason;
            all = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (var request in all)
            request.TrySetException(new ConnectionEndedException(reason));
    }

    private bool TryTake(string id, [NotNullWhen(true)] out TaskCompletionSource<Node>? request)
    {
        lock (_waiting)
            return _waiting.Remove(id, out request);
    }
}
