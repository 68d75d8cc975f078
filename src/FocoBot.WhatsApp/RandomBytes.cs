using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FocoBot.WhatsApp;

/// <summary>Random values in the forms that are needed here.</summary>
internal static class RandomBytes
{
    public static byte[] Take(this RandomNumberGenerator random, int count)
    {
        var bytes = new byte[count];
        random.GetBytes(bytes);
        return bytes;
    }

    public static uint UInt32(this RandomNumberGenerator random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.GetBytes(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>From 0 to below 1. For pauses, not for keys.</summary>
    public static double Fraction(this RandomNumberGenerator random) => random.UInt32() / (uint.MaxValue + 1.0);
}
