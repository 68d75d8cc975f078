using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Connection;

/// <summary>Lends the Signal layer's curve to the handshake, which does not know that layer.</summary>
internal sealed class NoiseCurve : INoiseCurve
{
    public static NoiseCurve Instance { get; } = new();

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) => X25519.PublicKey(privateKey, publicKey);

    public void Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret) => X25519.Agree(privateKey, publicKey, sharedSecret);

    public void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random, Span<byte> signature) =>
        XEdDsa.Sign(privateKey, message, random, signature);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => XEdDsa.Verify(publicKey, message, signature);
}
