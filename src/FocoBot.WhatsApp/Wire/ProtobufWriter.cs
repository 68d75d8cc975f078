using System.Numerics;

namespace FocoBot.WhatsApp.Wire;

/// <summary>Writes the fields of a small protobuf message, with numbers up to 15, into a span whose size was computed before.</summary>
internal ref struct ProtobufWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _at;

    public static int SizeOf(ulong value) => 1 + VarintSize(value);

    public static int SizeOf(ReadOnlySpan<byte> value) => 1 + VarintSize((uint)value.Length) + value.Length;

    public void UInt64(int field, ulong value)
    {
        _destination[_at++] = (byte)(field << 3);
        Varint(value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Bytes(field, value.Length));
    }

    /// <summary>Starts a field of bytes that the caller fills in.</summary>
    public Span<byte> Bytes(int field, int length)
    {
        _destination[_at++] = (byte)(field << 3 | 2);
        Varint((uint)length);
        var bytes = _destination.Slice(_at, length);
        _at += length;
        return bytes;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _destination[_at++] = (byte)(value | 0x80);
        _destination[_at++] = (byte)value;
    }

    private static int VarintSize(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;
}
