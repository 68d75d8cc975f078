using System.Buffers;

namespace FocoBot.WhatsApp.Wire;

/// <summary>Builds a small protobuf message field by field, where its size is not worth computing before; see <see cref="ProtobufWriter"/>.</summary>
internal readonly struct ProtobufBuilder()
{
    private readonly ArrayBufferWriter<byte> output = new();

    /// <summary>Adds bytes or a message.</summary>
    public ProtobufBuilder Add(int field, ReadOnlySpan<byte> bytes)
    {
        var size = ProtobufWriter.SizeOf(bytes);
        new ProtobufWriter(output.GetSpan(size)).Bytes(field, bytes);
        output.Advance(size);
        return this;
    }

    /// <summary>Adds a number.</summary>
    public ProtobufBuilder Add(int field, ulong number)
    {
        var size = ProtobufWriter.SizeOf(number);
        new ProtobufWriter(output.GetSpan(size)).UInt64(field, number);
        output.Advance(size);
        return this;
    }

    /// <summary>The message.</summary>
    public byte[] ToArray() => output.WrittenSpan.ToArray();
}
