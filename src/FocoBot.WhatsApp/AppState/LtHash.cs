using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// The running hash of a collection: the sum of all its value MACs, whatever their order. 64 little-endian 16-bit lanes; each
/// value MAC counts as <c>HKDF(valueMac, "WhatsApp Patch Integrity", 128)</c>, lane by lane modulo 2^16.
/// </summary>
internal static class LtHash
{
    public const int Length = 128;

    public static void Add(Span<byte> state, ReadOnlySpan<byte> valueMac) => Combine(state, valueMac, 1);

    public static void Subtract(Span<byte> state, ReadOnlySpan<byte> valueMac) => Combine(state, valueMac, -1);

    private static void Combine(Span<byte> state, ReadOnlySpan<byte> valueMac, int sign)
    {
        Span<byte> lanes = stackalloc byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, valueMac, lanes, salt: default, "WhatsApp Patch Integrity"u8);
        for (var i = 0; i < Length; i += 2)
        {
            var sum = BinaryPrimitives.ReadUInt16LittleEndian(state[i..]) + sign * BinaryPrimitives.ReadUInt16LittleEndian(lanes[i..]);
            BinaryPrimitives.WriteUInt16LittleEndian(state[i..], unchecked((ushort)sum));
        }
    }
}
