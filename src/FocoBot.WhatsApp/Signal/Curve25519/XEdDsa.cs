using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>
/// Signatures with Curve25519 keys: Ed25519 with the Edwards form of the key. The sign bit that the Montgomery form
/// lost travels in the top bit of the last byte: R (32) ‖ S (32, of which 253 bits are used, and the sign).
/// </summary>
internal static class XEdDsa
{
    public const int SignatureSize = Ed25519.SignatureSize;

    /// <summary>How much randomness a signature takes.</summary>
    public const int RandomSize = 64;

    // Sets the hash for the nonce apart from every other SHA-512 in use: no encoded point starts like this.
    private static ReadOnlySpan<byte> NoncePrefix =>
    [
        0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    ];

    /// <summary>Signs with a private key that is used once; see the other.</summary>
    public static void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random64, Span<byte> signature64)
    {
        var key = SigningKey.FromPrivate(privateKey);
        Sign(key, message, random64, signature64);
        key.Clear();
    }

    /// <summary>Signs with a nonce of the key, the message and 64 random bytes.</summary>
    public static void Sign(SigningKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random64, Span<byte> signature64)
    {
        if (random64.Length != RandomSize || signature64.Length != SignatureSize)
            throw new ArgumentException("A signature takes 64 random bytes and has 64 bytes.");
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        sha.AppendData(NoncePrefix);
        sha.AppendData(key.Private);
        sha.AppendData(message);
        sha.AppendData(random64);
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        SignWithNonce(key, message, hash, signature64);
        CryptographicOperations.ZeroMemory(hash);
    }

    /// <summary>Verifies a signature; false also for keys and signatures that are no canonical encodings.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!X25519.IsCanonical(publicKey) || signature.Length != SignatureSize)
            return false;
        // y = (u - 1)/(u + 1), and the sign from the signature.
        var u = FieldElement.Read(publicKey);
        if ((u + FieldElement.One).IsZero())
            return false;
        Span<byte> edwards = stackalloc byte[X25519.KeySize];
        ((u - FieldElement.One) * (u + FieldElement.One).Invert()).Write(edwards);
        edwards[31] |= (byte)(signature[63] & 0x80);

        Span<byte> plain = stackalloc byte[SignatureSize];
        signature.CopyTo(plain);
        plain[63] &= 0x7F;
        return Ed25519.Verify(edwards, message, plain);
    }

    // The nonce is 64 bytes that are reduced here.
    internal static void SignWithNonce(SigningKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce, Span<byte> signature)
    {
        var r = Scalar.ReadWide(nonce);
        Span<byte> scalar = stackalloc byte[Scalar.Size];
        r.Write(scalar);
        EdwardsBase.Multiply(scalar).Write(signature);
        var h = Ed25519.Challenge(signature[..32], key.Edwards, message);
        Scalar.MultiplyAdd(Scalar.Read(key.Private), h, r).Write(signature[32..]);
        signature[63] |= (byte)(key.Edwards[31] & 0x80);
        CryptographicOperations.ZeroMemory(scalar);
    }
}
