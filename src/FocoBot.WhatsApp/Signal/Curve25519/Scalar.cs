using System.Buffers.Binary;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>
/// A number modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point, as four words.
/// Products are Montgomery's (RFC 8032 leaves the method open), in constant time.
/// </summary>
internal readonly struct Scalar
{
    public const int Size = 32;

    // -1/L modulo 2^64.
    private const ulong Inverse = 0xd2b51da312547e1b;

    private static readonly Scalar L = new(0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000);

    // R² and R³ modulo L, for R = 2^256.
    private static readonly Scalar R2 = new(0xa40611e3449c0f01, 0xd00e1ba768859347, 0xceec73d217f5be65, 0x0399411b7c309a3d);
    private static readonly Scalar R3 = new(0x2a9e49687b83a2db, 0x278324e6aef7f3ec, 0x8065dc6c04ec5b65, 0x0e530b773599cec7);

    private readonly ulong _0;
    private readonly ulong _1;
    private readonly ulong _2;
    private readonly ulong _3;

    private Scalar(ulong word0, ulong word1, ulong word2, ulong word3)
    {
        _0 = word0;
        _1 = word1;
        _2 = word2;
        _3 = word3;
    }

    /// <summary>Reads 32 little-endian bytes as they are.</summary>
    public static Scalar Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));

    /// <summary>Reads 64 little-endian bytes modulo L.</summary>
    public static Scalar ReadWide(ReadOnlySpan<byte> source)
    {
        // low·R + high·R² in Montgomery's form, back to low + high·R.
        var sum = Add(MultiplyMontgomery(Read(source), R2), MultiplyMontgomery(Read(source[32..]), R3));
        return MultiplyMontgomery(sum, new(1, 0, 0, 0));
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _1);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _2);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _3);
    }

    /// <summary>x·y + z, for y and z below L.</summary>
    public static Scalar MultiplyAdd(in Scalar x, in Scalar y, in Scalar z) =>
        Add(MultiplyMontgomery(MultiplyMontgomery(x, R2), y), z);

    /// <summary>True below L.</summary>
    public bool IsCanonical()
    {
        Subtract(this, L, 0, out var borrow);
        return borrow != 0;
    }

    // x + y modulo L, for both below L.
    private static Scalar Add(in Scalar x, in Scalar y)
    {
        var s = (UInt128)x._0 + y._0;
        var a = (ulong)s;
        s = (s >> 64) + x._1 + y._1;
        var b = (ulong)s;
        s = (s >> 64) + x._2 + y._2;
        var c = (ulong)s;
        s = (s >> 64) + x._3 + y._3;
        return ReduceOnce(new(a, b, c, (ulong)s), 0);
    }

    // x·y/R modulo L, for y below L: word by word, adding the multiple of L that clears the lowest word.
    private static Scalar MultiplyMontgomery(in Scalar x, in Scalar y)
    {
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
        for (var i = 0; i < 4; i++)
        {
            var word = i switch { 0 => x._0, 1 => x._1, 2 => x._2, _ => x._3 };
            var s = Math.BigMul(word, y._0) + t0;
            t0 = (ulong)s;
            s = Math.BigMul(word, y._1) + t1 + (s >> 64);
            t1 = (ulong)s;
            s = Math.BigMul(word, y._2) + t2 + (s >> 64);
            t2 = (ulong)s;
            s = Math.BigMul(word, y._3) + t3 + (s >> 64);
            t3 = (ulong)s;
            s = (s >> 64) + t4;
            t4 = (ulong)s;
            var t5 = (ulong)(s >> 64);

            var q = t0 * Inverse;
            s = Math.BigMul(q, L._0) + t0;
            s = Math.BigMul(q, L._1) + t1 + (s >> 64);
            t0 = (ulong)s;
            s = Math.BigMul(q, L._2) + t2 + (s >> 64);
            t1 = (ulong)s;
            s = Math.BigMul(q, L._3) + t3 + (s >> 64);
            t2 = (ulong)s;
            s = (s >> 64) + t4;
            t3 = (ulong)s;
            t4 = t5 + (ulong)(s >> 64);
        }
        return ReduceOnce(new(t0, t1, t2, t3), t4);
    }

    // Takes L away once if the value (with a fifth word) is not below it.
    private static Scalar ReduceOnce(in Scalar x, ulong top)
    {
        var reduced = Subtract(x, L, top, out var borrow);
        var mask = 0 - borrow;
        return new(
            reduced._0 ^ (mask & (reduced._0 ^ x._0)),
            reduced._1 ^ (mask & (reduced._1 ^ x._1)),
            reduced._2 ^ (mask & (reduced._2 ^ x._2)),
            reduced._3 ^ (mask & (reduced._3 ^ x._3)));
    }

    private static Scalar Subtract(in Scalar x, in Scalar y, ulong top, out ulong borrow)
    {
        var s = (UInt128)x._0 - y._0;
        var a = (ulong)s;
        s = (UInt128)x._1 - y._1 - ((s >> 64) & 1);
        var b = (ulong)s;
        s = (UInt128)x._2 - y._2 - ((s >> 64) & 1);
        var c = (ulong)s;
        s = (UInt128)x._3 - y._3 - ((s >> 64) & 1);
        var d = (ulong)s;
        s = (UInt128)top - ((s >> 64) & 1);
        borrow = (ulong)(s >> 64) & 1;
        return new(a, b, c, d);
    }
}
