using System.Globalization;

namespace FocoBot.WhatsApp.Bench;

/// <summary>Rows of two costs, where less is better.</summary>
internal static class Table
{
    /// <summary>Measures both sides alternately and writes their medians, and the median of the rounds' ratios (theirs to ours).</summary>
    public static async Task CompareAsync(string name, string target, Func<Task<double>> ours, Func<Task<double>> theirs)
    {
        var rounds = new List<(double Ours, double Theirs)>();
        for (var i = 0; i < Contest.Rounds; i++)
            rounds.Add((await ours(), await theirs()));
        Write(name, target, rounds);
    }

    public static void Write(string name, string target, IReadOnlyList<(double Ours, double Theirs)> rounds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Shown(Contest.Median(rounds.Select(round => round.Ours)))} | {Shown(Contest.Median(rounds.Select(round => round.Theirs)))} | {Contest.Median(rounds.Select(round => round.Theirs / round.Ours)):0.0} | {target} |"));

    private static string Shown(double value) => value.ToString(value switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" }, CultureInfo.InvariantCulture);
}
