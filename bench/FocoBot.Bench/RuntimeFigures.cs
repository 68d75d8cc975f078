using System.Globalization;

namespace FocoBot.Bench;

/// <summary>What the runtime of the measured server counted since its start.</summary>
/// <param name="AllocatedBytes">Bytes allocated.</param>
/// <param name="Collections">Garbage collections, of all generations.</param>
/// <param name="Pauses">Time that all threads stood still for them.</param>
internal sealed record RuntimeFigures(long AllocatedBytes, int Collections, TimeSpan Pauses)
{
    public const string FileVariable = "FOCOBOT_BENCH_RUNTIME";
    private const string Collect = ".collect";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public static async Task WriteForeverAsync(string file)
    {
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        do
        {
            if (File.Exists(file + Collect))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                File.Delete(file + Collect);
            }

            await File.WriteAllTextAsync(file + ".new", string.Create(CultureInfo.InvariantCulture,
                $"{GC.GetTotalAllocatedBytes()} {GC.CollectionCount(0)} {GC.GetTotalPauseDuration().Ticks}")).ConfigureAwait(false);
            File.Move(file + ".new", file, overwrite: true);
        }
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false));
    }

    /// <summary>Has it give back what it does not need.</summary>
    public static async Task CollectAsync(string file)
    {
        await File.WriteAllTextAsync(file + Collect, "").ConfigureAwait(false);
        while (File.Exists(file + Collect)) await Task.Delay(Period, TimeProvider.System).ConfigureAwait(false);
    }

    /// <summary>The counts after the next writing.</summary>
    public static async Task<RuntimeFigures> ReadAsync(string file)
    {
        await Task.Delay(Period * 2, TimeProvider.System).ConfigureAwait(false);
        var parts = (await File.ReadAllTextAsync(file).ConfigureAwait(false)).Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new RuntimeFigures(parts[0], (int)parts[1], TimeSpan.FromTicks(parts[2]));
    }
}
