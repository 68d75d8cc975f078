using System.Diagnostics;
using System.Globalization;

namespace FocoBot.WhatsApp.Bench;

/// <summary>Work that is measured: what a batch needs is prepared outside the time.</summary>
internal sealed record Work(Func<int, Task> RunAsync, Func<int, Task>? PrepareAsync = null)
{
    public static Work Of(Action once) => new(count =>
    {
        for (var i = 0; i < count; i++)
            once();
        return Task.CompletedTask;
    });
}

/// <summary>One side of a comparison: does an operation for some time and tells its rate.</summary>
internal interface IContestant
{
    Task<Rate> MeasureAsync(string operation, TimeSpan during);
}

/// <summary>Operations a second, and bytes allocated for each (0 where that isn't known).</summary>
internal sealed record Rate(double ASecond, double Bytes);

/// <summary>Our side, in this process.</summary>
internal sealed class Local(IReadOnlyDictionary<string, Work> works) : IContestant
{
    private const int Batch = 200;

    public async Task<Rate> MeasureAsync(string operation, TimeSpan during)
    {
        var work = works[operation];
        var (time, count, bytes) = (TimeSpan.Zero, 0L, 0L);
        while (time < during)
        {
            if (work.PrepareAsync is { } prepare)
                await prepare(Batch);
            var allocated = GC.GetTotalAllocatedBytes();
            var start = Stopwatch.GetTimestamp();
            await work.RunAsync(Batch);
            time += Stopwatch.GetElapsedTime(start);
            bytes += GC.GetTotalAllocatedBytes() - allocated;
            count += Batch;
        }

        return new(count / time.TotalSeconds, bytes / (double)count);
    }
}

/// <summary>Two sides that do the same work alternately, after one round each that doesn't count.</summary>
internal static class Contest
{
    public const int Rounds = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(600);

    /// <summary>Writes a row of Markdown: medians of both, and the median of the rounds' ratios.</summary>
    public static async Task RunAsync(string operation, IContestant ours, IContestant theirs, string target)
    {
        await ours.MeasureAsync(operation, WarmUp);
        await theirs.MeasureAsync(operation, WarmUp);
        var rounds = new List<(Rate Ours, Rate Theirs)>();
        for (var i = 0; i < Rounds; i++)
            rounds.Add((await ours.MeasureAsync(operation, Round), await theirs.MeasureAsync(operation, Round)));
        var ratio = Median(rounds.Select(round => round.Ours.ASecond / round.Theirs.ASecond));
        var bytes = rounds[^1].Ours.Bytes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {operation} | {Median(rounds.Select(round => round.Ours.ASecond)):N0} | {Median(rounds.Select(round => round.Theirs.ASecond)):N0} | {ratio:0.0#} | {target} | {bytes:N0} |"));
    }

    public static void Head(string title, string theirs) =>
        Console.WriteLine($"\n| {title} | ours a second | {theirs} a second | ratio | target | our bytes allocated |\n|---|---|---|---|---|---|");

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
