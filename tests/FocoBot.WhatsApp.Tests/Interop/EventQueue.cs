namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>
/// Events waiting to be asked for. Each is taken once, by the first wait it fits; those that nobody asked for yet stay, so that
/// it does not matter whether the event or the wait comes first.
/// </summary>
/// <typeparam name="TEvent">The base of the events.</typeparam>
internal sealed class EventQueue<TEvent> where TEvent : notnull
{
    private readonly Lock _gate = new();
    private readonly List<TEvent> _events = [];
    private readonly List<Wait> _waits = [];
    private Exception? _end;

    /// <summary>The events that nobody took.</summary>
    public IReadOnlyList<TEvent> Left
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    public void Add(TEvent happened)
    {
        lock (_gate)
        {
            if (_waits.Find(w => w.Fits(happened)) is not { } wait)
            {
                _events.Add(happened);
                return;
            }

            _waits.Remove(wait);
            wait.Done.SetResult(happened);
        }
    }

    /// <summary>No more events will come; whoever waits, or will wait for what isn't there, gets the reason.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            _end ??= reason;
            foreach (var wait in _waits) wait.Done.SetException(_end);
            _waits.Clear();
        }
    }

    /// <summary>Takes the first event of a type that fits.</summary>
    /// <exception cref="TimeoutException">It did not come in time; the message lists what did.</exception>
    public async Task<T> WaitForAsync<T>(Func<T, bool>? fits, TimeSpan patience) where T : TEvent
    {
        var wait = new Wait(e => e is T given && (fits is null || fits(given)));
        lock (_gate)
        {
            var index = _events.FindIndex(wait.Fits.Invoke);
            if (index >= 0)
            {
                var found = _events[index];
                _events.RemoveAt(index);
                return (T)found;
            }

            if (_end is not null) throw new InvalidOperationException($"Waited for {typeof(T).Name} in vain. {_end.Message}", _end);
            _waits.Add(wait);
        }

        try
        {
            return (T)await wait.Done.Task.WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            lock (_gate) _waits.Remove(wait);
            throw new TimeoutException($"No {typeof(T).Name} that fits within {patience.TotalSeconds} s. Not taken: [{string.Join(", ", Left)}].");
        }
    }

    private sealed record Wait(Func<TEvent, bool> Fits)
    {
        public TaskCompletionSource<TEvent> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
