using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FocoBot.WhatsApp.Bench;

/// <summary>A process that does one command after the other: JSON lines on stdin and stdout. Either this program or a script for Node.</summary>
internal sealed class Worker : IContestant, IAsyncDisposable
{
    private readonly Process process;

    private Worker(Process process, string name)
    {
        this.process = process;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long Resident => 1024 * long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a script of this bench in Node, with the packages of the interop tests.</summary>
    public static Worker Baileys(string script) =>
        Start("Baileys", "node", "--expose-gc", Repository.Find("bench", "FocoBot.WhatsApp.Bench", script));

    /// <summary>Starts this program once more, with our clients in it.</summary>
    public static Worker Ours() => Start("ours", Environment.ProcessPath!, [.. Host(), "clients"]);

    private static string[] Host() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Worker).Assembly.Location] : [];

    private static Worker Start(string name, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new(Process.Start(start)!, name);
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
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The process with {Name} has ended.");
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
