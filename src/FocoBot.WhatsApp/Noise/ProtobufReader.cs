namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// Goes through the fields of a protobuf message, in place. The handshake has five small messages, and is kept from knowing the
/// generated ones. Fields that the caller doesn't ask for are skipped.
/// <code>
/// field = varint(number &lt;&lt; 3 | type) | type 0: varint, 1: 8 bytes, 2: varint length | bytes, 5: 4 bytes
/// </code>
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> rest = message;
    private ReadOnlySpan<byte> bytes;
    private ulong number;
    private int type;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The current field's bytes or message.</summary>
    public readonly ReadOnlySpan<byte> Bytes => type == LengthDelimited ? bytes : throw Malformed();

    /// <summary>The current field's number of 64 bits.</summary>
    public readonly ulong UInt64 => type == Varint ? number : throw Malformed();

    /// <summary>The current field's number of 32 bits.</summary>
    public readonly uint UInt32 => UInt64 <= uint.MaxValue ? (uint)UInt64 : throw Malformed();

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public bool Next()
    {
        if (rest.IsEmpty)
            return false;

        var key = ReadVarint();
        if (key >> 3 is 0 or > int.MaxValue)
            throw Malformed();
        Field = (int)(key >> 3);
        type = (int)(key & 7);
        switch (type)
        {
            case Varint:
                number = ReadVarint();
                break;
            case LengthDelimited:
                bytes = Take(ReadVarint());
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private static ProtocolException Malformed() => new("A message of the handshake is malformed.");

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)rest.Length)
            throw Malformed();
        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }
}
