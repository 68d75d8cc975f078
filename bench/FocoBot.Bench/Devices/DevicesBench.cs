using System.Diagnostics;
using FocoBot.WhatsApp.Bench;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Bench.Devices;

/// <summary>
/// What linked devices cost a server, as users have it: SQLite, every message durable. The offline network is a process of its own; each device is linked to a virtual phone of its own before
/// the measured server starts. Beside it as many clients of Baileys, which keep their state in files.
/// </summary>
internal static class DevicesBench
{
    /// <summary>Set by bench.sh: the server as it is published for use.</summary>
    private const string ServerVariable = "FOCOBOT_BENCH_SERVER";

    /// <summary>Set by bench.sh: a certificate with its key for 127.0.0.1, as PEM.</summary>
    private const string CertificateVariable = "FOCOBOT_BENCH_CERTIFICATE";

    private const int MessagesEach = 20;
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs and prints; false when a target was missed.</summary>
    public static async Task<bool> RunAsync(DevicesOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("focobot-bench-").FullName;
        try
        {
            var report = new DevicesReport(await Machine.DescribeAsync(folder).ConfigureAwait(false));
            if (options.Beside > 0) await BesideAsync(options.Beside, Path.Combine(folder, "beside"), report).ConfigureAwait(false);
            if (options.Tls > 0) await TlsAsync(options.Tls, Path.Combine(folder, "tls"), report).ConfigureAwait(false);
            if (options.Count > 0) await ManyAsync(options, Path.Combine(folder, "many"), report).ConfigureAwait(false);
            if (options.Out is { } file) await File.WriteAllTextAsync(file, report.ToString()).ConfigureAwait(false);
            return !report.HasMissed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ManyAsync(DevicesOptions options, string folder, DevicesReport report)
    {
        await using var world = await World.StartAsync(folder).ConfigureAwait(false);
        var nothing = await world.EmptyAsync().ConfigureAwait(false);
        var (devices, linking) = await world.LinkAsync(options.Count).ConfigureAwait(false);
        report.Begin($"{options.Count:N0} linked devices, plain WebSockets");
        report.Row("linked for real beforehand, by clients of the library", $"{linking.TotalSeconds:N0} s");

        await using (var server = world.Server())
        {
            var (open, connected) = await server.StartAsync(devices.Count, Patience).ConfigureAwait(false);
            report.Row("from the start of the process until all are connected", $"{open.TotalSeconds:N1} s ({connected:N0} of {devices.Count:N0})", "≤ 60 s", open <= OpenTime && connected == devices.Count);
            report.Row("processor for that, with the start of the server", $"{server.Figures.ProcessorTime.TotalSeconds:N1} s");
            var resident = await server.ResidentAsync().ConfigureAwait(false);
            var each = (resident.AsItIs - nothing.AsItIs) / 1024.0 / devices.Count;
            report.Row("resident memory a device, as it is a minute later", $"{each:N1} KiB", "≤ 48 KiB", each <= 48);
            report.Row("the same after a full collection", $"{(resident.Collected - nothing.Collected) / 1024.0 / devices.Count:N1} KiB");
            report.Row("resident in all; the same server without devices", $"{resident.AsItIs >> 20:N0} MiB; {nothing.AsItIs >> 20:N0} MiB");
            if (options.Idle > 0)
            {
                var idle = await CoreShareAsync(server, TimeSpan.FromMinutes(options.Idle)).ConfigureAwait(false);
                report.Row($"processor while idle, {options.Idle} min, pings every 20–30 s", $"{idle:P1} of one core", "≤ 10 %", idle <= 0.10);
                report.Row("still connected after that", $"{await world.Sandbox.ConnectionsAsync().ConfigureAwait(false):N0}");
                report.Row("resident memory a device after that, as it is", $"{(server.Figures.ResidentBytes - nothing.AsItIs) / 1024.0 / devices.Count:N1} KiB");
            }

            if (options.Traffic > 0) await TrafficAsync(world, server, devices, options.Traffic, report).ConfigureAwait(false);
            report.Row("stopped (SIGTERM)", $"{(await server.StopAsync().ConfigureAwait(false)).TotalSeconds:N1} s", "≤ 30 s");
            report.Say(server.Output);
        }

        await using (var again = world.Server())
        {
            var (open, connected) = await again.StartAsync(devices.Count, Patience).ConfigureAwait(false);
            report.Row("started again, all connected", $"{open.TotalSeconds:N1} s ({connected:N0} of {devices.Count:N0})", "≤ 60 s", open <= OpenTime && connected == devices.Count);
            await again.StopAsync().ConfigureAwait(false);
        }

        if (options.Most > options.Count) await MostAsync(world, options, nothing.AsItIs, report).ConfigureAwait(false);
    }

    private static async Task MostAsync(World world, DevicesOptions options, long nothing, DevicesReport report)
    {
        await world.LinkAsync(options.Most - options.Count).ConfigureAwait(false);
        await using var server = world.Server();
        var (open, connected) = await server.StartAsync(options.Most, Patience).ConfigureAwait(false);
        report.Row($"{options.Most:N0} devices: connected", $"{connected:N0} in {open.TotalSeconds:N1} s");
        if (connected > 0) report.Row($"{options.Most:N0} devices: resident memory each, after a minute", $"{((await server.ResidentAsync().ConfigureAwait(false)).AsItIs - nothing) / 1024.0 / connected:N1} KiB");
        report.Row($"{options.Most:N0} devices: what the server said", string.Join("; ", server.Output.Take(3)) is { Length: > 0 } said ? said : "nothing");
        await server.StopAsync().ConfigureAwait(false);
    }

    private static async Task TrafficAsync(World world, DeviceServer server, IReadOnlyList<LinkedFixture> devices, int minutes, DevicesReport report)
    {
        var before = await world.ArrivedAsync().ConfigureAwait(false);
        using var traffic = new DeviceTraffic(server.Url, devices);
        var (processor, start) = (server.Figures.ProcessorTime, Stopwatch.GetTimestamp());
        var (accepted, answers) = await traffic.EveryMinuteAsync(minutes).ConfigureAwait(false);
        var arrived = await world.UntilArrivedAsync(before + accepted, Patience).ConfigureAwait(false) - before;
        var (time, took) = (Stopwatch.GetElapsedTime(start), server.Figures.ProcessorTime - processor);
        report.Row($"1 message a minute from each and 1 to each, {minutes} min: accepted, arrived", $"{accepted:N0} of {devices.Count * minutes:N0}, {arrived:N0}", "all", accepted == devices.Count * minutes && arrived == accepted);
        report.Row("answers to send: p50 / p90 / p99 / max", $"{answers.P50.TotalMilliseconds:N1} / {answers.P90.TotalMilliseconds:N1} / {answers.P99.TotalMilliseconds:N1} / {answers.Max.TotalMilliseconds:N0} ms");
        report.Row("last one arrived after the last minute", $"{(time - TimeSpan.FromMinutes(minutes)).TotalSeconds:N1} s");
        report.Row("processor meanwhile", $"{took / time:P0} of one core, {took.TotalMilliseconds / Math.Max(1, accepted):N2} ms a message sent and received");
    }

    private static async Task TlsAsync(int count, string folder, DevicesReport report)
    {
        var certificate = Environment.GetEnvironmentVariable(CertificateVariable) ?? throw new InvalidOperationException($"{CertificateVariable} is not set: start by ./bench.sh.");
        await using var world = await World.StartAsync(folder, certificate).ConfigureAwait(false);
        var nothing = await world.EmptyAsync().ConfigureAwait(false);
        var (devices, _) = await world.LinkAsync(count).ConfigureAwait(false);
        await using var server = world.Server();
        var (open, connected) = await server.StartAsync(devices.Count, Patience).ConfigureAwait(false);
        var resident = await server.ResidentAsync().ConfigureAwait(false);
        report.Begin($"{count:N0} linked devices over TLS");
        report.Row("from the start of the process until all are connected", $"{open.TotalSeconds:N1} s ({connected:N0})");
        report.Row("resident memory a device, as it is a minute later", $"{(resident.AsItIs - nothing.AsItIs) / 1024.0 / devices.Count:N1} KiB");
        report.Row("the same after a full collection", $"{(resident.Collected - nothing.Collected) / 1024.0 / devices.Count:N1} KiB");
        await server.StopAsync().ConfigureAwait(false);
    }

    private static async Task BesideAsync(int count, string folder, DevicesReport report)
    {
        report.BeginBeside($"{count:N0} devices, each on an account of its own", "FocoBot's server", "Baileys, all in one process, state in files");
        var ours = await OursBesideAsync(count, Path.Combine(folder, "ours")).ConfigureAwait(false);
        var theirs = await BaileysBeside.RunAsync(count, Path.Combine(folder, "baileys"), MessagesEach).ConfigureAwait(false);
        report.Beside("resident memory, idle, MiB", ours.Resident / 1048576.0, theirs.Resident / 1048576.0);
        report.Beside("processor while idle, ms a device a minute", ours.Idle, theirs.Idle);
        report.Beside("processor with 1 message a minute each way, ms a device a minute", ours.Traffic, theirs.Traffic);
        report.Beside("started again until all are connected, s", ours.Restart.TotalSeconds, theirs.Restart.TotalSeconds);
        report.Beside($"{MessagesEach} messages from each at once: sent and received a second", ours.Rate, theirs.Rate, isMoreBetter: true);
        report.BesideCount($"of {count * (3 + MessagesEach):N0} messages not received", ours.Lost, theirs.Lost);
    }

    private static async Task<BesideFigures> OursBesideAsync(int count, string folder)
    {
        await using var world = await World.StartAsync(folder).ConfigureAwait(false);
        var (devices, _) = await world.LinkAsync(count).ConfigureAwait(false);
        await using (var first = world.Server())
        {
            await first.StartAsync(count, Patience).ConfigureAwait(false);
            await first.StopAsync().ConfigureAwait(false);
        }

        await using var server = world.Server();
        var (restart, connected) = await server.StartAsync(count, Patience).ConfigureAwait(false);
        if (connected < count) throw new InvalidOperationException($"Only {connected} of {count} devices connected:\n{string.Join('\n', server.Output.Take(20))}");
        var resident = await server.ResidentAsync().ConfigureAwait(false);
        var idle = await CoreShareAsync(server, BaileysBeside.Watching).ConfigureAwait(false);
        using var traffic = new DeviceTraffic(server.Url, devices);

        // The first message of each makes sessions.
        await traffic.EveryMinuteAsync(1).ConfigureAwait(false);
        var before = await world.UntilArrivedAsync(count, Patience).ConfigureAwait(false);
        var processor = server.Figures.ProcessorTime;
        var (accepted, _) = await traffic.EveryMinuteAsync(2).ConfigureAwait(false);
        before = await world.UntilArrivedAsync(before + accepted, Patience).ConfigureAwait(false);
        var busy = server.Figures.ProcessorTime - processor;

        var start = Stopwatch.GetTimestamp();
        var quick = await traffic.AsQuicklyAsItGoesAsync(MessagesEach).ConfigureAwait(false);
        var arrived = await world.UntilArrivedAsync(before + quick, Patience).ConfigureAwait(false) - before;
        if (arrived != count * MessagesEach) throw new InvalidOperationException($"{arrived} of {count * MessagesEach} messages arrived ({quick} were accepted).");
        var rate = arrived / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await server.StopAsync().ConfigureAwait(false);
        return new BesideFigures(resident.Collected, idle * 60_000 / count, busy.TotalMilliseconds / count / 2, restart, rate, (int)((count * 3) - before));
    }

    private static async Task<double> CoreShareAsync(DeviceServer server, TimeSpan during)
    {
        var before = server.Figures.ProcessorTime;
        await Task.Delay(during, TimeProvider.System).ConfigureAwait(false);
        return (server.Figures.ProcessorTime - before) / during;
    }

    /// <summary>A network, a store, and the settings of the server between them.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly string _folder;
        private readonly BenchStore _store;
        private readonly Dictionary<string, string> _settings;

        private World(string folder, BenchStore store, SandboxProcess sandbox, Dictionary<string, string> settings) => (_folder, _store, Sandbox, _settings) = (folder, store, sandbox, settings);

        public SandboxProcess Sandbox { get; }

        public static async Task<World> StartAsync(string folder, string? certificate = null)
        {
            var store = await BenchStore.CreateAsync("sqlite", folder).ConfigureAwait(false);
            var sandbox = await SandboxProcess.StartAsync(certificate).ConfigureAwait(false);
            return new World(folder, store, sandbox, new Dictionary<string, string>(store.Settings)
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development", // the offline network is for that alone
                ["Logging__LogLevel__Default"] = "Error",
                ["FOCOBOT_SANDBOX_URL"] = sandbox.Url,
                ["FOCOBOT_ENCRYPTION_KEY"] = "bench-encryption-key-0123456789abcdef",
                ["FOCOBOT_FINGERPRINT_SECRET"] = "bench-fingerprint-secret-0123456789ab",
                ["FOCOBOT_CRON_SECRET"] = "bench-cron-secret-0123456789abcdefgh",
                ["WHATSAPP_ENCRYPTION_KEY"] = Convert.ToBase64String(new byte[32]),
                ["WHATSAPP_MAX_CONNECTIONS_PER_SERVER"] = "20000",
                ["WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE"] = "100000",
            });
        }

        public DeviceServer Server() => new(Environment.GetEnvironmentVariable(ServerVariable) ?? WebhookBench.Sibling("FocoBot.Server"), _settings, Sandbox, _folder);

        /// <summary>What a server without devices has in memory.</summary>
        public async Task<(long AsItIs, long Collected)> EmptyAsync()
        {
            await using var server = Server();
            await server.StartAsync(0, Patience).ConfigureAwait(false);
            var resident = await server.ResidentAsync().ConfigureAwait(false);
            await server.StopAsync().ConfigureAwait(false);
            return resident;
        }

        public async Task<(List<LinkedFixture> Devices, TimeSpan Time)> LinkAsync(int count)
        {
            await Console.Error.WriteLineAsync($"Linking {count} devices …").ConfigureAwait(false);
            var start = Stopwatch.GetTimestamp();
            await using var database = _store.Open();
            var fixtures = new DeviceFixtures(database, new ConfigurationBuilder().AddInMemoryCollection(_settings!).Build(), Sandbox);
            await fixtures.MigrateAsync().ConfigureAwait(false);
            return (await fixtures.AddAsync(count).ConfigureAwait(false), Stopwatch.GetElapsedTime(start));
        }

        /// <summary>How many messages have come in and lie on the disk.</summary>
        public async Task<long> ArrivedAsync()
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "focobot.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync().ConfigureAwait(false);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM whatsapp_messages WHERE direction = 'inbound'";
            return (long)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
        }

        public async Task<long> UntilArrivedAsync(long count, TimeSpan patience)
        {
            var start = Stopwatch.GetTimestamp();
            long arrived;
            while ((arrived = await ArrivedAsync().ConfigureAwait(false)) < count && Stopwatch.GetElapsedTime(start) < patience) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System).ConfigureAwait(false);
            return arrived;
        }

        public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
    }
}

/// <summary>What devices beside each other cost: bytes, milliseconds a device a minute, and messages a second.</summary>
internal sealed record BesideFigures(long Resident, double Idle, double Traffic, TimeSpan Restart, double Rate, int Lost);
