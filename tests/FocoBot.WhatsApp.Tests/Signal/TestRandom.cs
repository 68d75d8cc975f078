using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>Randomness of a seed.</summary>
internal sealed class SeededRandom(int seed) : RandomNumberGenerator
{
    private readonly Random _random = new(seed);

    public override void GetBytes(byte[] data) => _random.NextBytes(data);

    public override void GetBytes(Span<byte> data) => _random.NextBytes(data);
}

/// <summary>Randomness that was recorded.</summary>
internal sealed class RecordedRandom(IEnumerable<byte[]> values) : RandomNumberGenerator
{
    private readonly Queue<byte[]> _values = new(values);

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data) => _values.Dequeue().CopyTo(data);
}
