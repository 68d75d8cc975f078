using System.Buffers;
using System.Buffers.Binary;

namespace FocoBot.WhatsApp.Signal.Chains;

/// <summary>
/// The seeds of messages that a later one overtook, by counter. Immutable; packed as <c>counter u32be ‖ seed 32</c>,
/// rising by counter, which is also how they are stored.
/// </summary>
internal readonly struct SkippedKeys
{
    public const int EntrySize = sizeof(uint) + MessageChain.KeySize;

    private readonly ReadOnlyMemory<byte> _packed;

    private SkippedKeys(ReadOnlyMemory<byte> packed) => _packed = packed;

    public int Count => _packed.Length / EntrySize;

    public ReadOnlySpan<byte> Packed => _packed.Span;

    public uint Counter(int index) => BinaryPrimitives.ReadUInt32BigEndian(Packed[(index * EntrySize)..]);

    public ReadOnlySpan<byte> Seed(int index) => Packed.Slice(index * EntrySize + sizeof(uint), MessageChain.KeySize);

    /// <summary>Takes over whole entries, which must rise by counter, all below <paramref name="end"/>.</summary>
    /// <exception cref="SignalException">They don't.</exception>
    public static SkippedKeys Read(ReadOnlyMemory<byte> packed, uint end)
    {
        var keys = new SkippedKeys(packed);
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys.Counter(i) >= end || (i > 0 && keys.Counter(i) <= keys.Counter(i - 1)))
                throw new SignalException(SignalError.DamagedRecord, "Stored keys are out of order.");
        }
        return keys;
    }

    /// <summary>Packs entries that rise by counter.</summary>
    public static SkippedKeys Of(IEnumerable<(uint Counter, byte[] Seed)> entries)
    {
        var packed = new ArrayBufferWriter<byte>();
        foreach (var (counter, seed) in entries)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packed.GetSpan(sizeof(uint)), counter);
            packed.Advance(sizeof(uint));
            packed.Write(seed);
        }
        return new(packed.WrittenSpan.ToArray());
    }

    /// <summary>Takes the seed of a counter out; false when there is none.</summary>
    public bool TryTake(uint counter, Span<byte> seed, out SkippedKeys rest)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (Counter(middle) == counter)
            {
                Seed(middle).CopyTo(seed);
                rest = new((byte[])[.. Packed[..(middle * EntrySize)], .. Packed[((middle + 1) * EntrySize)..]]);
                return true;
            }
            if (Counter(middle) < counter)
                low = middle + 1;
            else
                high = middle - 1;
        }
        rest = this;
        return false;
    }

    /// <summary>Appends packed entries with higher counters; past the limit the oldest are dropped.</summary>
    public SkippedKeys Append(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
            return this;
        var kept = Packed;
        var excess = kept.Length + packed.Length - Limits.SkippedKeys * EntrySize;
        if (excess > 0)
            kept = kept[Math.Min(excess, kept.Length)..];
        return new((byte[])[.. kept, .. packed]);
    }

    /// <summary>Keeps the last ones only.</summary>
    public SkippedKeys Last(int count) => new(_packed[^(Math.Min(count, Count) * EntrySize)..]);
}
