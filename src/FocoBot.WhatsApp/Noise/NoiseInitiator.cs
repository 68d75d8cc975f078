using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// The client's side of the handshake: send <see cref="Hello"/>, give the answer to <see cref="Finish"/>, send what that returns.
/// <code>
/// → e
/// ← e, ee, s, es, certificates
/// → s, se, client payload
/// </code>
/// </summary>
internal sealed class NoiseInitiator : IDisposable
{
    private readonly INoiseCurve curve;
    private readonly NoiseHandshake handshake;
    private readonly byte[] staticPrivate, ephemeralPrivate;

    /// <summary>Starts a handshake.</summary>
    /// <param name="curve">Curve25519.</param>
    /// <param name="prologue">The bytes sent in front of the handshake.</param>
    /// <param name="staticPrivate">The device's own noise key, private part.</param>
    /// <param name="ephemeralPrivate">32 random bytes for this handshake alone.</param>
    public NoiseInitiator(INoiseCurve curve, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> staticPrivate, ReadOnlySpan<byte> ephemeralPrivate)
    {
        this.curve = curve;
        this.staticPrivate = staticPrivate.ToArray();
        this.ephemeralPrivate = ephemeralPrivate.ToArray();
        handshake = new(prologue);

        Span<byte> ephemeral = stackalloc byte[NoiseHandshake.KeyLength];
        curve.DerivePublicKey(ephemeralPrivate, ephemeral);
        handshake.Authenticate(ephemeral);
        Hello = HandshakeMessage.WriteClientHello(ephemeral);
    }

    /// <summary>The first message.</summary>
    public byte[] Hello { get; }

    /// <summary>Takes the server's hello, checks who it is, and answers. Works once.</summary>
    /// <param name="serverHello">The server's message.</param>
    /// <param name="rootKey">The key that the server's certificates must lead back to.</param>
    /// <param name="now">The time at which they must be valid.</param>
    /// <param name="payload">The client payload, which says who we are.</param>
    /// <param name="transport">The ciphers of what follows.</param>
    /// <returns>The last message of the handshake.</returns>
    /// <exception cref="ProtocolException">The message is malformed, or the server is not the one that the root key vouches for.</exception>
    public byte[] Finish(ReadOnlySpan<byte> serverHello, ReadOnlySpan<byte> rootKey, DateTimeOffset now, ReadOnlySpan<byte> payload, out NoiseTransport transport)
    {
        HandshakeMessage.ReadServerHello(serverHello, out var serverEphemeral, out var sealedServerStatic, out var sealedCertificates);
        handshake.Authenticate(serverEphemeral);
        handshake.Agree(curve, ephemeralPrivate, serverEphemeral);
        var serverStatic = handshake.Decrypt(sealedServerStatic);
        handshake.Agree(curve, ephemeralPrivate, serverStatic);
        CertificateChain.Verify(curve, handshake.Decrypt(sealedCertificates), rootKey, serverStatic, now);

        Span<byte> staticPublic = stackalloc byte[NoiseHandshake.KeyLength];
        curve.DerivePublicKey(staticPrivate, staticPublic);
        var sealedStatic = handshake.Encrypt(staticPublic);
        handshake.Agree(curve, staticPrivate, serverEphemeral);
        var finish = HandshakeMessage.WriteClientFinish(sealedStatic, handshake.Encrypt(payload));

        transport = NoiseTransport.OfClient(handshake);
        return finish;
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        handshake.Dispose();
        CryptographicOperations.ZeroMemory(staticPrivate);
        CryptographicOperations.ZeroMemory(ephemeralPrivate);
    }
}
