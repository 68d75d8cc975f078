namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// Texts from one device to another, and to a group: each change stored before it shows (ours in SQLite, synced to the disk), receipts
/// included. One to one that is three encryptions a message: own phone, the other's phone, the other's device.
/// </summary>
internal static class MessagesPart
{
    private const int Members = 50;

    // Ours waits for the server's word on each message, Baileys does not; its messages are no faster side by side, for it takes one at a time.
    private const int OursAtOnce = 64, TheirsAtOnce = 1;

    public static async Task RunAsync()
    {
        Console.WriteLine("\n| messages, one to one | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        await RunAsync("in memory", "≥ 5", "≥ 3", inFiles: false);
        await RunAsync("in files", "≥ 15", "≥ 15", inFiles: true);
    }

    public static async Task RunGroupAsync()
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxProcess.StartAsync();
        await using var ours = await Line.LinkGroupAsync(sandbox, Worker.Ours, folder.Path, Members);
        await using var theirs = await Line.LinkGroupAsync(sandbox, () => Worker.Baileys("baileys-clients.mjs"), folder: null, Members);
        var rounds = await MeasureAsync(ours, theirs, ourWarmUp: 100, ourMessages: 100, theirWarmUp: 5, theirMessages: 5);
        Console.WriteLine($"\n| messages to a group of {Members}, read by {Members - 1} devices in one process; Baileys' state in memory | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        Row(rounds, "processor time a message, sender and all receivers, ms", "≥ 20", cost => cost.Sender + cost.Receiver);
        Row(rounds, $"sender alone, with the receipts of {Members - 1}", "", cost => cost.Sender);
        Row(rounds, "a receiver alone", "", cost => cost.Receiver / (Members - 1));
        Row(rounds, "wall time a message, ms", "≥ 20", cost => cost.Wall);
        Row(rounds, "the sandbox's processor time beside it", "", cost => cost.Sandbox);
    }

    private static async Task RunAsync(string state, string processorTarget, string rateTarget, bool inFiles)
    {
        using var folder = new TemporaryFolder();
        await using var sandbox = await SandboxProcess.StartAsync();
        await using var ours = await Line.LinkAsync(sandbox, Worker.Ours, folder.Path);
        await using var theirs = await Line.LinkAsync(sandbox, () => Worker.Baileys("baileys-clients.mjs"), inFiles ? folder.Path : null);
        var rounds = await MeasureAsync(ours, theirs, ourWarmUp: 5000, ourMessages: 5000, theirWarmUp: 1000, theirMessages: 1000);
        Row(rounds, $"processor time a message, sender and receiver, ms (Baileys' state {state})", processorTarget, cost => cost.Sender + cost.Receiver);
        Row(rounds, "sender alone", "", cost => cost.Sender);
        Row(rounds, "receiver alone", "", cost => cost.Receiver);
        Row(rounds, $"wall time a message, ms (Baileys' state {state})", rateTarget, cost => cost.Wall);
        Row(rounds, "the sandbox's processor time beside it", "", cost => cost.Sandbox);
    }

    // As many of each as take about as long.
    private static async Task<List<(Cost Ours, Cost Theirs)>> MeasureAsync(Line ours, Line theirs, int ourWarmUp, int ourMessages, int theirWarmUp, int theirMessages)
    {
        await ours.SendAsync(ourWarmUp, OursAtOnce);
        await theirs.SendAsync(theirWarmUp, TheirsAtOnce);
        var rounds = new List<(Cost Ours, Cost Theirs)>();
        for (var i = 0; i < Contest.Rounds; i++)
            rounds.Add((await ours.SendAsync(ourMessages, OursAtOnce), await theirs.SendAsync(theirMessages, TheirsAtOnce)));
        return rounds;
    }

    private static void Row(List<(Cost Ours, Cost Theirs)> rounds, string name, string target, Func<Cost, double> value) =>
        Table.Write(name, target, [.. rounds.Select(round => (value(round.Ours), value(round.Theirs)))]);
}
