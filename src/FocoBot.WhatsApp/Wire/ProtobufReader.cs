namespace FocoBot.WhatsApp.Wire;

/// <summary>
/// Goes through the fields of a small protobuf message, in place, checking everything before it is read. For the lower layers, which
/// are kept from knowing the generated messages. Fields that the caller doesn't ask for are skipped.
/// <code>
/// field = varint(number &lt;&lt; 3 | type) | type 0: varint, 1: 8 bytes, 2: varint length | bytes, 5: 4 bytes
/// </code>
/// </summary>
/// <param name="message">The message.</param>
/// <param name="malformed">Makes the caller's exception of what is wrong.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, Func<string, Exception> malformed)
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _bytes;
    private ulong _number;
    private int _type;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The current field's bytes or message.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _type == LengthDelimited ? _bytes : throw OtherType();

    /// <summary>The current field's number of 64 bits.</summary>
    public readonly ulong UInt64 => _type == Varint ? _number : throw OtherType();

    /// <summary>The current field's number of 32 bits.</summary>
    public readonly uint UInt32 => UInt64 <= uint.MaxValue ? (uint)UInt64 : throw malformed("A number has more than 32 bits.");

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;

        var key = ReadVarint();
        if (key is < 8 or > uint.MaxValue)
            throw malformed("A field has no number.");
        Field = (int)(key >> 3);
        _type = (int)(key & 7);
        switch (_type)
        {
            case Varint:
                _number = ReadVarint();
                break;
            case LengthDelimited:
                _bytes = Take(ReadVarint());
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw malformed("A field has an unknown wire type.");
        }

        return true;
    }

    private readonly Exception OtherType() => malformed("A field has another wire type.");

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

        throw malformed("A number has no end.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw malformed("A message ends within a field.");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
