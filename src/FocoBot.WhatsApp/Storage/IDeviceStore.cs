namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// Keeps everything of one device as records: secret bytes under a kind and a name. It has one owner, who asks for one thing after the other
/// and has at most one commit under way at a time; stores of many devices may put the commits of several into one transaction.
/// </summary>
public interface IDeviceStore
{
    /// <summary>The value of a record; null when there is none. The caller does not change it.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="token">Gives up.</param>
    ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token);

    /// <summary>All records of a kind, in any order.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="token">Gives up.</param>
    ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token);

    /// <summary>Stores changes: all of them or none. What is stored when this is done survives whatever happens next.</summary>
    /// <param name="changes">What is to be stored.</param>
    /// <exception cref="DeviceTakenOverException">Somebody else owns the device by now; nothing was stored.</exception>
    ValueTask CommitAsync(DeviceChanges changes);
}
