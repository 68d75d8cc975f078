namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// What the settings that all devices of an account share keep: the keys that the phone hands out, how far each collection has come, and
/// for each setting the value that the collection's hash counts. Each value is small and opaque, and stored on its own, so that a change of
/// one setting touches a few values however many there are. The keys are secret.
/// </summary>
internal interface IAppStateStore
{
    /// <summary>The key of an id; null when the phone has not shared it.</summary>
    ValueTask<byte[]?> LoadAppStateKeyAsync(byte[] id, CancellationToken token);

    /// <summary>Adds or replaces a key.</summary>
    ValueTask StoreAppStateKeyAsync(byte[] id, byte[] key, CancellationToken token);

    /// <summary>How far something has come, by its name: some 150 bytes; null when there is nothing yet.</summary>
    ValueTask<byte[]?> LoadAppStateAsync(string name, CancellationToken token);

    /// <summary>Adds or replaces how far something has come.</summary>
    ValueTask StoreAppStateAsync(string name, byte[] state, CancellationToken token);

    /// <summary>What is counted for a setting of a collection, 32 bytes; null when the collection has no such setting.</summary>
    ValueTask<byte[]?> LoadValueMacAsync(string collection, byte[] indexMac, CancellationToken token);

    /// <summary>Adds or replaces what is counted for a setting.</summary>
    ValueTask StoreValueMacAsync(string collection, byte[] indexMac, byte[] valueMac, CancellationToken token);

    /// <summary>Removes what is counted for a setting, if there is anything.</summary>
    ValueTask RemoveValueMacAsync(string collection, byte[] indexMac, CancellationToken token);

    /// <summary>Removes what is counted for all settings of a collection.</summary>
    ValueTask RemoveValueMacsAsync(string collection, CancellationToken token);
}
