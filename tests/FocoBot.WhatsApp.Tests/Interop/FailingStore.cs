using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A store whose next commits fail, as often as it is told to.</summary>
internal sealed class FailingStore : IDeviceStore
{
    private readonly InMemoryDeviceStore _store = new();
    private int _toFail;

    /// <summary>How many more commits will fail.</summary>
    public int ToFail
    {
        get => Volatile.Read(ref _toFail);
        set => Volatile.Write(ref _toFail, value);
    }

    public async ValueTask<IDeviceUnit> BeginAsync(CancellationToken token) => new Unit(this, await _store.BeginAsync(token));

    private sealed class Unit(FailingStore store, IDeviceUnit unit) : IDeviceUnit
    {
        public ValueTask CommitAsync(CancellationToken token)
        {
            if (store.ToFail == 0) return unit.CommitAsync(token);
            store.ToFail--;
            throw new IOException("The disk is full.");
        }

        public ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken token) => unit.LoadCredentialsAsync(token);

        public ValueTask StoreCredentialsAsync(DeviceCredentials credentials, CancellationToken token) => unit.StoreCredentialsAsync(credentials, token);

        public ValueTask ClearAsync(CancellationToken token) => unit.ClearAsync(token);

        public ValueTask<byte[]?> LoadSessionAsync(SignalAddress address, CancellationToken token) => unit.LoadSessionAsync(address, token);

        public ValueTask StoreSessionAsync(SignalAddress address, byte[] record, CancellationToken token) => unit.StoreSessionAsync(address, record, token);

        public ValueTask RemoveSessionAsync(SignalAddress address, CancellationToken token) => unit.RemoveSessionAsync(address, token);

        public ValueTask<byte[]?> LoadIdentityAsync(SignalAddress address, CancellationToken token) => unit.LoadIdentityAsync(address, token);

        public ValueTask StoreIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token) => unit.StoreIdentityAsync(address, identity, token);

        public ValueTask RemoveIdentityAsync(SignalAddress address, CancellationToken token) => unit.RemoveIdentityAsync(address, token);

        public ValueTask<byte[]?> LoadPreKeyAsync(uint id, CancellationToken token) => unit.LoadPreKeyAsync(id, token);

        public ValueTask StorePreKeyAsync(uint id, byte[] pair, CancellationToken token) => unit.StorePreKeyAsync(id, pair, token);

        public ValueTask RemovePreKeyAsync(uint id, CancellationToken token) => unit.RemovePreKeyAsync(id, token);

        public ValueTask<byte[]?> LoadSignedPreKeyAsync(uint id, CancellationToken token) => unit.LoadSignedPreKeyAsync(id, token);

        public ValueTask StoreSignedPreKeyAsync(uint id, byte[] pair, CancellationToken token) => unit.StoreSignedPreKeyAsync(id, pair, token);

        public ValueTask<byte[]?> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token) => unit.LoadSenderKeyAsync(group, sender, token);

        public ValueTask StoreSenderKeyAsync(string group, SignalAddress sender, byte[] record, CancellationToken token) =>
            unit.StoreSenderKeyAsync(group, sender, record, token);

        public ValueTask<byte[]?> LoadAppStateKeyAsync(byte[] id, CancellationToken token) => unit.LoadAppStateKeyAsync(id, token);

        public ValueTask StoreAppStateKeyAsync(byte[] id, byte[] key, CancellationToken token) => unit.StoreAppStateKeyAsync(id, key, token);

        public ValueTask<byte[]?> LoadAppStateAsync(string name, CancellationToken token) => unit.LoadAppStateAsync(name, token);

        public ValueTask StoreAppStateAsync(string name, byte[] state, CancellationToken token) => unit.StoreAppStateAsync(name, state, token);

        public ValueTask<byte[]?> LoadValueMacAsync(string collection, byte[] indexMac, CancellationToken token) => unit.LoadValueMacAsync(collection, indexMac, token);

        public ValueTask StoreValueMacAsync(string collection, byte[] indexMac, byte[] valueMac, CancellationToken token) =>
            unit.StoreValueMacAsync(collection, indexMac, valueMac, token);

        public ValueTask RemoveValueMacAsync(string collection, byte[] indexMac, CancellationToken token) => unit.RemoveValueMacAsync(collection, indexMac, token);

        public ValueTask RemoveValueMacsAsync(string collection, CancellationToken token) => unit.RemoveValueMacsAsync(collection, token);

        public ValueTask DisposeAsync() => unit.DisposeAsync();
    }
}
