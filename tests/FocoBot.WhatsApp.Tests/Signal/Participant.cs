using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>A simulated device with its store, which properties, hostile input and the tests by example share.</summary>
internal sealed class Participant
{
    private const uint SignedPreKeyId = 1;
    private readonly SeededRandom _random;
    private readonly LocalIdentity _identity;
    private readonly KeyPair _signedPreKey;
    private uint _nextPreKeyId = 1;

    public Participant(string name, int seed)
    {
        _random = new(seed);
        _identity = new(KeyPair.Generate(_random), (uint)seed);
        _signedPreKey = KeyPair.Generate(_random);
        Address = SignalAddress.Of(name, SignalDomain.HiddenIdentity, 0);
        Store.SignedPreKeys[SignedPreKeyId] = InMemorySignalStore.Pack(_signedPreKey);
        Sessions = new(_identity, Store, _random);
    }

    public SignalAddress Address { get; }

    public InMemorySignalStore Store { get; } = new();

    public SignalSessions Sessions { get; private set; }

    /// <summary>Goes on with other randomness, as a copy of the device would.</summary>
    public void Reseed(int seed) => Sessions = new(_identity, Store, new SeededRandom(seed));

    public PreKeyBundle Bundle(bool withPreKey = true)
    {
        var signature = new byte[XEdDsa.SignatureSize];
        byte[] signed = new byte[WireFormat.KeySize], noise = new byte[XEdDsa.RandomSize];
        WireFormat.WriteKey(_signedPreKey.Public.Span, signed);
        _random.GetBytes(noise);
        XEdDsa.Sign(_identity.KeyPair.Private.Span, signed, noise, signature);
        return new()
        {
            RegistrationId = _identity.RegistrationId,
            IdentityKey = _identity.KeyPair.Public.ToArray(),
            SignedPreKeyId = SignedPreKeyId,
            SignedPreKey = _signedPreKey.Public.ToArray(),
            Signature = signature,
            PreKey = withPreKey ? NewPreKey() : null,
        };
    }

    public Task StartAsync(Participant peer, bool withPreKey = true) => Sessions.StartAsync(peer.Address, peer.Bundle(withPreKey), default);

    public async Task<Sent> SendAsync(Participant peer, byte[] plaintext)
    {
        var (kind, message) = await Sessions.EncryptAsync(peer.Address, plaintext, default);
        return new(this, peer, kind, message, plaintext);
    }

    /// <summary>Every stored byte, to be compared.</summary>
    public string Snapshot() => string.Join('\n',
        Store.Sessions.Select(entry => $"{entry.Key.Name} {entry.Value.ToHex()}")
            .Concat(Store.Identities.Select(entry => $"{entry.Key.Name} {entry.Value.ToHex()}"))
            .Concat(Store.PreKeys.Select(entry => $"{entry.Key} {entry.Value.ToHex()}"))
            .Concat(Store.SenderKeys.Select(entry => $"{entry.Key.Group} {entry.Value.ToHex()}")));

    private (uint, byte[]) NewPreKey()
    {
        var pair = KeyPair.Generate(_random);
        Store.PreKeys[_nextPreKeyId] = InMemorySignalStore.Pack(pair);
        return (_nextPreKeyId++, pair.Public.ToArray());
    }
}

/// <summary>A message under way.</summary>
internal sealed record Sent(Participant From, Participant To, MessageKind Kind, byte[] Message, byte[] Plaintext)
{
    public Task<byte[]> DeliverAsync() => DeliverAsync(Message);

    public Task<byte[]> DeliverAsync(ReadOnlyMemory<byte> message) => To.Sessions.DecryptAsync(From.Address, Kind, message, default);

    public async Task<SignalError> FailAsync(ReadOnlyMemory<byte>? message = null) =>
        (await Assert.ThrowsAsync<SignalException>(() => DeliverAsync(message ?? Message))).Reason;
}
