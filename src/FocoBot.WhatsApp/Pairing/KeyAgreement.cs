using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>Diffie-Hellman with a key that the other side of a pairing sent.</summary>
internal static class KeyAgreement
{
    /// <exception cref="ProtocolException">The peer's key is no key that anything could be agreed on with.</exception>
    public static byte[] Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey)
    {
        var shared = new byte[X25519.KeySize];
        if (peerPublicKey.Length != X25519.KeySize || !X25519.Agree(privateKey, peerPublicKey, shared))
            throw new ProtocolException("A pairing key is not usable");
        return shared;
    }
}
