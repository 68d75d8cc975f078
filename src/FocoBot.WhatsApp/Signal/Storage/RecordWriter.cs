using System.Buffers;
using System.Buffers.Binary;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Signal.Storage;

/// <summary>Writes stored records: a version, then fields of fixed size and counted lists, numbers big-endian.</summary>
internal readonly struct RecordWriter()
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(sizeof(uint)), value);
        _buffer.Advance(sizeof(uint));
    }

    public void Bytes(ReadOnlySpan<byte> value) => _buffer.Write(value);

    public void KeyPair(KeyPair value)
    {
        Bytes(value.Private.Span);
        Bytes(value.Public.Span);
    }

    // index u32 ‖ key 32 ‖ count of skipped u32 ‖ that many entries
    public void Chain(MessageChain value)
    {
        UInt32(value.Index);
        Bytes(value.Key);
        UInt32((uint)value.Skipped.Count);
        Bytes(value.Skipped.Packed);
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}
