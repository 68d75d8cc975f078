using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FocoBot.Tests.Operations;

/// <summary>The server as a process of its own, with nothing in its environment but what the test gives.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ProgramProcess(Process process, int port)
    {
        (_process, Port) = (process, port);
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
        Http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri($"http://localhost:{port}") };
    }

    public int Port { get; }

    public HttpClient Http { get; }

    /// <summary>Starts it on <paramref name="data"/>, listening where <c>PORT</c> says, with <paramref name="settings"/> on top.</summary>
    public static ProgramProcess Start(TestDatabase data, Dictionary<string, string>? settings = null, string environment = "Development")
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [typeof(FocoBot.Http.ServerOptions).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data.Directory,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("FOCOBOT_", StringComparison.Ordinal) || name.StartsWith("TWILIO_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["FOCOBOT_DATA_DIR"] = data.Directory;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        if (data.Postgres is not null) start.Environment["ConnectionStrings__Postgres"] = data.Postgres;
        foreach (var (name, value) in settings ?? []) start.Environment[name] = value;
        return new ProgramProcess(Process.Start(start)!, port);
    }

    /// <summary>Waits until it serves.</summary>
    public async Task<ProgramProcess> ReadyAsync()
    {
        await BusinessChannel.EventuallyAsync<object>(async () =>
        {
            if (_process.HasExited) throw new InvalidOperationException("The server ended: " + await _errors + await _output);
            try
            {
                using var answer = await Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                return answer.StatusCode == HttpStatusCode.OK ? answer : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });
        return this;
    }

    /// <summary>Asks it to stop, as hosts do.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end: the exit code and what it wrote.</summary>
    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Http.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
