using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>
/// X3DH, which starts a session:
/// <c>root ‖ chain = HKDF(FF*32 ‖ DH(IKa, SPKb) ‖ DH(EKa, IKb) ‖ DH(EKa, SPKb) [‖ DH(EKa, OPKb)], "WhisperText")</c>.
/// </summary>
internal static class KeyAgreement
{
    private const int PrefixSize = 32;

    /// <summary>Starts a session from the bundle of a device, up to the first ratchet step, which makes the sending chain.</summary>
    /// <exception cref="SignalException">The signed prekey's signature is wrong, or a key is none to agree with.</exception>
    public static SessionState Initiate(LocalIdentity us, PreKeyBundle bundle, RandomNumberGenerator random)
    {
        bundle.Verify();
        var baseKey = KeyPair.Generate(random);
        Span<byte> secrets = stackalloc byte[PrefixSize + 4 * X25519.KeySize];
        secrets[..PrefixSize].Fill(0xFF);
        Agree(us.KeyPair, bundle.SignedPreKey, secrets[32..]);
        Agree(baseKey, bundle.IdentityKey, secrets[64..]);
        Agree(baseKey, bundle.SignedPreKey, secrets[96..]);
        if (bundle.PreKey is { } preKey)
            Agree(baseKey, preKey.Key, secrets[128..]);
        var (rootKey, _) = Derive(secrets, bundle.PreKey is not null);

        var ratchet = KeyPair.Generate(random);
        (rootKey, var sendingChain) = Ratchet.Step(rootKey, ratchet, bundle.SignedPreKey);
        return new()
        {
            RemoteRegistrationId = bundle.RegistrationId,
            RemoteIdentity = bundle.IdentityKey,
            BaseKey = baseKey.Public.ToArray(),
            RootKey = rootKey,
            OwnRatchet = ratchet,
            SendingChain = sendingChain,
            Pending = new(bundle.SignedPreKeyId, bundle.PreKey?.Id),
        };
    }

    /// <summary>Starts the session of a first message from a device; the ratchet step that reads the message comes after.</summary>
    /// <exception cref="SignalException">A key is of small order.</exception>
    public static SessionState Respond(LocalIdentity us, in PreKeySignalMessage message, KeyPair signedPreKey, KeyPair? preKey)
    {
        Span<byte> secrets = stackalloc byte[PrefixSize + 4 * X25519.KeySize];
        secrets[..PrefixSize].Fill(0xFF);
        Agree(signedPreKey, message.IdentityKey, secrets[32..]);
        Agree(us.KeyPair, message.BaseKey, secrets[64..]);
        Agree(signedPreKey, message.BaseKey, secrets[96..]);
        if (preKey is not null)
            Agree(preKey, message.BaseKey, secrets[128..]);
        var (rootKey, sendingChain) = Derive(secrets, preKey is not null);
        return new()
        {
            RemoteRegistrationId = message.RegistrationId,
            RemoteIdentity = message.IdentityKey.ToArray(),
            BaseKey = message.BaseKey.ToArray(),
            RootKey = rootKey,
            OwnRatchet = signedPreKey,
            SendingChain = sendingChain,
        };
    }

    /// <exception cref="SignalException">The public key is of small order.</exception>
    public static void Agree(KeyPair ours, ReadOnlySpan<byte> theirs, Span<byte> shared)
    {
        if (!X25519.Agree(ours.Private.Span, theirs, shared))
            throw new SignalException(SignalError.InvalidKey, "A public key shares nothing.");
    }

    private static (byte[] RootKey, MessageChain Chain) Derive(Span<byte> secrets, bool withPreKey)
    {
        Span<byte> derived = stackalloc byte[2 * MessageChain.KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, withPreKey ? secrets : secrets[..^X25519.KeySize], derived, [], "WhisperText"u8);
        CryptographicOperations.ZeroMemory(secrets);
        return (derived[..32].ToArray(), new(derived[32..].ToArray(), 0));
    }
}
