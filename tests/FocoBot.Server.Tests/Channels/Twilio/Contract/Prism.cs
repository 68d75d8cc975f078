using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FocoBot.Tests.Channels.Twilio.Contract;

/// <summary>Stoplight's Prism as a process: a server made of Twilio's document, or a checker between a client and a server.</summary>
internal sealed class Prism : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Prism(Process process, DirectoryInfo folder, Uri url)
    {
        (_process, _folder, Url) = (process, folder, url);
        process.OutputDataReceived += Heard;
        process.ErrorDataReceived += Heard;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"Prism ended: {Output}"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>What it said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Answers requests out of the document's examples, and invalid ones as the document says.</summary>
    public static Task<Prism> MockAsync(TwilioSpec spec) => StartAsync("mock", spec, upstream: null);

    /// <summary>Passes requests on and turns any violation, of request or answer, into an error.</summary>
    public static Task<Prism> ProxyAsync(TwilioSpec spec, Uri upstream) => StartAsync("proxy", spec, upstream);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<Prism> StartAsync(string mode, TwilioSpec spec, Uri? upstream)
    {
        var tool = RepositoryRoot.ContractTool("@stoplight/prism-cli/dist/index.js");
        var folder = Directory.CreateTempSubdirectory("focobot-contract-");
        var document = Path.Combine(folder.FullName, "twilio.json");
        spec.Save(document);

        var port = FreePort();
        string[] arguments = [tool, mode, "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "--errors", document];
        var start = new ProcessStartInfo("node", upstream is null ? arguments : [.. arguments, upstream.GetLeftPart(UriPartial.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var prism = new Prism(new Process { StartInfo = start }, folder, new Uri($"http://127.0.0.1:{port}"));
        prism._process.Start();
        prism._process.BeginOutputReadLine();
        prism._process.BeginErrorReadLine();
        try
        {
            await prism._listening.Task.WaitAsync(StartTime, TimeProvider.System);
            return prism;
        }
        catch
        {
            await prism.DisposeAsync();
            throw;
        }
    }

    // Reading goes on to the end, or a full pipe would stop the process.
    private void Heard(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
        if (line.Data?.Contains("is listening", StringComparison.Ordinal) == true)
            _listening.TrySetResult();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
