using FocoBot.WhatsApp.Wire;

namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// How a server proves its static key: the root, which clients know, signs an intermediate key, and that the server's.
/// <code>
/// CertChain        { NoiseCertificate leaf = 1; NoiseCertificate intermediate = 2; }
/// NoiseCertificate { bytes details = 1; bytes signature = 2; }       the signature is over the bytes of details
/// Details          { uint32 serial = 1; uint32 issuerSerial = 2; bytes key = 3; uint64 notBefore = 4; uint64 notAfter = 5; }   seconds
/// </code>
/// </summary>
internal static class CertificateChain
{
    private const int KeyLength = NoiseHandshake.KeyLength, SignatureLength = 64;
    private const uint RootSerial = 0, IntermediateSerial = 1, LeafSerial = 2;

    /// <summary>The root key of the real WhatsApp servers.</summary>
    public static ReadOnlySpan<byte> WhatsAppRootKey =>
    [
        0x14, 0x23, 0x75, 0x57, 0x4D, 0x0A, 0x58, 0x71, 0x66, 0xAA, 0xE7, 0x1E, 0xBE, 0x51, 0x64, 0x37,
        0xC4, 0xA2, 0x8B, 0x73, 0xE3, 0x69, 0x5C, 0x6C, 0xE1, 0xF7, 0xF9, 0x54, 0x5D, 0xA8, 0xEE, 0x6B,
    ];

    /// <summary>Checks that a chain leads from the root to the server's key, and is valid now.</summary>
    /// <param name="curve">Curve25519.</param>
    /// <param name="chain">What the server sent.</param>
    /// <param name="rootKey">The root's public key.</param>
    /// <param name="serverStatic">The key that the server used in the handshake.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ProtocolException">The server is not one that the root vouches for.</exception>
    public static void Verify(INoiseCurve curve, ReadOnlySpan<byte> chain, ReadOnlySpan<byte> rootKey, ReadOnlySpan<byte> serverStatic, DateTimeOffset now)
    {
        ReadOnlySpan<byte> leafBytes = default, intermediateBytes = default;
        var reader = new ProtobufReader(chain, HandshakeMessage.Malformed);
        while (reader.Next())
        {
            if (reader.Field == 1)
                leafBytes = reader.Bytes;
            else if (reader.Field == 2)
                intermediateBytes = reader.Bytes;
        }

        var intermediate = Certificate.Read(intermediateBytes);
        intermediate.Verify(curve, rootKey, RootSerial, now);
        var leaf = Certificate.Read(leafBytes);
        leaf.Verify(curve, intermediate.Key, intermediate.Serial, now);
        if (!leaf.Key.SequenceEqual(serverStatic))
            throw new ProtocolException("The server's certificate is for another key.");
    }

    /// <summary>Makes the chain of a server of one's own.</summary>
    /// <param name="curve">Curve25519.</param>
    /// <param name="rootPrivate">The root's private key.</param>
    /// <param name="intermediatePrivate">The intermediate's private key.</param>
    /// <param name="serverStatic">The server's public key.</param>
    /// <param name="notBefore">From when on it is valid.</param>
    /// <param name="notAfter">Until when it is valid.</param>
    /// <param name="random">Two times 64 random bytes for the signatures.</param>
    /// <returns>What the server sends.</returns>
    public static byte[] Create(
        INoiseCurve curve, ReadOnlySpan<byte> rootPrivate, ReadOnlySpan<byte> intermediatePrivate, ReadOnlySpan<byte> serverStatic, DateTimeOffset notBefore, DateTimeOffset notAfter, ReadOnlySpan<byte> random)
    {
        Span<byte> intermediateKey = stackalloc byte[KeyLength];
        curve.DerivePublicKey(intermediatePrivate, intermediateKey);
        var intermediate = Sign(curve, rootPrivate, Details(IntermediateSerial, RootSerial, intermediateKey, notBefore, notAfter), random[..SignatureLength]);
        var leaf = Sign(curve, intermediatePrivate, Details(LeafSerial, IntermediateSerial, serverStatic, notBefore, notAfter), random[SignatureLength..]);
        return new ProtobufBuilder().Add(1, leaf).Add(2, intermediate).ToArray();
    }

    private static byte[] Details(uint serial, uint issuerSerial, ReadOnlySpan<byte> key, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        new ProtobufBuilder()
            .Add(1, serial)
            .Add(2, issuerSerial)
            .Add(3, key)
            .Add(4, (ulong)notBefore.ToUnixTimeSeconds())
            .Add(5, (ulong)notAfter.ToUnixTimeSeconds())
            .ToArray();

    private static byte[] Sign(INoiseCurve curve, ReadOnlySpan<byte> issuerPrivate, byte[] details, ReadOnlySpan<byte> random)
    {
        Span<byte> signature = stackalloc byte[SignatureLength];
        curve.Sign(issuerPrivate, details, random, signature);
        return new ProtobufBuilder().Add(1, details).Add(2, signature).ToArray();
    }

    private ref struct Certificate
    {
        public ReadOnlySpan<byte> Key;
        public uint Serial;

        private ReadOnlySpan<byte> _details, _signature;
        private uint _issuerSerial;
        private ulong _notBefore, _notAfter;

        // Fields that are missing stay empty or 0, and fail the checks.
        public static Certificate Read(ReadOnlySpan<byte> bytes)
        {
            var certificate = default(Certificate);
            var outer = new ProtobufReader(bytes, HandshakeMessage.Malformed);
            while (outer.Next())
            {
                if (outer.Field == 1)
                    certificate._details = outer.Bytes;
                else if (outer.Field == 2)
                    certificate._signature = outer.Bytes;
            }

            var inner = new ProtobufReader(certificate._details, HandshakeMessage.Malformed);
            while (inner.Next())
            {
                switch (inner.Field)
                {
                    case 1: certificate.Serial = inner.UInt32; break;
                    case 2: certificate._issuerSerial = inner.UInt32; break;
                    case 3: certificate.Key = inner.Bytes; break;
                    case 4: certificate._notBefore = inner.UInt64; break;
                    case 5: certificate._notAfter = inner.UInt64; break;
                }
            }

            return certificate;
        }

        public readonly void Verify(INoiseCurve curve, ReadOnlySpan<byte> issuerKey, uint issuer, DateTimeOffset now)
        {
            if (_signature.Length != SignatureLength || Key.Length != KeyLength)
                throw new ProtocolException("A certificate of the server lacks something.");
            if (!curve.Verify(issuerKey, _details, _signature))
                throw new ProtocolException("A certificate of the server has a wrong signature.");
            if (_issuerSerial != issuer)
                throw new ProtocolException("A certificate of the server is of another issuer.");
            var seconds = (ulong)now.ToUnixTimeSeconds();
            if (seconds < _notBefore || seconds > _notAfter)
                throw new ProtocolException("A certificate of the server is not valid at this time.");
        }
    }
}
