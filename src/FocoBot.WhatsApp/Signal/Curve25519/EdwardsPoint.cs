namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>
/// A point of the curve -x² + y² = 1 + d·x²y² in extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z (RFC 8032 §5.1.4).
/// </summary>
internal readonly struct EdwardsPoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t)
{
    private static readonly FieldElement D = new(0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff);
    private static readonly FieldElement D2 = new(0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff);
    private static readonly FieldElement RootOfMinusOne = new(0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d);

    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;
    public readonly FieldElement Z = z;
    public readonly FieldElement T = t;

    public static EdwardsPoint Identity => new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);

    public EdwardsPoint Double() => new SmallPoint(X, Y, Z).Double().ToPoint();

    public EdwardsPoint Add(in CachedPoint other) => AddUnfinished(other).ToPoint();

    public EdwardsPoint Add(in AffinePoint other) => AddUnfinished(other).ToPoint();

    public UnfinishedPoint AddUnfinished(in CachedPoint other)
    {
        var zz = Z * other.Z;
        return Unfinished((Y - X) * other.YMinusX, (Y + X) * other.YPlusX, T * other.T2D, zz + zz);
    }

    public UnfinishedPoint AddUnfinished(in AffinePoint other) =>
        Unfinished((Y - X) * other.YMinusX, (Y + X) * other.YPlusX, T * other.XY2D, Z + Z);

    public CachedPoint ToCached() => new(Y + X, Y - X, Z, T * D2);

    /// <summary>The same point with the inverse of its Z, in the form for quick additions.</summary>
    public AffinePoint ToAffine(in FieldElement inverseOfZ)
    {
        var x = X * inverseOfZ;
        var y = Y * inverseOfZ;
        return new((y + x) * FieldElement.One, (y - x) * FieldElement.One, x * y * D2);
    }

    public EdwardsPoint Negate() => new(-X * FieldElement.One, Y, Z, -T * FieldElement.One);

    /// <summary>True for the eight points that the cofactor sends to the identity.</summary>
    public bool HasSmallOrder() => Double().Double().Double().X.IsZero();

    /// <summary>Writes y with the parity of x in the top bit (RFC 8032 §5.1.2).</summary>
    public void Write(Span<byte> destination) => Write(X, Y, Z, destination);

    internal static void Write(in FieldElement x, in FieldElement y, in FieldElement z, Span<byte> destination)
    {
        var inverse = z.Invert();
        (y * inverse).Write(destination);
        destination[31] |= (byte)((x * inverse).Parity() << 7);
    }

    /// <summary>Writes the u coordinate of the same point on the Montgomery curve: u = (1 + y)/(1 - y).</summary>
    public void WriteMontgomery(Span<byte> destination) => ((Z + Y) * (Z - Y).Invert()).Write(destination);

    /// <summary>Finds the point of an encoded y and sign; false when the bytes are not the one encoding of a point. Not for secrets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out EdwardsPoint point)
    {
        point = default;
        var y = FieldElement.Read(source);
        var sign = source[31] >> 7;
        Span<byte> canonical = stackalloc byte[FieldElement.Size];
        y.Write(canonical);
        canonical[31] |= (byte)(sign << 7);
        if (!canonical.SequenceEqual(source))
            return false;

        // x² = (y² - 1)/(d·y² + 1) = u/v; a root, if there is one, is u·v³·(u·v⁷)^((p-5)/8), perhaps times √-1.
        var yy = y.Square();
        var u = yy - FieldElement.One;
        var v = yy * D + FieldElement.One;
        var v3 = v.Square() * v;
        var x = (v3.Square() * v * u).PowerForRoot() * (v3 * u);
        var check = x.Square() * v;
        if (!(check - u * FieldElement.One).IsZero())
        {
            if (!(check + u).IsZero())
                return false;
            x *= RootOfMinusOne;
        }
        if (x.IsZero() && sign == 1)
            return false;
        if (x.Parity() != sign)
            x = -x * FieldElement.One;
        point = new(x, y, FieldElement.One, x * y);
        return true;
    }

    private static UnfinishedPoint Unfinished(in FieldElement a, in FieldElement b, in FieldElement c, in FieldElement d) =>
        new(b - a, b + a, d + c, d - c);
}

/// <summary>A point without T, which doubling doesn't need.</summary>
internal readonly struct SmallPoint(in FieldElement x, in FieldElement y, in FieldElement z)
{
    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;
    public readonly FieldElement Z = z;

    public UnfinishedPoint Double()
    {
        var xx = X.Square();
        var yy = Y.Square();
        var zz = Z.Square();
        var sum = xx + yy;
        return new((X + Y).Square() - sum, sum, yy - xx, zz + zz + xx - yy);
    }

    public void Write(Span<byte> destination) => EdwardsPoint.Write(X, Y, Z, destination);
}

/// <summary>The result of an addition before its last products: x = X/Z, y = Y/T. It shows which of them the next step needs.</summary>
internal readonly struct UnfinishedPoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t)
{
    private readonly FieldElement _x = x;
    private readonly FieldElement _y = y;
    private readonly FieldElement _z = z;
    private readonly FieldElement _t = t;

    public EdwardsPoint ToPoint() => new(_x * _t, _y * _z, _z * _t, _x * _y);

    public SmallPoint ToSmall() => new(_x * _t, _y * _z, _z * _t);
}

/// <summary>A summand with its sums taken beforehand.</summary>
internal readonly struct CachedPoint(in FieldElement yPlusX, in FieldElement yMinusX, in FieldElement z, in FieldElement t2D)
{
    public readonly FieldElement YPlusX = yPlusX;
    public readonly FieldElement YMinusX = yMinusX;
    public readonly FieldElement Z = z;
    public readonly FieldElement T2D = t2D;

    public CachedPoint Negate() => new(YMinusX, YPlusX, Z, -T2D);
}

/// <summary>A summand with Z = 1: one product fewer per addition.</summary>
internal readonly struct AffinePoint(in FieldElement yPlusX, in FieldElement yMinusX, in FieldElement xy2D)
{
    public readonly FieldElement YPlusX = yPlusX;
    public readonly FieldElement YMinusX = yMinusX;
    public readonly FieldElement XY2D = xy2D;

    public AffinePoint Negate() => new(YMinusX, YPlusX, -XY2D);

    /// <summary><paramref name="b"/> where <paramref name="mask"/> is all ones, <paramref name="a"/> where it is zero.</summary>
    public static AffinePoint Select(in AffinePoint a, in AffinePoint b, ulong mask) => new(
        FieldElement.Select(a.YPlusX, b.YPlusX, mask),
        FieldElement.Select(a.YMinusX, b.YMinusX, mask),
        FieldElement.Select(a.XY2D, b.XY2D, mask));
}
