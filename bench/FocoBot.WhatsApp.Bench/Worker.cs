using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FocoBot.WhatsApp.Bench;

/// <summary>A process that does one command after the other: JSON lines on stdin and stdout. Either this program or a script for Node.</summary>
internal sealed class Worker : IContestant, IAsyncDisposable
{
    private readonly Process _process;

    private Worker(Process process, string name)
    {
        _process = process;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long Resident => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a script of this bench in Node, with the packages of the interop tests.</summary>
    public static Worker Baileys(string script) => new(Process.Start(BaileysStart(script))!, "Baileys");

    /// <summary>Starts this program once more, with our clients in it.</summary>
    public static Worker Ours() => new(Process.Start(OursStart("clients"))!, "ours");

    public static ProcessStartInfo BaileysStart(string script, params string[] arguments) =>
        Start("node", ["--expose-gc", Repository.Find("bench", "FocoBot.WhatsApp.Bench", script), .. arguments]);

    public static ProcessStartInfo OursStart(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? Start(program, [typeof(Worker).Assembly.Location, .. arguments]) : Start(program, arguments);
    }

    private static ProcessStartInfo Start(string program, string[] arguments) => new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };

    public async Task<Rate> MeasureAsync(string operation, TimeSpan during)
    {
        var answer = await AskAsync(new { measure = operation, milliseconds = during.TotalMilliseconds });
        return new(answer.GetProperty("aSecond").GetDouble(), 0);
    }

    public async Task<JsonElement> AskAsync(object command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The process with {Name} has ended.");
        var answer = JsonSerializer.Deserialize<JsonElement>(line);
        return answer.TryGetProperty("error", out var error) ? throw new InvalidOperationException(error.GetString()) : answer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }
}
