using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.StandIns.Processes;
using FocoBot.Storage;
using FocoBot.Tests.Processes;

namespace FocoBot.Tests.Devices;

/// <summary>
/// The server dies by SIGKILL at random instants while messages go both ways on many devices: none is lost or doubled at either end, none can't be decrypted, nobody has to link again. The seed is in
/// the output; <c>FOCOBOT_TEST_SEED</c> replays it (instants, not what the machine makes of them).
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class DeviceKillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    // Over all devices a hundred messages a second each way: what two cores keep up with between two deaths, phones and all.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    [Fact]
    public Task Messages_both_ways_survive_every_kill() => SurviveAsync(kills: 8, devices: 6, hasBadLine: false);

    [Fact]
    public Task Messages_both_ways_survive_kills_on_a_bad_line() => SurviveAsync(kills: 5, devices: 4, hasBadLine: true);

    [Fact, Trait("Length", "long")]
    public Task Two_hundred_kills_on_fifty_devices_lose_nothing() => SurviveAsync(kills: 200, devices: 50, hasBadLine: false);

    [Fact, Trait("Length", "long")]
    public Task Two_hundred_kills_on_fifty_devices_with_bad_lines_lose_nothing() => SurviveAsync(kills: 200, devices: 50, hasBadLine: true);

    [Fact, Trait("Length", "long")]
    public async Task A_thousand_devices_are_back_after_a_restart_and_get_what_came_meanwhile()
    {
        const int Devices = 1000;
        await using var data = await TestDatabase.CreateAsync();
        await using var sandbox = await OfflineWhatsApp.StartAsync(TimeProvider.System);
        await using var host = new DeviceHost(data, sandbox.Url, Devices);
        await host.StartAsync();
        var people = await LinkAsync(host, sandbox, Devices);
        var bob = sandbox.AddPhone("Bob");
        await host.Server.StopAsync();
        foreach (var person in people) person.Received.Add(await bob.SendTextAsync(person.Phone.Pn, $"in {person.Number}"));

        await host.StartAsync();
        await sandbox.UntilAsync(() => sandbox.Network.Statistics() is { Connections: Devices, Waiting: 0 }, Patience);
        await host.Server.StopAsync();

        await using var database = await data.OpenAsync(TimeProvider.System);
        Assert.Equal(people.Select(person => (person.Device, person.Received.Single())).Order(), (await KeptAsync(database)).Select(message => (message.Device, message.Id)).Order());
        Assert.Equal(0, sandbox.Network.Statistics().Undecryptable);
    }

    private async Task SurviveAsync(int kills, int devices, bool hasBadLine)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FOCOBOT_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"FOCOBOT_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var data = await TestDatabase.CreateAsync();
        await using var sandbox = await OfflineWhatsApp.StartAsync(TimeProvider.System);
        await using var host = new DeviceHost(data, sandbox.Url, devices);
        await host.StartAsync();
        var people = await LinkAsync(host, sandbox, devices);
        var bob = sandbox.AddPhone("Bob");
        await host.Server.KillAsync();

        using var enough = new CancellationTokenSource();
        var pause = Pace * devices;
        var writing = people.Select(person => WriteAsync(person, bob, pause, enough.Token)).ToList();
        var sending = people.Select(person => SendAsync(host, person, bob, pause, enough.Token)).ToList();
        for (var i = 0; i < kills; i++)
        {
            if (hasBadLine) PlanFaults(sandbox, people, random);
            // One in five dies before it is ready.
            await host.StartAsync(wait: random.Next(5) > 0);
            await Task.Delay(LongestLife * random.NextDouble(), TimeProvider.System, TestContext.Current.CancellationToken);
            await host.Server.KillAsync();
        }

        await host.StartAsync();
        await enough.CancelAsync();
        await Task.WhenAll(writing);
        await Task.WhenAll(sending);
        if (hasBadLine)
        {
            foreach (var person in people) sandbox.Network.PlanFaults(person.Phone.Companions.Single(), null);
            // What was dropped comes at the next login.
            await host.Server.KillAsync();
            await host.StartAsync();
        }

        await sandbox.UntilAsync(() => people.All(person => person.Sent.All(text => bob.Messages().Any(shown => shown.Text == text))), Patience);
        await sandbox.UntilAsync(() => sandbox.Network.Statistics().Waiting == 0, Patience);
        await host.Server.StopAsync();

        await using var database = await data.OpenAsync(TimeProvider.System);
        var kept = await KeptAsync(database);
        var outgoing = await database.AsService("test").ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox"));
        output.WriteLine($"{kills} kills, {people.Sum(person => person.Received.Count)} messages in, {people.Sum(person => person.Sent.Count)} out, {sandbox.Network.Statistics()}.");
        foreach (var person in people)
        {
            Assert.Equal(person.Received.Order(StringComparer.Ordinal), kept.Where(message => message.Device == person.Device).Select(message => message.Id).Order(StringComparer.Ordinal));
            Assert.NotEmpty(person.Sent);
            Assert.Single(person.Phone.Companions);
        }

        var shown = bob.Messages().Select(message => message.Text).ToList();
        Assert.Equal(people.SelectMany(person => person.Sent).Order(StringComparer.Ordinal), shown.Where(text => text!.StartsWith("out", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal((0, 0), (outgoing, sandbox.Network.Statistics().Undecryptable));
    }

    // Stanzas that get lost until the next login, come twice or late; acknowledgements that get lost; and a connection that breaks some time.
    private static void PlanFaults(OfflineWhatsApp sandbox, List<Person> people, Random random)
    {
        foreach (var person in people)
            sandbox.Network.PlanFaults(person.Phone.Companions.Single(), new FaultPlan(Drop: 0.05, Duplicate: 0.1, DelayMs: random.Next(40), DisconnectAfter: random.Next(10, 100), LoseAcks: 0.05));
    }

    private static async Task<List<Person>> LinkAsync(DeviceHost host, OfflineWhatsApp sandbox, int devices)
    {
        var people = new List<Person>();
        for (var i = 0; i < devices; i++)
        {
            var phone = sandbox.AddPhone($"Ana {i}");
            var begun = await DeviceWorld.BeginAsync(host.Http).OkJsonAsync();
            phone.Scan(begun.GetProperty("qrCodeData").GetString()!);
            await DeviceWorld.StatusAsync(host.Http, begun, "success");
            var device = begun.GetProperty("deviceId").GetGuid();
            using var changed = await host.Http.PatchAsync(DeviceWorld.PathOf($"device/{device}"), BusinessChannel.JsonContentOf(new { consent = new { chats = "all" } }), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            people.Add(new Person(i, phone, device));
        }

        return people;
    }

    private static async Task WriteAsync(Person person, VirtualPhone bob, TimeSpan pause, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            person.Received.Add(await bob.SendTextAsync(person.Phone.Pn, $"in {person.Number} {i}"));
            await Task.Delay(pause, TimeProvider.System, CancellationToken.None);
        }
    }

    // Until the server has taken it: the same key each time.
    private static async Task SendAsync(DeviceHost host, Person person, VirtualPhone bob, TimeSpan pause, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var text = $"out {person.Number} {i}";
            while (!await TryAsync(host, person, bob, text)) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            person.Sent.Add(text);
            await Task.Delay(pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private static Task<List<Kept>> KeptAsync(Database database) =>
        database.AsService("test").ReadAsync(work => work.QueryAsync<Kept>("SELECT device_id AS device, message_id AS id FROM whatsapp_messages WHERE direction = 'inbound'"));

    private static async Task<bool> TryAsync(DeviceHost host, Person person, VirtualPhone bob, string text)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, DeviceWorld.PathOf($"device/{person.Device}/send")) { Content = JsonContent.Create(new { to = "+" + bob.Number, message = text }) };
            request.Headers.Add("Idempotency-Key", text);
            using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode == HttpStatusCode.Accepted ? true : (int)answer.StatusCode >= 500 ? false : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed record Person(int Number, VirtualPhone Phone, Guid Device)
    {
        public ConcurrentBag<string> Received { get; } = [];

        public ConcurrentBag<string> Sent { get; } = [];
    }

    private sealed record Kept(Guid Device, string Id);
}

/// <summary>The server with linked devices, as a process that may die and come back.</summary>
internal sealed class DeviceHost : IAsyncDisposable
{
    private readonly int _port = ServerProcess.FreePort();
    private readonly Dictionary<string, string> _settings;
    private ServerProcess? _server;
    private bool _isRegistered;

    public DeviceHost(TestDatabase data, Uri sandbox, int devices)
    {
        _settings = new Dictionary<string, string>(TestServer.ProductionSecrets)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Logging__LogLevel__Default"] = "Error", ["FOCOBOT_DATA_DIR"] = data.Directory, ["FOCOBOT_SANDBOX_URL"] = sandbox.ToString(),
            ["FOCOBOT_BASE_URL"] = $"http://127.0.0.1:{_port}", ["WHATSAPP_MAX_DEVICES_PER_USER"] = $"{devices}", ["WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR"] = $"{devices}",
            ["WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE"] = "100000",
        };
        if (data.Postgres is not null) _settings["ConnectionStrings__Postgres"] = data.Postgres;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        Http.DefaultRequestHeaders.Add("Origin", Http.BaseAddress.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Signed in.</summary>
    public HttpClient Http { get; }

    public ServerProcess Server => _server ?? throw new InvalidOperationException("No server was started.");

    /// <summary>Starts the server, or starts it again; ready unless <paramref name="wait"/> is false.</summary>
    public async Task StartAsync(bool wait = true)
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = ServerProcess.Launch(Path.Combine(AppContext.BaseDirectory, "FocoBot.Server.dll"), _port, _settings);
        if (!wait) return;
        await _server.ReadyAsync();
        if (_isRegistered) return;
        await Http.PostAsync("/api/auth/register", new { email = "ana@example.com", password = TestServer.Password }).OkJsonAsync();
        _isRegistered = true;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }
}
