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
    private readonly INoiseCurve _curve;
    private readonly NoiseHandshake _handshake;
    private readonly byte[] _staticPrivate, _ephemeralPrivate;

    /// <summary>Starts a handshake.</summary>
    /// <param name="curve">Curve25519.</param>
    /// <param name="prologue">The bytes sent in front of the handshake.</param>
    /// <param name="staticPrivate">The device's own noise key, private part.</param>
    /// <param name="ephemeralPrivate">32 random bytes for this handshake alone.</param>
    public NoiseInitiator(INoiseCurve curve, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> staticPrivate, ReadOnlySpan<byte> ephemeralPrivate)
    {
        _curve = curve;
        _staticPrivate = staticPrivate.ToArray();
        _ephemeralPrivate = ephemeralPrivate.ToArray();
        _handshake = new(prologue);

        Span<byte> ephemeral = stackalloc byte[NoiseHandshake.KeyLength];
        curve.DerivePublicKey(ephemeralPrivate, ephemeral);
        _handshake.Authenticate(ephemeral);
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
        _handshake.Authenticate(serverEphemeral);
        _handshake.Agree(_curve, _ephemeralPrivate, serverEphemeral);
        var serverStatic = _handshake.Decrypt(sealedServerStatic);
        _handshake.Agree(_curve, _ephemeralPrivate, serverStatic);
        CertificateChain.Verify(_curve, _handshake.Decrypt(sealedCertificates), rootKey, serverStatic, now);

        Span<byte> staticPublic = stackalloc byte[NoiseHandshake.KeyLength];
        _curve.DerivePublicKey(_staticPrivate, staticPublic);
        var sealedStatic = _handshake.Encrypt(staticPublic);
        _handshake.Agree(_curve, _staticPrivate, serverEphemeral);
        var finish = HandshakeMessage.WriteClientFinish(sealedStatic, _handshake.Encrypt(payload));

        transport = NoiseTransport.OfClient(_handshake);
        return finish;
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        _handshake.Dispose();
        CryptographicOperations.ZeroMemory(_staticPrivate);
        CryptographicOperations.ZeroMemory(_ephemeralPrivate);
    }
}
