using System.Globalization;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// What a connected client costs that has nothing to do: resident memory with so many less that with one, after a full collection, and
/// processor time (pings, that is).
/// </summary>
internal static class IdlePart
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Watching = TimeSpan.FromMinutes(2);

    public static async Task RunAsync()
    {
        var count = Scale.Of("FOCOBOT_BENCH_CLIENTS", 500);
        Console.WriteLine($"\n| {count} idle clients, a client | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        var ours = await MeasureAsync(Worker.Ours, count);
        var theirs = await MeasureAsync(() => Worker.Baileys("baileys-clients.mjs"), count);
        Table.Write("resident memory, KiB", "≥ 10", [(ours.Bytes / 1024, theirs.Bytes / 1024)]);
        Table.Write("processor time a minute, ms", "≥ 10", [(ours.Processor, theirs.Processor)]);
    }

    /// <summary>Ours alone, in large numbers.</summary>
    public static async Task RunManyAsync()
    {
        var count = Scale.Of("FOCOBOT_BENCH_CLIENTS", 10_000);
        var (bytes, processor) = await MeasureAsync(Worker.Ours, count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{count:N0} idle clients of ours: {bytes / 1024:N1} KiB and {processor:N2} ms of processor time a minute each."));
    }

    private static async Task<(double Bytes, double Processor)> MeasureAsync(Func<Worker> start, int count)
    {
        await using var sandbox = await SandboxProcess.StartAsync();
        await using var worker = start();
        // What the first client loads and compiles is no cost of the others.
        await sandbox.LinkAsync(worker, await sandbox.AddPhonesAsync(1), folder: null);
        await worker.AskAsync(new { @do = "collect" });
        var before = worker.Resident;
        await sandbox.LinkAsync(worker, await sandbox.AddPhonesAsync(count), folder: null);
        await Task.Delay(Settling, TimeProvider.System, CancellationToken.None);
        await worker.AskAsync(new { @do = "collect" });
        var bytes = worker.Resident - before;
        var processor = worker.Processor;
        await Task.Delay(Watching, TimeProvider.System, CancellationToken.None);
        return (bytes / (double)count, (worker.Processor - processor).TotalMilliseconds / count / Watching.TotalMinutes);
    }
}
