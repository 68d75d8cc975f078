namespace FocoBot.WhatsApp.Bench;

/// <summary>Damages recorded bytes. What it does follows from the seed and the number of the execution.</summary>
internal ref struct Mutator(ulong seed, ulong number)
{
    private const int MostSteps = 4;

    // Tags, lengths and edges of numbers that decoders treat in a way of their own.
    private static readonly byte[] Telling = [0, 1, 2, 3, 0x7F, 0x80, 0xEC, 0xEF, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];
    private static readonly byte[][] Numbers =
    [
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [0xFF, 0xFF, 0xFF, 0xFF], [0xFD, 0xFF, 0xFF, 0xFF], [0xF9, 0xFF, 0xFF],
    ];

    private ulong _state = (seed * 0x9E3779B97F4A7C15) + (number * 0xD1342543DE82EF95) + 1;

    public byte[] Damage(byte[][] seeds)
    {
        var bytes = new List<byte>(seeds[Below(seeds.Length)]);
        for (var steps = 1 + Below(MostSteps); steps > 0; steps--)
            Step(bytes, seeds);
        return [.. bytes];
    }

    private void Step(List<byte> bytes, byte[][] seeds)
    {
        var at = Below(bytes.Count + 1);
        var isInside = at < bytes.Count;
        switch (Below(9))
        {
            case 0 when isInside:
                bytes[at] ^= (byte)(1 << Below(8));
                break;
            case 1 when isInside:
                bytes[at] = Telling[Below(Telling.Length)];
                break;
            case 2 when isInside:
                // A length or count that is off by one.
                bytes[at] += (byte)(Below(2) == 0 ? 1 : -1);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(1 + Below(8), bytes.Count - at));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Numbers[Below(Numbers.Length)]);
                break;
            case 6 when isInside:
                // A part comes twice.
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + Below(32), bytes.Count - at)));
                break;
            case 7:
                // The beginning of one, the end of another.
                var other = seeds[Below(seeds.Length)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(Below(other.Length + 1)));
                break;
            default:
                bytes.Insert(at, (byte)Below(256));
                break;
        }
    }

    // SplitMix64.
    private int Below(int end)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)end);
    }
}
