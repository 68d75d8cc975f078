namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// Keeps a device in memory: the reference for other stores, and enough for tests. A restart loses it, and the device must then be
/// linked again.
/// </summary>
public sealed class InMemoryDeviceStore : IDeviceStore
{
    private readonly Shared _shared;
    private readonly int _epoch;

    /// <summary>Makes an empty one.</summary>
    public InMemoryDeviceStore()
        : this(new())
    {
    }

    private InMemoryDeviceStore(Shared shared)
    {
        _shared = shared;
        lock (shared)
            _epoch = ++shared.Epoch;
    }

    /// <summary>Gives the device to a new owner: what the one before still wants to store is refused.</summary>
    /// <returns>The new owner's store.</returns>
    public InMemoryDeviceStore TakeOver() => new(_shared);

    /// <inheritdoc/>
    public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token)
    {
        lock (_shared)
            return new(_shared.Records.GetValueOrDefault(key));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token)
    {
        lock (_shared)
            return new([.. _shared.Records.Where(record => record.Key.Kind == kind).Select(record => new DeviceRecord(record.Key.Name, record.Value))]);
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(DeviceChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_shared)
        {
            if (_shared.Epoch != _epoch)
                throw new DeviceTakenOverException();
            if (changes.ClearsAll)
                _shared.Records.Clear();
            foreach (var (key, value) in changes.Records)
            {
                if (value is null)
                    _shared.Records.Remove(key);
                else
                    _shared.Records[key] = value;
            }
        }

        return default;
    }

    // What all owners of a device have in common, one after the other.
    private sealed class Shared
    {
        public Dictionary<RecordKey, byte[]> Records { get; } = [];

        public int Epoch { get; set; }
    }
}
