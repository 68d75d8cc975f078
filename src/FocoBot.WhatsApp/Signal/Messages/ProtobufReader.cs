namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>Reads the fields of a small protobuf message, checking everything before it is read.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;
    private int _wireType;

    /// <summary>The number of the field that was moved to.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        if (tag is < 8 or > uint.MaxValue)
            throw SignalException.Malformed("A field has no number.");
        Field = (int)(tag >> 3);
        _wireType = (int)(tag & 7);
        return true;
    }

    public uint UInt32()
    {
        Expect(0);
        var value = Varint();
        return value <= uint.MaxValue ? (uint)value : throw SignalException.Malformed("A number has more than 32 bits.");
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        var length = Varint();
        if (length > (ulong)_rest.Length)
            throw SignalException.Malformed("A field is longer than its message.");
        return Take((int)length);
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw SignalException.Malformed("A field has an unknown wire type.");
        }
    }

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
            throw SignalException.Malformed("A field has another wire type.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw SignalException.Malformed("A message ends within a field.");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw SignalException.Malformed("A number has no end.");
    }
}
