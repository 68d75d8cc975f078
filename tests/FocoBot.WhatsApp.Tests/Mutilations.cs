namespace FocoBot.WhatsApp.Tests;

/// <summary>What a hostile peer makes of good bytes. Deterministic.</summary>
internal static class Mutilations
{
    private const int Seed = 20261121;

    /// <summary>Each byte changed once, in one bit.</summary>
    public static IEnumerable<byte[]> Flips(byte[] good)
    {
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= (byte)(1 << (i % 8));
            yield return bad;
        }
    }

    /// <summary>Every proper beginning.</summary>
    public static IEnumerable<byte[]> Truncations(byte[] good) => Enumerable.Range(0, good.Length).Select(length => good[..length]);

    /// <summary>Bytes of no meaning, of lengths up to 300.</summary>
    public static IEnumerable<byte[]> Noise(int count)
    {
        var random = new Random(Seed);
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }

    public static IEnumerable<byte[]> All(byte[] good) => [.. Flips(good), .. Truncations(good), .. Noise(200)];

    /// <summary>True when the action refuses; anything but a <see cref="ProtocolException"/> fails the test.</summary>
    public static bool Refuses(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ProtocolException)
        {
            return true;
        }
    }

    /// <summary>Bytes that look random but are the same in every run.</summary>
    public static byte[] Bytes(int length, int seed = Seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
