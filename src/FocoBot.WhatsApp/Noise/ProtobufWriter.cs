using System.Buffers;

namespace FocoBot.WhatsApp.Noise;

/// <summary>Builds a protobuf message of the handshake field by field; see <see cref="ProtobufReader"/>.</summary>
internal readonly struct ProtobufWriter()
{
    private readonly ArrayBufferWriter<byte> output = new();

    /// <summary>Adds bytes or a message.</summary>
    public ProtobufWriter Add(int field, ReadOnlySpan<byte> bytes)
    {
        WriteVarint(((uint)field << 3) | 2);
        WriteVarint((uint)bytes.Length);
        output.Write(bytes);
        return this;
    }

    /// <summary>Adds a number.</summary>
    public ProtobufWriter Add(int field, ulong number)
    {
        WriteVarint((uint)field << 3);
        WriteVarint(number);
        return this;
    }

    /// <summary>The message.</summary>
    public byte[] ToArray() => output.WrittenSpan.ToArray();

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.Write<byte>([(byte)(value | 0x80)]);
        output.Write<byte>([(byte)value]);
    }
}
