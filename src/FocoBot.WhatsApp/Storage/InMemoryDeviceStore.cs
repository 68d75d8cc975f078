using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Storage;

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
    }

    /// <inheritdoc/>
    public ValueTask<IDeviceUnit> BeginAsync(CancellationToken token) => new(new Unit(this));

    private sealed class Unit(InMemoryDeviceStore store) : IDeviceUnit, ISignalListing
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

        public IAsyncEnumerable<SignalAddress> ListSessionsAsync(CancellationToken token) => List<SignalAddress>(Kind.Session);

        public IAsyncEnumerable<SignalAddress> ListIdentitiesAsync(CancellationToken token) => List<SignalAddress>(Kind.Identity);

        public IAsyncEnumerable<uint> ListPreKeysAsync(CancellationToken token) => List<uint>(Kind.PreKey);

        public IAsyncEnumerable<(string Group, SignalAddress Sender)> ListSenderKeysAsync(CancellationToken token) =>
            List<(string Group, SignalAddress Sender)>(Kind.SenderKey);

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

        private IAsyncEnumerable<T> List<T>(Kind kind)
        {
            HashSet<(Kind Kind, object Key)> keys = [];
            if (!isCleared)
            {
                lock (store.gate)
                    keys.UnionWith(store.values.Keys);
            }

            foreach (var (key, value) in changes)
            {
                if (value is null)
                    keys.Remove(key);
                else
                    keys.Add(key);
            }

            return keys.Where(key => key.Kind == kind).Select(key => (T)key.Key).ToAsyncEnumerable();
        }

        private ValueTask Store(Kind kind, object key, byte[]? value)
        {
            changes[(kind, key)] = value;
            return default;
        }
    }
}
