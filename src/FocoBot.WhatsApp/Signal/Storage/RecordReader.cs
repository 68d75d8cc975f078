using System.Buffers.Binary;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Signal.Storage;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. Anything else is a damaged record. Long parts stay where they are: nobody changes the bytes.</summary>
internal struct RecordReader(ReadOnlyMemory<byte> source)
{
    private ReadOnlyMemory<byte> _rest = source;

    public byte Byte() => Take(1).Span[0];

    /// <summary>A count or flag that must not be more than <paramref name="most"/>.</summary>
    public byte Byte(int most)
    {
        var value = Byte();
        return value <= most ? value : throw Damaged();
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)).Span);

    public byte[] Key() => Take(X25519.KeySize).ToArray();

    public KeyPair KeyPair()
    {
        var keys = Take(2 * X25519.KeySize).Span;
        return Curve25519.KeyPair.FromStored(keys[..X25519.KeySize], keys[X25519.KeySize..]);
    }

    public MessageChain Chain()
    {
        var index = UInt32();
        var key = Key();
        var skipped = UInt32();
        if (skipped > Limits.SkippedKeys)
            throw Damaged();
        return new(key, index, SkippedKeys.Read(Take((int)skipped * SkippedKeys.EntrySize), index));
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw Damaged();
    }

    public static SignalException Damaged() => new(SignalError.DamagedRecord, "A stored record is damaged, or of a later version.");

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw Damaged();
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
