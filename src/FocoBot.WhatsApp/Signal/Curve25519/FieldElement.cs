using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>
/// A number modulo p = 2^255 - 19 as five limbs of 51 bits. No operation branches or indexes by value.
/// </summary>
/// <remarks>
/// Limbs may be larger than 51 bits between operations. Products come out below 2^51 + 2^25 ("reduced");
/// sums of two such stay below 2^53, which is the most that may be subtracted; factors must stay below 2^54.
/// </remarks>
internal readonly struct FieldElement
{
    public const int Size = 32;

    private const ulong Mask = (1UL << 51) - 1;

    // 4p, added before a subtraction so that no limb goes below zero.
    private const ulong Bias0 = 4 * ((1UL << 51) - 19);
    private const ulong Bias = 4 * Mask;

    // A factor moved left by 10 bits splits each product at bit 54: the upper word counts 2^54 = 8 * 2^51,
    // the lower word holds the rest, and both can be summed without looking for carries.
    private const int Shift = 10;

    private readonly ulong _0;
    private readonly ulong _1;
    private readonly ulong _2;
    private readonly ulong _3;
    private readonly ulong _4;

    public FieldElement(ulong limb0, ulong limb1 = 0, ulong limb2 = 0, ulong limb3 = 0, ulong limb4 = 0)
    {
        _0 = limb0;
        _1 = limb1;
        _2 = limb2;
        _3 = limb3;
        _4 = limb4;
    }

    public static FieldElement Zero => default;

    public static FieldElement One => new(1);

    /// <summary>Reads 32 little-endian bytes; the top bit is not looked at, values from p up are taken modulo p.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> source)
    {
        var a = BinaryPrimitives.ReadUInt64LittleEndian(source);
        var b = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
        var c = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]);
        var d = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]);
        return new(a & Mask, (a >> 51 | b << 13) & Mask, (b >> 38 | c << 26) & Mask, (c >> 25 | d << 39) & Mask, d >> 12 & Mask);
    }

    /// <summary>Writes the one value below p.</summary>
    public void Write(Span<byte> destination)
    {
        var (a, b, c, d, e) = Carried();
        // q = 1 when the value is p or more: then adding 19 carries out of bit 255.
        var q = (a + 19) >> 51;
        q = (b + q) >> 51;
        q = (c + q) >> 51;
        q = (d + q) >> 51;
        q = (e + q) >> 51;
        a += 19 * q;
        b += a >> 51;
        a &= Mask;
        c += b >> 51;
        b &= Mask;
        d += c >> 51;
        c &= Mask;
        e += d >> 51;
        d &= Mask;
        e &= Mask;
        BinaryPrimitives.WriteUInt64LittleEndian(destination, a | b << 51);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], b >> 13 | c << 38);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], c >> 26 | d << 25);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], d >> 39 | e << 12);
    }

    public static FieldElement operator +(in FieldElement x, in FieldElement y) =>
        new(x._0 + y._0, x._1 + y._1, x._2 + y._2, x._3 + y._3, x._4 + y._4);

    public static FieldElement operator -(in FieldElement x, in FieldElement y) =>
        new(x._0 + Bias0 - y._0, x._1 + Bias - y._1, x._2 + Bias - y._2, x._3 + Bias - y._3, x._4 + Bias - y._4);

    public static FieldElement operator -(in FieldElement x) => Zero - x;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FieldElement operator *(in FieldElement x, in FieldElement y)
    {
        AssertFactor(x);
        AssertFactor(y);
        ulong a = x._0, b = x._1, c = x._2, d = x._3, e = x._4;
        ulong b19 = 19 * b, c19 = 19 * c, d19 = 19 * d, e19 = 19 * e;
        ulong v = y._0 << Shift, w = y._1 << Shift, s = y._2 << Shift, t = y._3 << Shift, u = y._4 << Shift;

        ulong h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0;
        Accumulate(a, v, ref h0, ref l0);
        Accumulate(a, w, ref h1, ref l1);
        Accumulate(a, s, ref h2, ref l2);
        Accumulate(a, t, ref h3, ref l3);
        Accumulate(a, u, ref h4, ref l4);
        Accumulate(b19, u, ref h0, ref l0);
        Accumulate(b, v, ref h1, ref l1);
        Accumulate(b, w, ref h2, ref l2);
        Accumulate(b, s, ref h3, ref l3);
        Accumulate(b, t, ref h4, ref l4);
        Accumulate(c19, t, ref h0, ref l0);
        Accumulate(c19, u, ref h1, ref l1);
        Accumulate(c, v, ref h2, ref l2);
        Accumulate(c, w, ref h3, ref l3);
        Accumulate(c, s, ref h4, ref l4);
        Accumulate(d19, s, ref h0, ref l0);
        Accumulate(d19, t, ref h1, ref l1);
        Accumulate(d19, u, ref h2, ref l2);
        Accumulate(d, v, ref h3, ref l3);
        Accumulate(d, w, ref h4, ref l4);
        Accumulate(e19, w, ref h0, ref l0);
        Accumulate(e19, s, ref h1, ref l1);
        Accumulate(e19, t, ref h2, ref l2);
        Accumulate(e19, u, ref h3, ref l3);
        Accumulate(e, v, ref h4, ref l4);
        return Reduce(h0, h1, h2, h3, h4, l0, l1, l2, l3, l4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FieldElement Square()
    {
        AssertFactor(this);
        ulong a = _0, b = _1, c = _2, d = _3, e = _4;
        ulong a2 = 2 * a, b2 = 2 * b, c38 = 38 * c, d19 = 19 * d, d38 = 38 * d, e19 = 19 * e, e38 = 38 * e;
        ulong v = a << Shift, w = b << Shift, s = c << Shift, t = d << Shift, u = e << Shift;

        ulong h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0;
        Accumulate(a, v, ref h0, ref l0);
        Accumulate(a2, w, ref h1, ref l1);
        Accumulate(a2, s, ref h2, ref l2);
        Accumulate(a2, t, ref h3, ref l3);
        Accumulate(a2, u, ref h4, ref l4);
        Accumulate(e38, w, ref h0, ref l0);
        Accumulate(e38, s, ref h1, ref l1);
        Accumulate(b, w, ref h2, ref l2);
        Accumulate(b2, s, ref h3, ref l3);
        Accumulate(b2, t, ref h4, ref l4);
        Accumulate(c38, t, ref h0, ref l0);
        Accumulate(d19, t, ref h1, ref l1);
        Accumulate(d38, u, ref h2, ref l2);
        Accumulate(e19, u, ref h3, ref l3);
        Accumulate(c, s, ref h4, ref l4);
        return Reduce(h0, h1, h2, h3, h4, l0, l1, l2, l3, l4);
    }

    /// <summary>The 2^n-th power.</summary>
    public FieldElement Square(int n)
    {
        var result = Square();
        while (--n > 0)
            result = result.Square();
        return result;
    }

    /// <summary>The product with a public constant below 2^20.</summary>
    public FieldElement Multiply(uint factor)
    {
        var scaled = (ulong)factor << 13;
        var h0 = Math.BigMul(_0, scaled, out var l0);
        var h1 = Math.BigMul(_1, scaled, out var l1);
        var h2 = Math.BigMul(_2, scaled, out var l2);
        var h3 = Math.BigMul(_3, scaled, out var l3);
        var h4 = Math.BigMul(_4, scaled, out var l4);
        return new((l0 >> 13) + 19 * h4, (l1 >> 13) + h0, (l2 >> 13) + h1, (l3 >> 13) + h2, (l4 >> 13) + h3);
    }

    /// <summary>1/x as x^(p-2); 0 for 0.</summary>
    public FieldElement Invert()
    {
        var (x250, x11) = PowerOf250Ones();
        return x250.Square(5) * x11;
    }

    /// <summary>x^((p-5)/8), the core of the square root.</summary>
    public FieldElement PowerForRoot() => PowerOf250Ones().X250.Square(2) * this;

    /// <summary>True for the residue 0.</summary>
    public bool IsZero()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return !bytes.ContainsAnyExcept((byte)0);
    }

    /// <summary>The lowest bit of the value below p, which is the "sign" in encoded points.</summary>
    public int Parity()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return bytes[0] & 1;
    }

    /// <summary><paramref name="y"/> where <paramref name="mask"/> is all ones, <paramref name="x"/> where it is zero.</summary>
    public static FieldElement Select(in FieldElement x, in FieldElement y, ulong mask) => new(
        x._0 ^ (mask & (x._0 ^ y._0)),
        x._1 ^ (mask & (x._1 ^ y._1)),
        x._2 ^ (mask & (x._2 ^ y._2)),
        x._3 ^ (mask & (x._3 ^ y._3)),
        x._4 ^ (mask & (x._4 ^ y._4)));

    /// <summary>Exchanges the two where <paramref name="mask"/> is all ones.</summary>
    public static void Swap(ref FieldElement x, ref FieldElement y, ulong mask)
    {
        var old = x;
        x = Select(x, y, mask);
        y = Select(y, old, mask);
    }

    // x^(2^250 - 1) and x^11.
    private (FieldElement X250, FieldElement X11) PowerOf250Ones()
    {
        var x2 = Square();
        var x9 = x2.Square(2) * this;
        var x11 = x9 * x2;
        var ones5 = x11.Square() * x9;
        var ones10 = ones5.Square(5) * ones5;
        var ones20 = ones10.Square(10) * ones10;
        var ones40 = ones20.Square(20) * ones20;
        var ones50 = ones40.Square(10) * ones10;
        var ones100 = ones50.Square(50) * ones50;
        var ones200 = ones100.Square(100) * ones100;
        return (ones200.Square(50) * ones50, x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ulong x, ulong shifted, ref ulong high, ref ulong low)
    {
        // Two multiplications, because the one that gives both words hands the lower one over in memory, which is slower.
        high += Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(x, shifted) : Math.BigMul(x, shifted, out _);
        low += (x * shifted) >> Shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduce(
        ulong h0, ulong h1, ulong h2, ulong h3, ulong h4, ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        l0 += 8 * 19 * h4;
        l1 += 8 * h0 + (l0 >> 51);
        l2 += 8 * h1 + (l1 >> 51);
        l3 += 8 * h2 + (l2 >> 51);
        l4 += 8 * h3 + (l3 >> 51);
        return new((l0 & Mask) + 19 * (l4 >> 51), l1 & Mask, l2 & Mask, l3 & Mask, l4 & Mask);
    }

    // The same value with every limb below 2^51, except that it may still be p or a little more.
    private (ulong, ulong, ulong, ulong, ulong) Carried()
    {
        ulong a = _0, b = _1, c = _2, d = _3, e = _4;
        for (var pass = 0; pass < 2; pass++)
        {
            b += a >> 51;
            a &= Mask;
            c += b >> 51;
            b &= Mask;
            d += c >> 51;
            c &= Mask;
            e += d >> 51;
            d &= Mask;
            a += 19 * (e >> 51);
            e &= Mask;
        }
        return (a, b, c, d, e);
    }

    [Conditional("DEBUG")]
    private static void AssertFactor(in FieldElement x) =>
        Debug.Assert((x._0 | x._1 | x._2 | x._3 | x._4) < 1UL << 54, "A factor has limbs that are too large.");
}
