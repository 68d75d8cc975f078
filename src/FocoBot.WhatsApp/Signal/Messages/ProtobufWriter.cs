namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>Writes the fields of a small protobuf message into a span whose size was computed before.</summary>
internal ref struct ProtobufWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _at;

    public static int SizeOf(uint value) => 1 + VarintSize(value);

    public static int SizeOf(ReadOnlySpan<byte> value) => 1 + VarintSize((uint)value.Length) + value.Length;

    /// <summary>The size of a public key as a field: 05 and 32 bytes.</summary>
    public const int KeySize = 2 + WireFormat.KeySize;

    public void UInt32(int field, uint value)
    {
        _destination[_at++] = (byte)(field << 3);
        Varint(value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        StartBytes(field, value.Length);
        value.CopyTo(_destination[_at..]);
        _at += value.Length;
    }

    /// <summary>Writes a public key with its type byte.</summary>
    public void Key(int field, ReadOnlySpan<byte> key)
    {
        StartBytes(field, WireFormat.KeySize);
        WireFormat.WriteKey(key, _destination[_at..]);
        _at += WireFormat.KeySize;
    }

    private void StartBytes(int field, int length)
    {
        _destination[_at++] = (byte)(field << 3 | 2);
        Varint((uint)length);
    }

    private void Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _destination[_at++] = (byte)(value | 0x80);
        _destination[_at++] = (byte)value;
    }

    private static int VarintSize(uint value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        < 1 << 28 => 4,
        _ => 5,
    };
}
