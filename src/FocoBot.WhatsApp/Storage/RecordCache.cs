namespace FocoBot.WhatsApp.Storage;

/// <summary>What was last read from or written to the store, up to a size: people write several messages in a row. Not safe for several threads.</summary>
internal sealed class RecordCache
{
    private readonly Dictionary<RecordKey, byte[]?> _records = [];
    private int _size;

    public bool TryGet(RecordKey key, out byte[]? value) => _records.TryGetValue(key, out value);

    public void Set(RecordKey key, byte[]? value)
    {
        // A prekey is used once, if ever, and there are many.
        if (key.Kind is RecordKind.PreKey)
            return;
        if (_records.Remove(key, out var before))
            _size -= SizeOf(before);
        // To begin anew costs some reads, rarely; to keep count of who was used last costs something each time.
        if (_size + SizeOf(value) > Limits.CachedRecordBytes)
            Clear();
        _records[key] = value;
        _size += SizeOf(value);
    }

    public void Apply(DeviceChanges changes)
    {
        if (changes.ClearsAll)
            Clear();
        foreach (var (key, value) in changes.Records)
            Set(key, value);
    }

    public void Clear()
    {
        _records.Clear();
        _size = 0;
    }

    // With what a dictionary needs for an entry and its name.
    private static int SizeOf(byte[]? value) => 150 + (value?.Length ?? 0);
}
