using FocoBot.WhatsApp.Signal;

namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// Keeps a device in memory: the reference for other stores, and enough for tests. A restart loses it, and the device must then be
/// linked again.
/// </summary>
public sealed class InMemoryDeviceStore : IDeviceStore
{
    // Every value under one key: what it is, and which.
    private readonly Lock gate = new();
    private readonly Dictionary<(Kind Kind, object Key), byte[]> values = [];

    private enum Kind
    {
        Credentials,
        Session,
        Identity,
        PreKey,
        SignedPreKey,
        SenderKey,
        AppStateKey,
        AppState,
        ValueMac,
    }

    /// <inheritdoc/>
    public ValueTask<IDeviceUnit> BeginAsync(CancellationToken token) => new(new Unit(this));

    private sealed class Unit(InMemoryDeviceStore store) : IDeviceUnit
    {
        private static readonly object Only = new();

        // Null stands for what was removed.
        private readonly Dictionary<(Kind Kind, object Key), byte[]?> changes = [];
        private bool isCleared;

        public ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken token) =>
            new(Load(Kind.Credentials, Only) is { } bytes ? DeviceCredentials.Deserialize(bytes) : null);

        public ValueTask StoreCredentialsAsync(DeviceCredentials credentials, CancellationToken token) => Store(Kind.Credentials, Only, credentials.Serialize());

        public ValueTask<byte[]?> LoadSessionAsync(SignalAddress address, CancellationToken token) => new(Load(Kind.Session, address));

        public ValueTask StoreSessionAsync(SignalAddress address, byte[] record, CancellationToken token) => Store(Kind.Session, address, record);

        public ValueTask RemoveSessionAsync(SignalAddress address, CancellationToken token) => Store(Kind.Session, address, null);

        public ValueTask<byte[]?> LoadIdentityAsync(SignalAddress address, CancellationToken token) => new(Load(Kind.Identity, address));

        public ValueTask StoreIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token) => Store(Kind.Identity, address, identity);

        public ValueTask RemoveIdentityAsync(SignalAddress address, CancellationToken token) => Store(Kind.Identity, address, null);

        public ValueTask<byte[]?> LoadPreKeyAsync(uint id, CancellationToken token) => new(Load(Kind.PreKey, id));

        public ValueTask StorePreKeyAsync(uint id, byte[] pair, CancellationToken token) => Store(Kind.PreKey, id, pair);

        public ValueTask RemovePreKeyAsync(uint id, CancellationToken token) => Store(Kind.PreKey, id, null);

        public ValueTask<byte[]?> LoadSignedPreKeyAsync(uint id, CancellationToken token) => new(Load(Kind.SignedPreKey, id));

        public ValueTask StoreSignedPreKeyAsync(uint id, byte[] pair, CancellationToken token) => Store(Kind.SignedPreKey, id, pair);

        public ValueTask<byte[]?> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token) => new(Load(Kind.SenderKey, (group, sender)));

        public ValueTask StoreSenderKeyAsync(string group, SignalAddress sender, byte[] record, CancellationToken token) =>
            Store(Kind.SenderKey, (group, sender), record);

        public ValueTask<byte[]?> LoadAppStateKeyAsync(byte[] id, CancellationToken token) => new(Load(Kind.AppStateKey, Convert.ToHexString(id)));

        public ValueTask StoreAppStateKeyAsync(byte[] id, byte[] key, CancellationToken token) => Store(Kind.AppStateKey, Convert.ToHexString(id), key);

        public ValueTask<byte[]?> LoadAppStateAsync(string name, CancellationToken token) => new(Load(Kind.AppState, name));

        public ValueTask StoreAppStateAsync(string name, byte[] state, CancellationToken token) => Store(Kind.AppState, name, state);

        public ValueTask<byte[]?> LoadValueMacAsync(string collection, byte[] indexMac, CancellationToken token) =>
            new(Load(Kind.ValueMac, (collection, Convert.ToHexString(indexMac))));

        public ValueTask StoreValueMacAsync(string collection, byte[] indexMac, byte[] valueMac, CancellationToken token) =>
            Store(Kind.ValueMac, (collection, Convert.ToHexString(indexMac)), valueMac);

        public ValueTask RemoveValueMacAsync(string collection, byte[] indexMac, CancellationToken token) =>
            Store(Kind.ValueMac, (collection, Convert.ToHexString(indexMac)), null);

        public ValueTask RemoveValueMacsAsync(string collection, CancellationToken token)
        {
            lock (store.gate)
            {
                foreach (var key in store.values.Keys.Concat(changes.Keys).Where(IsOfCollection).ToArray())
                    changes[key] = null;
            }

            return default;

            bool IsOfCollection((Kind Kind, object Key) value) => value is (Kind.ValueMac, ValueTuple<string, string>(var name, _)) && name == collection;
        }

        public ValueTask ClearAsync(CancellationToken token)
        {
            changes.Clear();
            isCleared = true;
            return default;
        }

        public ValueTask CommitAsync(CancellationToken token)
        {
            lock (store.gate)
            {
                if (isCleared)
                    store.values.Clear();
                foreach (var (key, value) in changes)
                {
                    if (value is null)
                        store.values.Remove(key);
                    else
                        store.values[key] = value;
                }
            }

            changes.Clear();
            isCleared = false;
            return default;
        }

        public ValueTask DisposeAsync()
        {
            changes.Clear();
            return default;
        }

        private byte[]? Load(Kind kind, object key)
        {
            if (changes.TryGetValue((kind, key), out var changed) || isCleared)
                return changed;
            lock (store.gate)
                return store.values.GetValueOrDefault((kind, key));
        }

        private ValueTask Store(Kind kind, object key, byte[]? value)
        {
            changes[(kind, key)] = value;
            return default;
        }
    }
}
