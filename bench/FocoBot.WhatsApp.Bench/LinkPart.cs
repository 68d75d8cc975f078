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

        await Table.CompareAsync("from the start of a small program (ours compiled ahead)", "≥ 3", () => FromStartAsync(Worker.OursStart("first-qr", sandbox.WebSocketUrl, sandbox.RootKey)), () => FromStartAsync(Worker.BaileysStart("baileys-first-qr.mjs", sandbox.WebSocketUrl)));
    }

    // Until it has written the code, and ends.
    private static async Task<double> FromStartAsync(ProcessStartInfo start)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var code = await process.StandardOutput.ReadLineAsync();
        var time = Stopwatch.GetElapsedTime(began);
        await process.WaitForExitAsync();
        return code is { Length: > 100 } ? time.TotalMilliseconds : throw new InvalidOperationException("There was no QR code.");
    }

    private static async Task<double[]> QrAsync(Worker worker, SandboxProcess sandbox, int count)
    {
        var answer = await worker.AskAsync(new { @do = "qr", url = sandbox.WebSocketUrl, root = sandbox.RootKey, count });
        return answer.GetProperty("milliseconds").Deserialize<double[]>()!;
    }
}
