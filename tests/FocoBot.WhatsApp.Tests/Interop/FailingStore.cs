using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A store whose next commits fail, as often as it is told to; it remembers what events came with those that did not.</summary>
internal sealed class FailingStore : IDeviceStore
{
    private readonly InMemoryDeviceStore _store = new();
    private readonly List<ClientEvent> _kept = [];
    private int _toFail, _commits, _loads;

    /// <summary>How many more commits will fail.</summary>
    public int ToFail
    {
        get => Volatile.Read(ref _toFail);
        set => Volatile.Write(ref _toFail, value);
    }

    /// <summary>Which commit fails, counted from the first; 0 for none.</summary>
    public int FailingCommit { get; init; }

    /// <summary>Which load or list fails, counted from the first; 0 for none.</summary>
    public int FailingLoad { get; init; }

    /// <summary>How many commits there were.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>How many loads and lists there were.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>The next commit of such an event fails.</summary>
    public Predicate<ClientEvent>? Refused { get; set; }

    public IReadOnlyList<ClientEvent> Kept
    {
        get
        {
            lock (_kept) return [.. _kept];
        }
    }

    public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token)
    {
        CountLoad();
        return _store.LoadAsync(key, token);
    }

    public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token)
    {
        CountLoad();
        return _store.ListAsync(kind, token);
    }

    public ValueTask CommitAsync(DeviceChanges changes)
    {
        if (Interlocked.Increment(ref _commits) == FailingCommit) throw new IOException("The disk is full.");
        if (Refused is { } refused && changes.Events.Any(happened => refused(happened)))
        {
            Refused = null;
            throw new IOException("The disk is full.");
        }

        if (ToFail > 0)
        {
            ToFail--;
            throw new IOException("The disk is full.");
        }

        lock (_kept) _kept.AddRange(changes.Events);
        return _store.CommitAsync(changes);
    }

    private void CountLoad()
    {
        if (Interlocked.Increment(ref _loads) == FailingLoad) throw new IOException("The disk is gone.");
    }
}
