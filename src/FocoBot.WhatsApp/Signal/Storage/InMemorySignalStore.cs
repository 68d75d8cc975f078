using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Signal.Storage;

/// <summary>Keeps everything in memory: the reference for other stores, and enough for a client that need not survive a restart.</summary>
internal sealed class InMemorySignalStore : ISignalStore
{
    public Dictionary<SignalAddress, byte[]> Sessions { get; } = [];

    public Dictionary<SignalAddress, byte[]> Identities { get; } = [];

    public Dictionary<uint, byte[]> PreKeys { get; } = [];

    public Dictionary<uint, byte[]> SignedPreKeys { get; } = [];

    public Dictionary<(string Group, SignalAddress Sender), byte[]> SenderKeys { get; } = [];

    /// <summary>A key pair in the form of the prekey stores.</summary>
    public static byte[] Pack(KeyPair pair) => [.. pair.Private.Span, .. pair.Public.Span];

    public ValueTask<byte[]?> LoadSessionAsync(SignalAddress address, CancellationToken token) => new(Sessions.GetValueOrDefault(address));

    public ValueTask StoreSessionAsync(SignalAddress address, byte[] record, CancellationToken token)
    {
        Sessions[address] = record;
        return default;
    }

    public ValueTask RemoveSessionAsync(SignalAddress address, CancellationToken token)
    {
        Sessions.Remove(address);
        return default;
    }

    public ValueTask<byte[]?> LoadIdentityAsync(SignalAddress address, CancellationToken token) => new(Identities.GetValueOrDefault(address));

    public ValueTask StoreIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token)
    {
        Identities[address] = identity;
        return default;
    }

    public ValueTask RemoveIdentityAsync(SignalAddress address, CancellationToken token)
    {
        Identities.Remove(address);
        return default;
    }

    public ValueTask<byte[]?> LoadPreKeyAsync(uint id, CancellationToken token) => new(PreKeys.GetValueOrDefault(id));

    public ValueTask StorePreKeyAsync(uint id, byte[] pair, CancellationToken token)
    {
        PreKeys[id] = pair;
        return default;
    }

    public ValueTask RemovePreKeyAsync(uint id, CancellationToken token)
    {
        PreKeys.Remove(id);
        return default;
    }

    public ValueTask<byte[]?> LoadSignedPreKeyAsync(uint id, CancellationToken token) => new(SignedPreKeys.GetValueOrDefault(id));

    public ValueTask StoreSignedPreKeyAsync(uint id, byte[] pair, CancellationToken token)
    {
        SignedPreKeys[id] = pair;
        return default;
    }

    public ValueTask<byte[]?> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token) =>
        new(SenderKeys.GetValueOrDefault((group, sender)));

    public ValueTask StoreSenderKeyAsync(string group, SignalAddress sender, byte[] record, CancellationToken token)
    {
        SenderKeys[(group, sender)] = record;
        return default;
    }
}
