using System.Collections.Frozen;
using System.Globalization;

namespace FocoBot.PhoneLinks;

/// <summary>How numbers of one calling code are made: which regions share it, how long they are, what is dialled inside the country only.</summary>
internal sealed class NumberingPlan(string code, string[] regions, int lengths, string[] trunks)
{
    public string Code { get; } = code;

    public string[] Regions { get; } = regions;

    /// <summary>Prefixes dialled inside the country only, the longest first.</summary>
    public string[] Trunks { get; } = trunks;

    /// <summary>A leading zero is dialled inside the country and is no part of a number.</summary>
    public bool DropsZero { get; } = trunks.Contains("0");

    /// <summary>Whether a number of <paramref name="digits"/> digits after the calling code can exist.</summary>
    public bool Fits(int digits) => digits is > 0 and < 16 && (lengths >> digits & 1) == 1;
}

/// <summary>The numbering plans of the world, from <c>calling-codes.txt</c>.</summary>
internal static class CallingCodes
{
    private static readonly FrozenDictionary<string, NumberingPlan> ByCode = Load().ToFrozenDictionary(plan => plan.Code);

    private static readonly FrozenDictionary<string, NumberingPlan> ByRegion = ByCode.Values
        .SelectMany(plan => plan.Regions.Select(region => (region, plan))).ToFrozenDictionary(pair => pair.region, pair => pair.plan, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<NumberingPlan> All => ByCode.Values;

    /// <summary>The plan of an ISO 3166-1 region such as <c>MX</c>, or null.</summary>
    public static NumberingPlan? OfRegion(string region) => ByRegion.GetValueOrDefault(region);

    /// <summary>The plan that international <paramref name="digits"/> begin with, or null. Codes are prefix-free.</summary>
    public static NumberingPlan? OfNumber(string digits)
    {
        for (var length = 1; length <= 3 && length <= digits.Length; length++)
            if (ByCode.TryGetValue(digits[..length], out var plan)) return plan;
        return null;
    }

    private static IEnumerable<NumberingPlan> Load()
    {
        using var stream = typeof(CallingCodes).Assembly.GetManifestResourceStream("FocoBot.PhoneLinks.calling-codes.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(' ');
            yield return new NumberingPlan(parts[0], List(parts[1]), Lengths(parts[2]), [.. List(parts[3]).OrderByDescending(trunk => trunk.Length)]);
        }
    }

    private static string[] List(string text) => text == "-" ? [] : text.Split(',');

    // "7,9-11" as a set of bits.
    private static int Lengths(string text)
    {
        var bits = 0;
        foreach (var range in text.Split(','))
        {
            var ends = range.Split('-');
            for (var length = Number(ends[0]); length <= Number(ends[^1]); length++) bits |= 1 << length;
        }

        return bits;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
