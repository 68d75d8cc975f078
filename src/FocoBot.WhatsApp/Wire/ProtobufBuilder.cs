using System.Buffers;

namespace FocoBot.WhatsApp.Wire;

/// <summary>Builds a small protobuf message field by field, where its size is not worth computing before; see <see cref="ProtobufWriter"/>.</summary>
internal readonly struct ProtobufBuilder()
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>Adds bytes or a message.</summary>
    public ProtobufBuilder Add(int field, ReadOnlySpan<byte> bytes)
    {
        var size = ProtobufWriter.SizeOf(bytes);
        new ProtobufWriter(_output.GetSpan(size)).Bytes(field, bytes);
        _output.Advance(size);
        return this;
    }

    /// <summary>Adds a number.</summary>
    public ProtobufBuilder Add(int field, ulong number)
    {
        var size = ProtobufWriter.SizeOf(number);
        new ProtobufWriter(_output.GetSpan(size)).UInt64(field, number);
        _output.Advance(size);
        return this;
    }

    /// <summary>The message.</summary>
    public byte[] ToArray() => _output.WrittenSpan.ToArray();
}
