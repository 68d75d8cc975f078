using System.Diagnostics;
using System.Reflection;
using FocoBot.StandIns.Processes;
using FocoBot.WhatsApp.Bench;

namespace FocoBot.Bench.Devices;

/// <summary>The server with linked devices, as a process that is started and stopped.</summary>
internal sealed class DeviceServer(string assembly, IReadOnlyDictionary<string, string> settings, SandboxProcess sandbox, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Two rounds of pings, and what the runtime takes to notice that nothing happens any more.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    private readonly string _runtime = Path.Combine(folder, "runtime");
    private ServerProcess? _process;

    public Uri Url => Process.BaseUrl;

    public ProcessFigures Figures => Process.Figures;

    public IEnumerable<string> Output => Process.Output;

    private ServerProcess Process => _process ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Starts it.</summary>
    /// <returns>How long it took until the network had so many devices on it; less of them when it does not come to that.</returns>
    public async Task<(TimeSpan Time, int Connected)> StartAsync(int devices, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        _process = ServerProcess.Launch(assembly, ServerProcess.FreePort(), new Dictionary<string, string>(settings)
        {
            ["DOTNET_STARTUP_HOOKS"] = Assembly.GetExecutingAssembly().Location,
            [RuntimeFigures.FileVariable] = _runtime,
        });
        await Process.ReadyAsync().ConfigureAwait(false);
        var connected = 0;
        while ((connected = await sandbox.ConnectionsAsync().ConfigureAwait(false)) < devices && Stopwatch.GetElapsedTime(start) < patience)
            await Task.Delay(Look, TimeProvider.System).ConfigureAwait(false);
        return (Stopwatch.GetElapsedTime(start), connected);
    }

    /// <summary>Resident bytes once all is quiet, as they are and after a full collection.</summary>
    public async Task<(long AsItIs, long Collected)> ResidentAsync()
    {
        await Task.Delay(Settling, TimeProvider.System).ConfigureAwait(false);
        var asItIs = Figures.ResidentBytes;
        await RuntimeFigures.CollectAsync(_runtime).ConfigureAwait(false);
        return (asItIs, Figures.ResidentBytes);
    }

    /// <summary>Stops it as an operator does.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> StopAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await Process.StopAsync().ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start);
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
