using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Noise;

/// <summary>The server's side of the handshake, see <see cref="NoiseInitiator"/>: made of the client's hello; send <see cref="Hello"/>, give the answer to <see cref="Finish"/>.</summary>
internal sealed class NoiseResponder : IDisposable
{
    private readonly INoiseCurve _curve;
    private readonly NoiseHandshake _handshake;
    private readonly byte[] _ephemeralPrivate;

    /// <summary>Answers a client's hello.</summary>
    /// <param name="curve">Curve25519.</param>
    /// <param name="prologue">The bytes that came in front of the handshake.</param>
    /// <param name="clientHello">The client's message.</param>
    /// <param name="staticPrivate">The server's key, private part.</param>
    /// <param name="ephemeralPrivate">32 random bytes for this handshake alone.</param>
    /// <param name="certificates">What <see cref="CertificateChain.Create"/> made for the server's key.</param>
    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public NoiseResponder(
        INoiseCurve curve, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> clientHello, ReadOnlySpan<byte> staticPrivate, ReadOnlySpan<byte> ephemeralPrivate, ReadOnlySpan<byte> certificates)
    {
        _curve = curve;
        _ephemeralPrivate = ephemeralPrivate.ToArray();
        _handshake = new(prologue);
        Span<byte> ephemeral = stackalloc byte[NoiseHandshake.KeyLength];
        Span<byte> staticPublic = stackalloc byte[NoiseHandshake.KeyLength];
        curve.DerivePublicKey(ephemeralPrivate, ephemeral);
        curve.DerivePublicKey(staticPrivate, staticPublic);

        HandshakeMessage.ReadClientHello(clientHello, out var clientEphemeral);
        _handshake.Authenticate(clientEphemeral);
        _handshake.Authenticate(ephemeral);
        _handshake.Agree(curve, ephemeralPrivate, clientEphemeral);
        var sealedStatic = _handshake.Encrypt(staticPublic);
        _handshake.Agree(curve, staticPrivate, clientEphemeral);
        Hello = HandshakeMessage.WriteServerHello(ephemeral, sealedStatic, _handshake.Encrypt(certificates));
    }

    /// <summary>The server's message.</summary>
    public byte[] Hello { get; }

    /// <summary>Takes the client's last message. Works once.</summary>
    /// <param name="clientFinish">The message.</param>
    /// <param name="clientStatic">The public noise key of the client's device.</param>
    /// <param name="payload">The client payload.</param>
    /// <returns>The ciphers of what follows.</returns>
    /// <exception cref="ProtocolException">The message is malformed or does not decrypt.</exception>
    public NoiseTransport Finish(ReadOnlySpan<byte> clientFinish, out byte[] clientStatic, out byte[] payload)
    {
        HandshakeMessage.ReadClientFinish(clientFinish, out var sealedStatic, out var sealedPayload);
        clientStatic = _handshake.Decrypt(sealedStatic);
        _handshake.Agree(_curve, _ephemeralPrivate, clientStatic);
        payload = _handshake.Decrypt(sealedPayload);
        return NoiseTransport.OfServer(_handshake);
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        _handshake.Dispose();
        CryptographicOperations.ZeroMemory(_ephemeralPrivate);
    }
}
