using FocoBot.WhatsApp.Connection;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What goes on beside the stanzas that come, one thing after the other, as long as the connection lasts. While there is nothing to do nothing waits for it: most connections are idle.</summary>
internal sealed class WorkQueue(string name, StanzaConnection connection, ILogger log)
{
    // Also the lock of what follows.
    private readonly Queue<Func<CancellationToken, Task>> _waiting = [];
    private Task _working = Task.CompletedTask;
    private CancellationToken _life;
    private bool _isStarted, _isWorking;

    /// <summary>Adds something; when too much waits already, it is dropped.</summary>
    public void Add(Func<CancellationToken, Task> work)
    {
        lock (_waiting)
        {
            if (_waiting.Count < Limits.WaitingWork)
                _waiting.Enqueue(work);
            WorkIfDue();
        }
    }

    /// <summary>Begins with what waits, and goes on until it is told to end.</summary>
    public void Start(CancellationToken token)
    {
        lock (_waiting)
        {
            _life = token;
            _isStarted = true;
            WorkIfDue();
        }
    }

    /// <summary>Waits until all has ended, after it was told to.</summary>
    public Task EndAsync()
    {
        lock (_waiting)
            return _working;
    }

    private void WorkIfDue()
    {
        if (!_isStarted || _isWorking || _waiting.Count == 0 || _life.IsCancellationRequested)
            return;
        _isWorking = true;
        _working = Task.Run(WorkAsync, CancellationToken.None);
    }

    private async Task WorkAsync()
    {
        try
        {
            while (Next() is { } work)
            {
                try
                {
                    await work(_life);
                }
                catch (Exception failed) when (failed is WhatsAppException and not ConnectionEndedException || failed is OperationCanceledException && !_life.IsCancellationRequested)
                {
                    Log.StepFailed(log, failed, name);
                }
            }
        }
        catch (Exception over) when (over is ConnectionEndedException or OperationCanceledException)
        {
            // What is left comes up again on the next connection: from here on nothing is begun.
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(log, failed);
            connection.End(new(EndCause.Internal));
        }
    }

    private Func<CancellationToken, Task>? Next()
    {
        lock (_waiting)
        {
            _isWorking = _waiting.Count > 0 && !_life.IsCancellationRequested;
            return _isWorking ? _waiting.Dequeue() : null;
        }
    }
}
