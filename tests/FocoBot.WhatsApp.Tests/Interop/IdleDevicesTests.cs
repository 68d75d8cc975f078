using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FocoBot.Sandbox;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Alone on the machine: it takes most of it.</summary>
[CollectionDefinition(nameof(IdleDevicesTests), DisableParallelization = true)]
[Collection(nameof(IdleDevicesTests))]
public class IdleDevicesTests(ITestOutputHelper output)
{
    private const int Devices = 10_000, Samples = 100;

    // Ten thousand need minutes, of one thing after the other.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    [Trait("Length", "long")]
    public async Task Ten_thousand_idle_devices_stay_connected_to_one_sandbox_and_still_get_their_messages()
    {
        await using var sandbox = await SandboxProgram.StartAsync();
        var devices = new IdleDevice[Devices];
        await Parallel.ForAsync(0, Devices, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
            devices[i] = await IdleDevice.LinkAsync(sandbox, (15_550_000_000 + i).ToString(CultureInfo.InvariantCulture)));
        Say("linked");

        // Two pings of each at least: that many stanzas have come when nobody does anything else.
        var linked = await sandbox.StatisticsAsync();
        Assert.Equal(Devices, linked.Connections);
        await sandbox.UntilAsync(now => now.Stanzas >= linked.Stanzas + 2 * Devices, Patience);
        Say("idle");
        Assert.Equal(Devices, (await sandbox.StatisticsAsync()).Connections);
        Assert.All(devices, device => Assert.False(device.HasBeenDisconnected));

        for (var i = 0; i < Samples; i++)
        {
            var (from, to) = (devices[i], devices[^(i + 1)]);
            await sandbox.PostAsync($"phones/{from.Number}/send", new { to = to.Number, text = $"para {i}" });
            Assert.Equal($"para {i}", await to.Received.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        await Parallel.ForEachAsync(devices, async (device, _) => await device.DisposeAsync());

        void Say(string what)
        {
            using var self = Process.GetCurrentProcess();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: clients {Environment.WorkingSet >> 20} MiB, {self.TotalProcessorTime.TotalSeconds:N1} s of processor time; sandbox {sandbox.Resident >> 20} MiB, {sandbox.Processor.TotalSeconds:N1} s"));
        }
    }

    // Keeps nothing of what comes but whether it broke, and the first message.
    private sealed class IdleDevice : IAsyncDisposable
    {
        private readonly WhatsAppClient _client;
        private readonly TaskCompletionSource<string> _code = new();
        private readonly TaskCompletionSource _online = new();
        private readonly Task _reading;

        private IdleDevice(SandboxProgram sandbox, string number)
        {
            Number = number;
            _client = new(new() { Store = new InMemoryDeviceStore(), Uri = sandbox.WebSocket, RootKey = sandbox.RootKey });
            _reading = ReadAsync();
        }

        public string Number { get; }

        public bool HasBeenDisconnected { get; private set; }

        public TaskCompletionSource<string> Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<IdleDevice> LinkAsync(SandboxProgram sandbox, string number)
        {
            await sandbox.PostAsync("phones", new { phoneNumber = number, pushName = "Ana" });
            var device = new IdleDevice(sandbox, number);
            var linking = device._client.LinkByQrAsync(TestContext.Current.CancellationToken);
            await sandbox.PostAsync($"phones/{number}/scan", new { qr = await device._code.Task.WaitAsync(Patience) });
            await linking;
            await device._online.Task.WaitAsync(Patience);
            return device;
        }

        public async ValueTask DisposeAsync()
        {
            await _client.DisposeAsync();
            await _reading;
        }

        private async Task ReadAsync()
        {
            await foreach (var happened in _client.Events)
            {
                switch (happened)
                {
                    case QrCodeShown shown:
                        _code.TrySetResult(shown.Text);
                        break;
                    case Connected:
                        _online.TrySetResult();
                        break;
                    // The restart that ends the linking is none.
                    case Disconnected when _online.Task.IsCompleted && !Received.Task.IsCompleted:
                        HasBeenDisconnected = true;
                        break;
                    case MessageReceived message:
                        Received.TrySetResult(message.Content.Conversation);
                        break;
                }
            }
        }
    }

    // The sandbox as its users start it.
    private sealed class SandboxProgram : IAsyncDisposable
    {
        private const string Listening = "Now listening on: ";

        private readonly Process _process;
        private readonly Task _draining;
        private readonly HttpClient _http;

        private SandboxProgram(Process process, HttpClient http, JsonElement info)
        {
            _process = process;
            _http = http;
            _draining = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            WebSocket = new(info.GetProperty("webSocketUrl").GetString()!);
            RootKey = info.GetProperty("rootPublicKey").GetBytesFromBase64();
        }

        public Uri WebSocket { get; }

        public byte[] RootKey { get; }

        public long Resident => Fresh().WorkingSet64;

        public TimeSpan Processor => Fresh().TotalProcessorTime;

        public static async Task<SandboxProgram> StartAsync()
        {
            var program = typeof(SandboxNetwork).Assembly.Location;
            var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(program) };
            var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                var at = line.IndexOf(Listening, StringComparison.Ordinal);
                if (at < 0) continue;
                var http = new HttpClient { BaseAddress = new(new Uri(line[(at + Listening.Length)..].Trim()), "sandbox/") };
                return new(process, http, await http.GetFromJsonAsync<JsonElement>("info", TestContext.Current.CancellationToken));
            }

            throw new InvalidOperationException("The sandbox has not started.");
        }

        public async Task PostAsync(string path, object body)
        {
            using var answer = await _http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        public async Task<SandboxStatistics> StatisticsAsync() => (await _http.GetFromJsonAsync<SandboxStatistics>("stats", TestContext.Current.CancellationToken))!;

        public async Task UntilAsync(Func<SandboxStatistics, bool> holds, TimeSpan patience)
        {
            using var limit = new CancellationTokenSource(patience);
            while (!holds(await StatisticsAsync()))
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            await _draining;
            _process.Dispose();
            _http.Dispose();
        }

        private Process Fresh()
        {
            _process.Refresh();
            return _process;
        }
    }
}
