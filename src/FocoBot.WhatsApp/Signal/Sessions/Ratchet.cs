using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>The steps of the Diffie-Hellman ratchet: <c>root' ‖ chain = HKDF(DH, salt = root, "WhisperRatchet")</c>.</summary>
internal static class Ratchet
{
    /// <exception cref="SignalException">The peer's key is of small order.</exception>
    public static (byte[] RootKey, MessageChain Chain) Step(ReadOnlySpan<byte> rootKey, KeyPair ours, ReadOnlySpan<byte> theirs)
    {
        Span<byte> shared = stackalloc byte[X25519.KeySize];
        Span<byte> derived = stackalloc byte[2 * MessageChain.KeySize];
        KeyAgreement.Agree(ours, theirs, shared);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, derived, rootKey, "WhisperRatchet"u8);
        CryptographicOperations.ZeroMemory(shared);
        return (derived[..32].ToArray(), new(derived[32..].ToArray(), 0));
    }

    /// <summary>Answers a new ratchet key of the peer, whose receiving chain is known by now, with a new one of ours.</summary>
    public static SessionState Turn(SessionState state, byte[] rootKey, ReceivingChain received, RandomNumberGenerator random)
    {
        var ours = KeyPair.Generate(random);
        var (root, sendingChain) = Step(rootKey, ours, received.RatchetKey);
        var chains = state.ReceivingChains.Length < Limits.ReceiverChains ? state.ReceivingChains : state.ReceivingChains.RemoveAt(0);
        return state with
        {
            RootKey = root,
            OwnRatchet = ours,
            SendingChain = sendingChain,
            // Of a closed chain it is unknown; the peer then keeps fewer keys of missing messages.
            PreviousCounter = state.SendingChain is { Index: > 0, IsClosed: false } chain ? chain.Index - 1 : 0,
            ReceivingChains = chains.Add(received),
        };
    }
}
