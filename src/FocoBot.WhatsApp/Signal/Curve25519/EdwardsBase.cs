using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>Multiples of the base point: of a secret scalar in constant time, and of two public ones quickly.</summary>
internal static class EdwardsBase
{
    private const int Rows = 32;
    private const int Columns = 9;

    // An AffinePoint is 15 words; one more makes four vectors.
    private const int Words = 15;
    private const int Stride = 16;

    private static readonly EdwardsPoint Base = ReadBase();

    // Entry [i, j] is j * 256^i * B, for j = 0..8.
    private static readonly ulong[] Table = BuildTable();

    // Entry i is (2i + 1) * B.
    private static readonly AffinePoint[] OddMultiples = BuildOddMultiples(64);

    /// <summary>scalar * B, for a scalar below 2^255. The scalar decides neither a branch nor an address.</summary>
    public static EdwardsPoint Multiply(ReadOnlySpan<byte> scalar)
    {
        // Sixty-four digits of base 16, moved from 0..15 to -8..8.
        Span<sbyte> digits = stackalloc sbyte[64];
        for (var i = 0; i < 32; i++)
        {
            digits[2 * i] = (sbyte)(scalar[i] & 15);
            digits[2 * i + 1] = (sbyte)(scalar[i] >> 4);
        }
        var carry = 0;
        for (var i = 0; i < 63; i++)
        {
            var digit = digits[i] + carry;
            carry = (digit + 8) >> 4;
            digits[i] = (sbyte)(digit - (carry << 4));
        }
        digits[63] += (sbyte)carry;

        var sum = EdwardsPoint.Identity;
        for (var i = 1; i < 64; i += 2)
            sum = sum.Add(Select(i / 2, digits[i]));
        sum = sum.Double().Double().Double().Double();
        for (var i = 0; i < 64; i += 2)
            sum = sum.Add(Select(i / 2, digits[i]));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(digits));
        return sum;
    }

    /// <summary>a * point + b * B, in a time that tells both scalars: only for verifying.</summary>
    public static SmallPoint MultiplyPublic(ReadOnlySpan<byte> a, in EdwardsPoint point, ReadOnlySpan<byte> b)
    {
        Span<sbyte> digitsA = stackalloc sbyte[256];
        Span<sbyte> digitsB = stackalloc sbyte[256];
        Recode(a, 5, digitsA);
        Recode(b, 8, digitsB);

        Span<CachedPoint> multiples = stackalloc CachedPoint[8];
        var twice = point.Double().ToCached();
        var odd = point;
        for (var i = 0; i < multiples.Length; i++)
        {
            multiples[i] = odd.ToCached();
            odd = odd.Add(twice);
        }

        var highest = 255;
        while (highest > 0 && digitsA[highest] == 0 && digitsB[highest] == 0)
            highest--;
        var sum = new SmallPoint(FieldElement.Zero, FieldElement.One, FieldElement.One);
        for (var i = highest; i >= 0; i--)
        {
            var next = sum.Double();
            int digit = digitsA[i];
            if (digit > 0)
                next = next.ToPoint().AddUnfinished(multiples[digit / 2]);
            else if (digit < 0)
                next = next.ToPoint().AddUnfinished(multiples[-digit / 2].Negate());
            digit = digitsB[i];
            if (digit > 0)
                next = next.ToPoint().AddUnfinished(OddMultiples[digit / 2]);
            else if (digit < 0)
                next = next.ToPoint().AddUnfinished(OddMultiples[-digit / 2].Negate());
            sum = next.ToSmall();
        }
        return sum;
    }

    // Reads the whole row, so that the digit shows in no address.
    private static AffinePoint Select(int row, sbyte digit)
    {
        var negative = (ulong)((long)digit >> 63);
        var index = ((ulong)(long)digit ^ negative) - negative;
        Vector256<ulong> a = default, b = default, c = default, d = default;
        ref var entry = ref Table[row * Columns * Stride];
        for (var column = 0UL; column < Columns; column++)
        {
            var difference = column ^ index;
            var mask = Vector256.Create(0 - (((difference - 1) & ~difference) >> 63));
            var at = (nuint)column * Stride;
            a |= mask & Vector256.LoadUnsafe(ref entry, at);
            b |= mask & Vector256.LoadUnsafe(ref entry, at + 4);
            c |= mask & Vector256.LoadUnsafe(ref entry, at + 8);
            d |= mask & Vector256.LoadUnsafe(ref entry, at + 12);
        }
        Span<ulong> words = stackalloc ulong[Stride];
        a.CopyTo(words);
        b.CopyTo(words[4..]);
        c.CopyTo(words[8..]);
        d.CopyTo(words[12..]);
        var point = MemoryMarshal.Read<AffinePoint>(MemoryMarshal.AsBytes(words));
        return AffinePoint.Select(point, point.Negate(), negative);
    }

    // Digits that are 0 or odd, in ±(2^(width-1) - 1), with at least width - 1 zeros after each one that is not 0.
    private static void Recode(ReadOnlySpan<byte> scalar, int width, Span<sbyte> digits)
    {
        digits.Clear();
        var carry = 0;
        for (var at = 0; at < digits.Length;)
        {
            var rest = scalar[at >> 3] | (at >> 3 < 31 ? scalar[(at >> 3) + 1] << 8 : 0);
            rest >>= at & 7;
            if ((rest & 1) == carry)
            {
                at++;
                continue;
            }
            var digit = (rest & ((1 << width) - 1)) + carry;
            carry = digit >> (width - 1);
            digits[at] = (sbyte)(digit - (carry << width));
            at += width;
        }
    }

    private static EdwardsPoint ReadBase()
    {
        Span<byte> encoded = stackalloc byte[32];
        encoded.Fill(0x66);
        encoded[0] = 0x58;
        return EdwardsPoint.TryRead(encoded, out var point) ? point : throw new InvalidOperationException();
    }

    private static ulong[] BuildTable()
    {
        var points = new EdwardsPoint[Rows * Columns];
        var step = Base;
        for (var row = 0; row < Rows; row++)
        {
            var sum = EdwardsPoint.Identity;
            var cached = step.ToCached();
            for (var column = 0; column < Columns; column++)
            {
                points[row * Columns + column] = sum;
                sum = sum.Add(cached);
            }
            for (var i = 0; i < 8; i++)
                step = step.Double();
        }
        var table = new ulong[points.Length * Stride];
        var affine = ToAffine(points);
        for (var i = 0; i < affine.Length; i++)
            MemoryMarshal.Cast<AffinePoint, ulong>(affine.AsSpan(i, 1))[..Words].CopyTo(table.AsSpan(i * Stride));
        return table;
    }

    private static AffinePoint[] BuildOddMultiples(int count)
    {
        var points = new EdwardsPoint[count];
        var twice = Base.Double().ToCached();
        points[0] = Base;
        for (var i = 1; i < count; i++)
            points[i] = points[i - 1].Add(twice);
        return ToAffine(points);
    }

    // One inversion for all: each Z is inverted by the inverse of the product of all of them.
    private static AffinePoint[] ToAffine(EdwardsPoint[] points)
    {
        var products = new FieldElement[points.Length];
        var product = FieldElement.One;
        for (var i = 0; i < points.Length; i++)
        {
            products[i] = product;
            product *= points[i].Z;
        }
        var inverse = product.Invert();
        var affine = new AffinePoint[points.Length];
        for (var i = points.Length - 1; i >= 0; i--)
        {
            affine[i] = points[i].ToAffine(inverse * products[i]);
            inverse *= points[i].Z;
        }
        return affine;
    }
}
