using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A store whose next commits fail, as often as it is told to; it remembers what events came with those that did not.</summary>
internal sealed class FailingStore : IDeviceStore
{
    private readonly InMemoryDeviceStore store = new();
    private readonly List<ClientEvent> kept = [];
    private int toFail, commits, loads;

    /// <summary>How many more commits will fail.</summary>
    public int ToFail
    {
        get => Volatile.Read(ref toFail);
        set => Volatile.Write(ref toFail, value);
    }

    /// <summary>Which commit fails, counted from the first; 0 for none.</summary>
    public int FailingCommit { get; init; }

    /// <summary>Which load or list fails, counted from the first; 0 for none.</summary>
    public int FailingLoad { get; init; }

    /// <summary>How many commits there were.</summary>
    public int Commits => Volatile.Read(ref commits);

    /// <summary>How many loads and lists there were.</summary>
    public int Loads => Volatile.Read(ref loads);

    /// <summary>The next commit of such an event fails.</summary>
    public Predicate<ClientEvent>? Refused { get; set; }

    public IReadOnlyList<ClientEvent> Kept
    {
        get
        {
            lock (kept) return [.. kept];
        }
    }

    public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token)
    {
        CountLoad();
        return store.LoadAsync(key, token);
    }

    public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token)
    {
        CountLoad();
        return store.ListAsync(kind, token);
    }

    public ValueTask CommitAsync(DeviceChanges changes)
    {
        if (Interlocked.Increment(ref commits) == FailingCommit) throw new IOException("The disk is full.");
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

        lock (kept) kept.AddRange(changes.Events);
        return store.CommitAsync(changes);
    }

    private void CountLoad()
    {
        if (Interlocked.Increment(ref loads) == FailingLoad) throw new IOException("The disk is gone.");
    }
}
