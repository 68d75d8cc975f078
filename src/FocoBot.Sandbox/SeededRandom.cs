using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FocoBot.Sandbox;

/// <summary>Random bytes that are the same for the same seed, so that a run can be repeated. Good for nothing but tests.</summary>
internal sealed class SeededRandom(long seed) : RandomNumberGenerator
{
    private readonly Lock _gate = new();
    private long _block;

    public override void GetBytes(Span<byte> data)
    {
        Span<byte> input = stackalloc byte[16];
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        lock (_gate)
        {
            while (!data.IsEmpty)
            {
                BinaryPrimitives.WriteInt64BigEndian(input, seed);
                BinaryPrimitives.WriteInt64BigEndian(input[8..], _block++);
                SHA256.HashData(input, block);
                var length = Math.Min(block.Length, data.Length);
                block[..length].CopyTo(data);
                data = data[length..];
            }
        }
    }

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());
}
