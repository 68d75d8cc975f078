using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A store whose next commits fail, as often as it is told to; it remembers what events came with those that did not.</summary>
internal sealed class FailingStore : IDeviceStore
{
    private readonly InMemoryDeviceStore store = new();
    private readonly List<ClientEvent> kept = [];
    private int toFail;

    /// <summary>How many more commits will fail.</summary>
    public int ToFail
    {
        get => Volatile.Read(ref toFail);
        set => Volatile.Write(ref toFail, value);
    }

    /// <summary>The next commit of such an event fails.</summary>
    public Predicate<ClientEvent>? Refused { get; set; }

    public IReadOnlyList<ClientEvent> Kept
    {
        get
        {
            lock (kept) return [.. kept];
        }
    }

    public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token) => store.LoadAsync(key, token);

    public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token) => store.ListAsync(kind, token);

    public ValueTask CommitAsync(DeviceChanges changes)
    {
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
}
