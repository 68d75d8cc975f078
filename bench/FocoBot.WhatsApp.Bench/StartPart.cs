using System.Diagnostics;

namespace FocoBot.WhatsApp.Bench;

/// <summary>From the start of the process until clients that were linked before are all online again, all at once.</summary>
internal static class StartPart
{
    public static async Task RunAsync()
    {
        var count = Scale.Of("FOCOBOT_BENCH_CLIENTS", 200);
        await using var sandbox = await SandboxProcess.StartAsync();
        using var folder = new TemporaryFolder();
        var ours = await SideAsync(sandbox, Worker.Ours, folder.Path, count);
        var theirs = await SideAsync(sandbox, () => Worker.Baileys("baileys-clients.mjs"), folder.Path, count);
        var rounds = new List<((double Wall, double Processor) Ours, (double Wall, double Processor) Theirs)>();
        for (var i = 0; i < Contest.Rounds; i++)
            rounds.Add((await ours(), await theirs()));
        Console.WriteLine($"\n| {count} stored clients, from the start of the process until all are online | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        Table.Write("wall time, ms", "≥ 5", [.. rounds.Select(round => (round.Ours.Wall, round.Theirs.Wall))]);
        Table.Write("processor time, ms", "≥ 10", [.. rounds.Select(round => (round.Ours.Processor, round.Theirs.Processor))]);
    }

    private static async Task<Func<Task<(double Wall, double Processor)>>> SideAsync(SandboxProcess sandbox, Func<Worker> start, string folder, int count)
    {
        var numbers = await sandbox.AddPhonesAsync(count);
        await using (var linking = start())
            await sandbox.LinkAsync(linking, numbers, folder);
        return async () =>
        {
            var began = Stopwatch.GetTimestamp();
            await using var worker = start();
            await worker.AskAsync(new { @do = "open", url = sandbox.WebSocketUrl, root = sandbox.RootKey, numbers, folder });
            return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, worker.Processor.TotalMilliseconds);
        };
    }
}
