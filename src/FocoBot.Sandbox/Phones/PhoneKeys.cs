using System.Security.Cryptography;
using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.Sandbox.Phones;

/// <summary>A phone's private keys and everything it remembers of others'.</summary>
internal sealed class PhoneKeys
{
    private const uint SignedPreKeyId = 1;
    private const int OneTimeKeys = 100;
    private const int LastRegistrationId = 0x3FFE;

    private readonly RandomNumberGenerator _random;
    private readonly SignedKey _signed;
    private readonly List<OneTimeKey> _oneTime = [];
    private uint _lastOneTime;

    public PhoneKeys(RandomNumberGenerator random)
    {
        _random = random;
        Identity = KeyPair.Generate(random);
        RegistrationId = (uint)(BitConverter.ToUInt16(RandomBytes(2)) & LastRegistrationId) + 1;
        var signed = KeyPair.Generate(random);
        Store.SignedPreKeys[SignedPreKeyId] = InMemorySignalStore.Pack(signed);
        var signature = new byte[XEdDsa.SignatureSize];
        XEdDsa.Sign(Identity.Private.Span, [5, .. signed.Public.Span], RandomBytes(XEdDsa.RandomSize), signature);
        _signed = new SignedKey(SignedPreKeyId, signed.Public.ToArray(), signature);
        for (var i = 0; i < OneTimeKeys; i++) _oneTime.Add(NewOneTimeKey());
        Sessions = new SignalSessions(new LocalIdentity(Identity, RegistrationId), Store, random);
    }

    public KeyPair Identity { get; }

    public uint RegistrationId { get; }

    public SignedKey Signed => _signed;

    public InMemorySignalStore Store { get; } = new();

    public SignalSessions Sessions { get; }

    public byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _random.GetBytes(bytes);
        return bytes;
    }

    public KeyPair NewPair() => KeyPair.Generate(_random);

    /// <summary>A new one-time prekey, for somebody in particular.</summary>
    public OneTimeKey NewOneTimeKey()
    {
        var key = NewPair();
        Store.PreKeys[++_lastOneTime] = InMemorySignalStore.Pack(key);
        return new OneTimeKey(_lastOneTime, key.Public.ToArray());
    }

    /// <summary>What the server hands out of it.</summary>
    public KeyBundle Public()
    {
        var bundle = new KeyBundle { RegistrationId = RegistrationId, Identity = Identity.Public.ToArray(), Signed = _signed };
        bundle.Add(_oneTime);
        return bundle;
    }
}
