namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// What the handshake needs of Curve25519. Keys are 32 bytes, signatures (XEdDSA) 64. The handshake doesn't know who provides it, since
/// it must not know the Signal layer, which has the same need.
/// </summary>
internal interface INoiseCurve
{
    /// <summary>Computes the public key of a private key.</summary>
    void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>X25519. The handshake itself refuses the zero result that bad public keys lead to.</summary>
    void Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret);

    /// <summary>Signs; only servers do.</summary>
    /// <param name="privateKey">The signer's private key.</param>
    /// <param name="message">What is signed.</param>
    /// <param name="random">64 random bytes.</param>
    /// <param name="signature">Takes the 64 bytes.</param>
    void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random, Span<byte> signature);

    /// <summary>Says whether a signature of 64 bytes is right; any public key or signature may come here, and none makes it throw.</summary>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
