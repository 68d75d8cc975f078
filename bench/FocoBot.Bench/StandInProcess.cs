using System.Diagnostics;
using System.Text.Json;
using FocoBot.StandIns.Processes;

namespace FocoBot.Bench;

/// <summary>The Twilio stand-in as a process of its own.</summary>
internal sealed class StandInProcess : IAsyncDisposable
{
    private const int Capacity = 2_000_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly HttpClient _http;

    private StandInProcess(Process process, Uri url) => (_process, _http) = (process, new HttpClient { BaseAddress = url });

    public TimeSpan ProcessorTime => new ProcessFigures(_process.Id).ProcessorTime;

    public static async Task<StandInProcess> StartAsync(int port)
    {
        var url = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo("dotnet",
            [WebhookBench.Sibling("FocoBot.StandIns"), "twilio", "--urls", url, "--account", LoadPlan.AccountSid, "--auth-token", LoadPlan.AuthToken, "--capacity", $"{Capacity}"])
        { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        // It says that it listens.
        await process.StandardOutput.ReadLineAsync().ConfigureAwait(false);
        return new StandInProcess(process, new Uri(url));
    }

    /// <summary>Waits until so many messages came in all; false when they did not in time.</summary>
    public async Task<bool> ReceivedAsync(int count, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < patience)
        {
            var stats = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/_control/stats", UriKind.Relative)).ConfigureAwait(false)).RootElement;
            if (stats.GetProperty("received").GetInt64() >= count) return true;
            await Task.Delay(Look, TimeProvider.System).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>The messages after the first <paramref name="skip"/>, in order of arrival.</summary>
    public async Task<List<Reply>> RepliesAsync(int skip)
    {
        var lines = await _http.GetStringAsync(new Uri($"/_control/messages?after={skip}&limit={Capacity}", UriKind.Relative)).ConfigureAwait(false);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return new Reply(json.RootElement.GetProperty("to").GetString()!, DateTimeOffset.UnixEpoch.AddMicroseconds(json.RootElement.GetProperty("atMicroseconds").GetInt64()));
        })];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }
}

/// <summary>A reply that reached Twilio.</summary>
internal readonly record struct Reply(string To, DateTimeOffset At);
