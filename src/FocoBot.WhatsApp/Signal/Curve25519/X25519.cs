using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>Diffie-Hellman on Curve25519 (RFC 7748), in constant time.</summary>
internal static class X25519
{
    public const int KeySize = 32;

    /// <summary>Computes the public key of a private key, which is clamped on the way.</summary>
    public static void PublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> scalar = stackalloc byte[KeySize];
        Clamp(privateKey, scalar);
        EdwardsBase.Multiply(scalar).WriteMontgomery(publicKey);
        CryptographicOperations.ZeroMemory(scalar);
    }

    /// <summary>Computes the shared secret. False when it is all zero: the peer's key has small order and nothing is shared.</summary>
    public static bool Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        Span<byte> scalar = stackalloc byte[KeySize];
        Clamp(privateKey, scalar);
        Ladder(scalar, FieldElement.Read(publicKey)).Write(shared);
        CryptographicOperations.ZeroMemory(scalar);
        var bits = 0;
        foreach (var b in shared[..KeySize])
            bits |= b;
        return bits != 0;
    }

    /// <summary>True when a public key is the one encoding of its number: agreeing takes the others for the same key.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != KeySize)
            return false;
        Span<byte> canonical = stackalloc byte[KeySize];
        FieldElement.Read(publicKey).Write(canonical);
        return canonical.SequenceEqual(publicKey);
    }

    internal static void Clamp(ReadOnlySpan<byte> privateKey, Span<byte> scalar)
    {
        if (privateKey.Length != KeySize)
            throw new ArgumentException("A private key has 32 bytes.", nameof(privateKey));
        privateKey.CopyTo(scalar);
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);
    }

    // The Montgomery ladder of RFC 7748 §5, with its names.
    private static FieldElement Ladder(ReadOnlySpan<byte> scalar, in FieldElement x1)
    {
        var x2 = FieldElement.One;
        var z2 = FieldElement.Zero;
        var x3 = x1;
        var z3 = FieldElement.One;
        var swap = 0UL;
        for (var bit = 254; bit >= 0; bit--)
        {
            var k = 0UL - (ulong)(scalar[bit >> 3] >> (bit & 7) & 1);
            FieldElement.Swap(ref x2, ref x3, swap ^ k);
            FieldElement.Swap(ref z2, ref z3, swap ^ k);
            swap = k;

            var a = x2 + z2;
            var b = x2 - z2;
            var da = (x3 - z3) * a;
            var cb = (x3 + z3) * b;
            var aa = a.Square();
            var bb = b.Square();
            var e = aa - bb;
            x3 = (da + cb).Square();
            z3 = x1 * (da - cb).Square();
            x2 = aa * bb;
            z2 = e * (aa + e.Multiply(121665));
        }
        FieldElement.Swap(ref x2, ref x3, swap);
        FieldElement.Swap(ref z2, ref z3, swap);
        return x2 * z2.Invert();
    }
}
