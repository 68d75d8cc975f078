using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FocoBot.StandIns.Processes;

/// <summary>A real server as a process of its own, for what no server in this process can show: kills, memory, processor time, output.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Foreign = ["TWILIO_", "FOCOBOT_", "WHATSAPP_", "ASPNETCORE_", "OPENAI_", "KIMI_", "GLM_", "SMTP_", "ConnectionStrings_", "Logging_"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ServerProcess(Process process, Uri baseUrl)
    {
        _process = process;
        BaseUrl = baseUrl;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Figures = new ProcessFigures(process.Id);
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseUrl { get; }

    /// <summary>What it has used of the machine.</summary>
    public ProcessFigures Figures { get; }

    /// <summary>What it wrote to stdout and stderr, so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>A port that nobody uses now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts <paramref name="assembly"/>, without waiting. Settings of the caller's own environment do not reach it.</summary>
    public static ServerProcess Launch(string assembly, int port, IReadOnlyDictionary<string, string> settings)
    {
        var url = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = url.GetLeftPart(UriPartial.Authority);

        return new ServerProcess(new Process { StartInfo = start }, url);
    }

    /// <summary>Waits until it can do its work.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; its output is in the message.</exception>
    public async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = BaseUrl };
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("/health/ready", patience.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // It does not listen yet.
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                throw new InvalidOperationException("The server did not get ready:\n" + string.Join('\n', _output), e);
            }

            await Task.Delay(Look, TimeProvider.System);
        }
    }

    /// <summary>Ends it as a power cut would (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text) _output.Enqueue(text);
    }
}
