using System.Diagnostics;
using System.Text.Json;

namespace FocoBot.WhatsApp.Bench;

/// <summary>A Node process with Baileys in it, which does one command after the other: JSON lines on stdin and stdout.</summary>
internal sealed class Baileys : IContestant, IAsyncDisposable
{
    private readonly Process process;

    private Baileys(Process process) => this.process = process;

    public int ProcessId => process.Id;

    /// <summary>Starts a script of this bench, with the packages of the interop tests.</summary>
    public static Baileys Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("--expose-gc");
        start.ArgumentList.Add(Repository.Find("bench", "FocoBot.WhatsApp.Bench", script));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new(Process.Start(start)!);
    }

    public async Task<Rate> MeasureAsync(string operation, TimeSpan during)
    {
        var answer = await AskAsync(new { measure = operation, milliseconds = during.TotalMilliseconds });
        return new(answer.GetProperty("aSecond").GetDouble(), 0);
    }

    public async Task<JsonElement> AskAsync(object command)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await process.StandardInput.FlushAsync();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Node has ended.");
        var answer = JsonSerializer.Deserialize<JsonElement>(line);
        return answer.TryGetProperty("error", out var error) ? throw new InvalidOperationException(error.GetString()) : answer;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5)))
        {
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        process.Dispose();
    }
}
