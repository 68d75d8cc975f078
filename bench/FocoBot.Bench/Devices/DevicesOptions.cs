using System.Globalization;

namespace FocoBot.Bench.Devices;

/// <summary>The command line of <c>./bench.sh devices</c>.</summary>
internal sealed record DevicesOptions
{
    public const string Usage = "./bench.sh devices [--count 10000] [--most 15000] [--idle 10] [--traffic 3] [--beside 200] [--tls 1000] [--out FILE]   (--idle, --traffic: minutes; 0 leaves a part out)";

    /// <summary>Devices that are measured.</summary>
    public int Count { get; private init; } = 10_000;

    /// <summary>Devices that are opened at the end, to see where it breaks; no more than <see cref="Count"/> leaves that out.</summary>
    public int Most { get; private init; } = 15_000;

    /// <summary>Minutes without a message.</summary>
    public int Idle { get; private init; } = 10;

    /// <summary>Minutes with one message a minute from each device, and one to each.</summary>
    public int Traffic { get; private init; } = 3;

    /// <summary>Devices that are measured beside as many clients of Baileys.</summary>
    public int Beside { get; private init; } = 200;

    /// <summary>Devices that are measured over TLS.</summary>
    public int Tls { get; private init; } = 1_000;

    /// <summary>Where the table goes besides stdout; null for nowhere.</summary>
    public string? Out { get; private init; }

    /// <summary>Null when it can't be understood.</summary>
    public static DevicesOptions? Parse(string[] args)
    {
        var options = new DevicesOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) return null;
            if (args[i] == "--out")
            {
                options = options with { Out = args[i + 1] };
                continue;
            }

            if (!int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            switch (args[i])
            {
                case "--count": options = options with { Count = number }; break;
                case "--most": options = options with { Most = number }; break;
                case "--idle": options = options with { Idle = number }; break;
                case "--traffic": options = options with { Traffic = number }; break;
                case "--beside": options = options with { Beside = number }; break;
                case "--tls": options = options with { Tls = number }; break;
                default: return null;
            }
        }

        return options;
    }
}
