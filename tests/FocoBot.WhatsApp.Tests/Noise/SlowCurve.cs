using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Noise;

namespace FocoBot.WhatsApp.Tests.Noise;

/// <summary>
/// Curve25519 for tests: slow, simple, not constant in time. X25519 after RFC 7748, signatures after XEdDSA and RFC 8032. Without random
/// bytes it signs as the client that recorded the vectors does. Remembers what was agreed, since tests repeat themselves.
/// </summary>
internal sealed class SlowCurve : INoiseCurve
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    private static readonly BigInteger D = Mod(-121665 * Invert(121666));
    private static readonly (BigInteger X, BigInteger Y) Base = (RecoverX(Mod(4 * Invert(5)), odd: false)!.Value, Mod(4 * Invert(5)));

    private readonly ConcurrentDictionary<string, byte[]> _agreed = new();

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> nine = stackalloc byte[32];
        nine.Clear();
        nine[0] = 9;
        Agree(privateKey, nine, publicKey);
    }

    public void Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        byte[] own = privateKey.ToArray(), other = publicKey.ToArray();
        _agreed.GetOrAdd(Convert.ToHexString([.. own, .. other]), _ => Ladder(own, other)).CopyTo(sharedSecret);
    }

    public void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random, Span<byte> signature)
    {
        var a = Clamp(privateKey);
        var publicKey = Encode(Multiply(Base, a));
        byte[] prefix = random.IsEmpty ? [] : [0xFE, .. Enumerable.Repeat((byte)0xFF, 31)];
        var r = Hash(prefix, Bytes(a), message, random);
        var commitment = Encode(Multiply(Base, r));
        var s = (r + (Hash(commitment, publicKey, message, []) * a)) % L;
        commitment.CopyTo(signature);
        Bytes(s).CopyTo(signature[32..]);
        signature[63] |= (byte)(publicKey[31] & 0x80);
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var u = Number(publicKey) & (BigInteger.Pow(2, 255) - 1);
        var y = Mod((u - 1) * Invert(u + 1));
        if (RecoverX(y, odd: (signature[63] & 0x80) != 0) is not { } x)
            return false;

        var s = Number(signature[32..]) & (BigInteger.Pow(2, 255) - 1);
        var h = Hash(signature[..32], Encode((x, y)), message, []);
        var expected = Add(Multiply(Base, s), Multiply((Mod(-x), y), h));
        return Encode(expected).AsSpan().SequenceEqual(signature[..32]);
    }

    private static byte[] Ladder(byte[] privateKey, byte[] publicKey)
    {
        var k = Clamp(privateKey);
        var u = Number(publicKey) & (BigInteger.Pow(2, 255) - 1);
        BigInteger x2 = 1, z2 = 0, x3 = u, z3 = 1;
        for (var bit = 254; bit >= 0; bit--)
        {
            var swap = !((k >> bit) & 1).IsZero;
            if (swap)
                (x2, z2, x3, z3) = (x3, z3, x2, z2);
            BigInteger a = x2 + z2, b = x2 - z2, aa = a * a % P, bb = b * b % P, e = aa - bb, da = (x3 - z3) * a % P, cb = (x3 + z3) * b % P;
            (x3, z3) = ((da + cb) * (da + cb) % P, u * (da - cb) % P * (da - cb) % P);
            (x2, z2) = (aa * bb % P, e * (aa + (121665 * e)) % P);
            if (swap)
                (x2, z2, x3, z3) = (x3, z3, x2, z2);
        }

        return Bytes(Mod(x2 * Invert(z2)));
    }

    private static (BigInteger X, BigInteger Y) Multiply((BigInteger X, BigInteger Y) point, BigInteger times)
    {
        // Projective coordinates, to invert only once.
        (BigInteger X, BigInteger Y, BigInteger Z) sum = (0, 1, 1), power = (point.X, point.Y, 1);
        for (; !times.IsZero; times >>= 1)
        {
            if (!times.IsEven)
                sum = Add(sum, power);
            power = Add(power, power);
        }

        var inverse = Invert(sum.Z);
        return (Mod(sum.X * inverse), Mod(sum.Y * inverse));
    }

    private static (BigInteger X, BigInteger Y) Add((BigInteger X, BigInteger Y) p, (BigInteger X, BigInteger Y) q)
    {
        var (x, y, z) = Add((p.X, p.Y, 1), (q.X, q.Y, 1));
        return (Mod(x * Invert(z)), Mod(y * Invert(z)));
    }

    private static (BigInteger X, BigInteger Y, BigInteger Z) Add((BigInteger X, BigInteger Y, BigInteger Z) p, (BigInteger X, BigInteger Y, BigInteger Z) q)
    {
        BigInteger a = p.Z * q.Z % P, b = a * a % P, c = p.X * q.X % P, d = p.Y * q.Y % P, e = D * c % P * d % P, f = b - e, g = b + e;
        return (a * f % P * (((p.X + p.Y) * (q.X + q.Y)) - c - d) % P, a * g % P * (d + c) % P, f * g % P);
    }

    private static BigInteger? RecoverX(BigInteger y, bool odd)
    {
        var square = Mod((y * y - 1) * Invert((D * y * y) + 1));
        var x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod(x * x) != square)
            x = Mod(x * BigInteger.ModPow(2, (P - 1) / 4, P));
        if (Mod(x * x) != square)
            return null;
        return x.IsEven == odd ? Mod(-x) : x;
    }

    private static BigInteger Hash(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d) => Number(SHA512.HashData([.. a, .. b, .. c, .. d])) % L;

    private static byte[] Encode((BigInteger X, BigInteger Y) point)
    {
        var bytes = Bytes(point.Y);
        bytes[31] |= (byte)(point.X.IsEven ? 0 : 0x80);
        return bytes;
    }

    private static BigInteger Clamp(ReadOnlySpan<byte> key)
    {
        byte[] bytes = key.ToArray();
        bytes[0] &= 248;
        bytes[31] = (byte)((bytes[31] & 127) | 64);
        return Number(bytes);
    }

    private static BigInteger Invert(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value) => ((value % P) + P) % P;

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }
}
