namespace FocoBot.WhatsApp.Tests;

/// <summary>Hostile versions of good bytes.</summary>
internal static class Mangled
{
    /// <summary>Every beginning, without the whole.</summary>
    public static IEnumerable<byte[]> Truncations(byte[] good) => Enumerable.Range(0, good.Length).Select(length => good[..length]);

    /// <summary>The bytes with one bit turned, for up to <paramref name="most"/> bits spread evenly.</summary>
    public static IEnumerable<byte[]> BitFlips(byte[] good, int most = 4096)
    {
        var step = Math.Max(1, good.Length * 8 / most);
        for (var bit = 0; bit < good.Length * 8; bit += step)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return bad;
        }
    }

    /// <summary>Runs what reads peer input; nothing but a <see cref="ProtocolException"/> may come out.</summary>
    /// <returns>Whether the input was refused.</returns>
    public static bool IsRefused(Action read)
    {
        try
        {
            read();
            return false;
        }
        catch (ProtocolException)
        {
            return true;
        }
    }
}
