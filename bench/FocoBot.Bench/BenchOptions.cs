using System.Globalization;

namespace FocoBot.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        "./bench.sh webhook [--engine sqlite|postgres|both] [--rate N] [--seconds 30] [--phones 12000] [--out FILE]\n" +
        "Without --rate: 2,000 a second on SQLite and 1,000 on PostgreSQL.";

    public IReadOnlyList<string> Engines { get; private init; } = ["sqlite", "postgres"];
    public int? Rate { get; private init; }
    public int Seconds { get; private init; } = 30;
    public int Phones { get; private init; } = 12_000;

    /// <summary>Where the table goes besides stdout; null for nowhere.</summary>
    public string? Out { get; private init; }

    /// <summary>Null when it can't be understood.</summary>
    public static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) return null;
            var value = args[i + 1];
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : (int?)null;
            switch (args[i])
            {
                case "--engine" when value is "sqlite" or "postgres": options = options with { Engines = [value] }; break;
                case "--engine" when value is "both": break;
                case "--rate" when number is not null: options = options with { Rate = number }; break;
                case "--seconds" when number is not null: options = options with { Seconds = number.Value }; break;
                case "--phones" when number is not null: options = options with { Phones = number.Value }; break;
                case "--out": options = options with { Out = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
