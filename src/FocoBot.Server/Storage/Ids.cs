using System.Security.Cryptography;

namespace FocoBot.Storage;

/// <summary>Makes UUIDv7 ids (RFC 9562 §5.7) that rise strictly within this process, so that an id is also an order.</summary>
public static class Ids
{
    private static readonly Lock Gate = new();
    private static long _last; // 48-bit milliseconds << 12 | 12-bit counter

    /// <summary>A new id stamped with <paramref name="clock"/>'s time; never lower than one made before it.</summary>
    public static Guid New(TimeProvider clock)
    {
        var stamp = clock.GetUtcNow().ToUnixTimeMilliseconds() << 12;
        lock (Gate)
        {
            _last = stamp > _last ? stamp : _last + 1;
            stamp = _last;
        }

        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        var milliseconds = stamp >> 12;
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
            bytes[i] = (byte)milliseconds;
        bytes[6] = (byte)(0x70 | ((stamp >> 8) & 0x0F));
        bytes[7] = (byte)stamp;
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
}
