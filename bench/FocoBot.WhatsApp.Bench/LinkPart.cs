using System.Diagnostics;
using System.Text.Json;

namespace FocoBot.WhatsApp.Bench;

/// <summary>From connecting to the first QR code, keys made on the way: warm, and from the start of the process.</summary>
internal static class LinkPart
{
    private const int Codes = 20;

    public static async Task RunAsync()
    {
        await using var sandbox = await SandboxProcess.StartAsync();
        Console.WriteLine("\n| first QR code, milliseconds | ours | Baileys | ratio | target |\n|---|---|---|---|---|");
        await using (Worker ours = Worker.Ours(), theirs = Worker.Baileys("baileys-clients.mjs"))
        {
            await QrAsync(ours, sandbox, Codes);
            await QrAsync(theirs, sandbox, Codes);
            await Table.CompareAsync($"from connecting, warm, median of {Codes}", "ours ≤ 5 ms", async () => Contest.Median(await QrAsync(ours, sandbox, Codes)), async () => Contest.Median(await QrAsync(theirs, sandbox, Codes)));
        }

        await Table.CompareAsync("from the start of the process (ours compiled ahead)", "≥ 3", () => FromStartAsync(Worker.Ours, sandbox), () => FromStartAsync(() => Worker.Baileys("baileys-clients.mjs"), sandbox));
    }

    private static async Task<double> FromStartAsync(Func<Worker> start, SandboxProcess sandbox)
    {
        var began = Stopwatch.GetTimestamp();
        await using var worker = start();
        await QrAsync(worker, sandbox, 1);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<double[]> QrAsync(Worker worker, SandboxProcess sandbox, int count)
    {
        var answer = await worker.AskAsync(new { @do = "qr", url = sandbox.WebSocketUrl, root = sandbox.RootKey, count });
        return answer.GetProperty("milliseconds").Deserialize<double[]>()!;
    }
}
