using System.Diagnostics;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// Texts from one device to another, each in a process of its own, the network in a third: from the first one sent to the last one
/// received, each change stored before it shows (ours in SQLite, synced to the disk), three encryptions a message (own phone, the other's phone, the other's device), receipts included.
/// </summary>
internal static class MessagesPart
{
    private const int WarmUp = 500;
    private const int Messages = 1000;

    // Ours waits for the server's word on each message, Baileys doesn't; side by side Baileys' are no faster, for it takes one at a time.
    private const int OursAtOnce = 16, TheirsAtOnce = 1;

    public static async Task RunAsync()
    {
        Console.WriteLine("\n| messages, one to one | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        await RunAsync("in memory", "≥ 5", "≥ 3", inFiles: false);
        await RunAsync("in files", "≥ 15", "≥ 15", inFiles: true);
    }

    private static async Task RunAsync(string name, string processorTarget, string rateTarget, bool inFiles)
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxProcess.StartAsync();
        await using var ours = await Pair.LinkAsync(sandbox, Worker.Ours, folder.Path);
        await using var theirs = await Pair.LinkAsync(sandbox, () => Worker.Baileys("baileys-clients.mjs"), inFiles ? folder.Path : null);
        await ours.SendAsync(WarmUp, OursAtOnce);
        await theirs.SendAsync(WarmUp, TheirsAtOnce);
        var rounds = new List<(Cost Ours, Cost Theirs)>();
        for (var i = 0; i < Contest.Rounds; i++)
            rounds.Add((await ours.SendAsync(Messages, OursAtOnce), await theirs.SendAsync(Messages, TheirsAtOnce)));
        Row("processor time a message, sender and receiver, ms", processorTarget, cost => cost.Sender + cost.Receiver);
        Row("sender alone", "", cost => cost.Sender);
        Row("receiver alone", "", cost => cost.Receiver);
        Row("wall time a message, ms", rateTarget, cost => cost.Wall);
        Row("the sandbox's processor time beside it", "", cost => cost.Sandbox);

        void Row(string row, string target, Func<Cost, double> value) =>
            Table.Write($"{row} (Baileys' state {name})", target, [.. rounds.Select(round => (value(round.Ours), value(round.Theirs)))]);
    }

    // Milliseconds a message.
    private sealed record Cost(double Sender, double Receiver, double Wall, double Sandbox);

    private sealed class Pair(SandboxProcess sandbox, Worker sender, Worker receiver, string to) : IAsyncDisposable
    {
        public static async Task<Pair> LinkAsync(SandboxProcess sandbox, Func<Worker> start, string? folder)
        {
            var numbers = await sandbox.AddPhonesAsync(2);
            var (sender, receiver) = (start(), start());
            await sandbox.LinkAsync(sender, [numbers[0]], Below("sender"));
            await sandbox.LinkAsync(receiver, [numbers[1]], Below("receiver"));
            return new(sandbox, sender, receiver, numbers[1]);

            string? Below(string name) => folder is null ? null : Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        }

        public async Task<Cost> SendAsync(int count, int atOnce)
        {
            var (s, r, n) = (sender.Processor, receiver.Processor, sandbox.Processor);
            var start = Stopwatch.GetTimestamp();
            var received = receiver.AskAsync(new { @do = "received", count });
            await sender.AskAsync(new { @do = "send", to, count, atOnce });
            await received;
            var wall = Stopwatch.GetElapsedTime(start);
            return new(Each(sender.Processor - s), Each(receiver.Processor - r), Each(wall), Each(sandbox.Processor - n));

            double Each(TimeSpan time) => time.TotalMilliseconds / count;
        }

        public async ValueTask DisposeAsync()
        {
            await sender.DisposeAsync();
            await receiver.DisposeAsync();
        }
    }
}
