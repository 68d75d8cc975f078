using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>Verification of Ed25519 signatures (RFC 8032 §5.1.7), the strict way: one signature, one encoding.</summary>
internal static class Ed25519
{
    public const int SignatureSize = 64;

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != FieldElement.Size || signature.Length != SignatureSize)
            return false;
        var s = signature[32..];
        if (!Scalar.Read(s).IsCanonical() || !EdwardsPoint.TryRead(publicKey, out var point) || point.HasSmallOrder())
            return false;

        Span<byte> h = stackalloc byte[Scalar.Size];
        Challenge(signature[..32], publicKey, message).Write(h);
        Span<byte> r = stackalloc byte[32];
        EdwardsBase.MultiplyPublic(h, point.Negate(), s).Write(r);
        return r.SequenceEqual(signature[..32]);
    }

    /// <summary>SHA-512(R ‖ A ‖ message) modulo L.</summary>
    public static Scalar Challenge(ReadOnlySpan<byte> r, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        sha.AppendData(r);
        sha.AppendData(publicKey);
        sha.AppendData(message);
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        return Scalar.ReadWide(hash);
    }
}
