using System.Diagnostics;
using FocoBot.WhatsApp.Bench;

namespace FocoBot.Bench.Devices;

/// <summary>As many clients of Baileys in one process, with their state in files, doing what our devices do.</summary>
internal static class BaileysBeside
{
    public static readonly TimeSpan Watching = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<BesideFigures> RunAsync(int count, string folder, int each)
    {
        await using var sandbox = await SandboxProcess.StartAsync().ConfigureAwait(false);
        var numbers = await sandbox.AddPhonesAsync(count).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"Linking {count} clients of Baileys …").ConfigureAwait(false);
        await using (var linking = Worker.Baileys("baileys-clients.mjs")) await sandbox.LinkAsync(linking, numbers, folder).ConfigureAwait(false);

        var start = Stopwatch.GetTimestamp();
        await using var worker = Worker.Baileys("baileys-clients.mjs");
        await worker.AskAsync(new { @do = "open", url = sandbox.WebSocketUrl, root = sandbox.RootKey, numbers, folder }).ConfigureAwait(false);
        var restart = Stopwatch.GetElapsedTime(start);
        await Task.Delay(Settling, TimeProvider.System).ConfigureAwait(false);
        await worker.AskAsync(new { @do = "collect" }).ConfigureAwait(false);
        var resident = worker.Resident;
        var processor = worker.Processor;
        await Task.Delay(Watching, TimeProvider.System).ConfigureAwait(false);
        var idle = worker.Processor - processor;

        var to = numbers.Skip(1).Append(numbers[0]).ToArray();
        var (first, _) = await SendAsync(1, 60_000).ConfigureAwait(false);
        processor = worker.Processor;
        var (second, _) = await SendAsync(2, 60_000).ConfigureAwait(false);
        var busy = worker.Processor - processor;
        start = Stopwatch.GetTimestamp();
        var (quick, silence) = await SendAsync(each, 0).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(start) - silence;
        var lost = (count * (3 + each)) - first - second - quick;
        return new BesideFigures(resident, idle.TotalMilliseconds / count / Watching.TotalMinutes, busy.TotalMilliseconds / count / 2, restart, quick / took.TotalSeconds, lost);

        async Task<(int Received, TimeSpan Silence)> SendAsync(int messages, int pause)
        {
            await worker.AskAsync(new { @do = "each", to, count = messages, pause }).ConfigureAwait(false);
            var answer = await worker.AskAsync(new { @do = "received", count = count * messages, patience = Patience.TotalMilliseconds }).ConfigureAwait(false);
            return (answer.GetProperty("received").GetInt32(), TimeSpan.FromMilliseconds(answer.GetProperty("silence").GetDouble()));
        }
    }
}
