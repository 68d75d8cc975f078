using FocoBot.WhatsApp.AppState;

namespace FocoBot.WhatsApp.Storage;

// Settings that all devices of the account share.
internal sealed partial class DeviceUnit : IAppStateStore
{
    public ValueTask<byte[]?> LoadAppStateKeyAsync(byte[] id, CancellationToken token) => LoadAsync(RecordKind.AppStateKey, Convert.ToHexString(id), token);

    public ValueTask StoreAppStateKeyAsync(byte[] id, byte[] key, CancellationToken token) => Set(RecordKind.AppStateKey, Convert.ToHexString(id), key);

    public ValueTask<byte[]?> LoadAppStateAsync(string name, CancellationToken token) => LoadAsync(RecordKind.AppState, name, token);

    public ValueTask StoreAppStateAsync(string name, byte[] state, CancellationToken token) => Set(RecordKind.AppState, name, state);

    public ValueTask<byte[]?> LoadValueMacAsync(string collection, byte[] indexMac, CancellationToken token) =>
        LoadAsync(RecordKind.AppStateMac, MacName(collection, indexMac), token);

    public ValueTask StoreValueMacAsync(string collection, byte[] indexMac, byte[] valueMac, CancellationToken token) =>
        Set(RecordKind.AppStateMac, MacName(collection, indexMac), valueMac);

    public ValueTask RemoveValueMacAsync(string collection, byte[] indexMac, CancellationToken token) =>
        Set(RecordKind.AppStateMac, MacName(collection, indexMac), null);

    public async ValueTask RemoveValueMacsAsync(string collection, CancellationToken token)
    {
        foreach (var name in await NamesAsync(RecordKind.AppStateMac, token))
        {
            if (name.StartsWith(collection + "/", StringComparison.Ordinal))
                Store(RecordKind.AppStateMac, name, null);
        }
    }

    private static string MacName(string collection, byte[] indexMac) => $"{collection}/{Convert.ToHexString(indexMac)}";
}
