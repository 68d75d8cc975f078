using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Chains;

/// <summary>
/// A chain of message seeds, as sessions and sender keys have it: seed = HMAC-SHA256(key, 01), next key = HMAC-SHA256(key, 02).
/// Immutable: taking a seed gives the chain that is left.
/// </summary>
/// <param name="key">The chain key, 32 bytes.</param>
/// <param name="index">The counter of the next message.</param>
/// <param name="skipped">The seeds of earlier messages that are still missing.</param>
internal sealed class MessageChain(byte[] key, uint index, SkippedKeys skipped = default)
{
    public const int KeySize = 32;

    // Past the last counter there can be.
    private const uint NoMore = uint.MaxValue;

    public byte[] Key { get; } = key;

    public uint Index { get; } = index;

    public SkippedKeys Skipped { get; } = skipped;

    /// <summary>Whether nothing but the seeds of missing messages is left.</summary>
    public bool IsClosed => Index == NoMore;

    /// <summary>A chain that has come to its end: no key, only the seeds of missing messages.</summary>
    public static MessageChain Closed(SkippedKeys skipped = default) => new(new byte[KeySize], NoMore, skipped);

    /// <summary>Takes the seed of one message, keeping those of the messages that it overtakes.</summary>
    /// <exception cref="SignalException">It was taken before, or is too far ahead.</exception>
    public MessageChain Take(uint counter, Span<byte> seed)
    {
        if (counter < Index)
        {
            return Skipped.TryTake(counter, seed, out var rest)
                ? new(Key, Index, rest)
                : throw new SignalException(SignalError.DuplicateMessage, "The key of this message was used already, or is no longer kept.");
        }
        CheckJump(Index, counter);

        var overtaken = counter == Index ? [] : new byte[(int)(counter - Index) * SkippedKeys.EntrySize];
        var next = Key.AsSpan().ToArray();
        for (var i = Index; i < counter; i++)
        {
            var entry = overtaken.AsSpan((int)(i - Index) * SkippedKeys.EntrySize);
            BinaryPrimitives.WriteUInt32BigEndian(entry, i);
            Step(next, entry.Slice(sizeof(uint), KeySize));
        }
        Step(next, seed[..KeySize]);
        return new(next, counter + 1, Skipped.Append(overtaken));
    }

    /// <summary>Forgets all but the last of the missing messages' seeds.</summary>
    public MessageChain KeepSkipped(int count) => count >= Skipped.Count ? this : new(Key, Index, Skipped.Last(count));

    /// <summary>Refuses a counter too far beyond the next one, before any work is done for it.</summary>
    public static void CheckJump(uint index, uint counter)
    {
        if (counter - (long)index > Limits.ForwardJump || counter == NoMore)
            throw new SignalException(SignalError.FutureMessage, "Too many messages before this one are missing.");
    }

    private static void Step(Span<byte> key, Span<byte> seed)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData([1]);
        hmac.GetHashAndReset(seed);
        hmac.AppendData([2]);
        hmac.GetHashAndReset(key);
    }
}
