using System.Globalization;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// What a connected client costs that has nothing to do (ours keeps its state in SQLite, Baileys in memory: to link hundreds with its state in
/// files takes half an hour): resident memory after a full collection, and processor time (pings, that is).
/// </summary>
internal static class IdlePart
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Watching = TimeSpan.FromMinutes(1);

    public static async Task RunAsync()
    {
        var count = Scale.Of("FOCOBOT_BENCH_CLIENTS", 500);
        using var folder = new TemporaryFolder();
        var ours = await MeasureAsync(Worker.Ours, count, folder.Path);
        var theirs = await MeasureAsync(() => Worker.Baileys("baileys-clients.mjs"), count, folder: null);
        Console.WriteLine($"\n| idle clients, a client | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        Table.Write($"resident memory of {count}, less that of 1, KiB", "≥ 10", [(ours.OfAll, theirs.OfAll)]);
        Table.Write("of the second half of them, without what is needed once, KiB", "", [(ours.OfLater, theirs.OfLater)]);
        Table.Write("processor time a minute, ms", "≥ 10", [(ours.Processor, theirs.Processor)]);
    }

    /// <summary>Ours alone, in large numbers.</summary>
    public static async Task RunManyAsync()
    {
        var count = Scale.Of("FOCOBOT_BENCH_CLIENTS", 10_000);
        using var folder = new TemporaryFolder();
        var cost = await MeasureAsync(Worker.Ours, count, folder.Path);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{count:N0} idle clients of ours: {cost.OfAll:N1} KiB each, {cost.OfLater:N1} KiB in the second half, and {cost.Processor:N2} ms of processor time a minute ({cost.Sandbox:N2} ms in the sandbox)."));
    }

    private static async Task<Cost> MeasureAsync(Func<Worker> start, int count, string? folder)
    {
        await using var sandbox = await SandboxProcess.StartAsync();
        await using var worker = start();
        var half = count / 2;
        var first = await ResidentAfterAsync(1, TimeSpan.Zero);
        var middle = await ResidentAfterAsync(half, Settling);
        var all = await ResidentAfterAsync(count - half, Settling);
        var (processor, network) = (worker.Processor, sandbox.Processor);
        await Task.Delay(Watching, TimeProvider.System, CancellationToken.None);
        return new(
            (all - first) / count,
            (all - middle) / (count - half),
            (worker.Processor - processor).TotalMilliseconds / count / Watching.TotalMinutes,
            (sandbox.Processor - network).TotalMilliseconds / count / Watching.TotalMinutes);

        async Task<double> ResidentAfterAsync(int more, TimeSpan settling)
        {
            await sandbox.LinkAsync(worker, await sandbox.AddPhonesAsync(more), folder);
            await Task.Delay(settling, TimeProvider.System, CancellationToken.None);
            await worker.AskAsync(new { @do = "collect" });
            return worker.Resident / 1024.0;
        }
    }

    // KiB and milliseconds a minute, of one client.
    private sealed record Cost(double OfAll, double OfLater, double Processor, double Sandbox);
}
