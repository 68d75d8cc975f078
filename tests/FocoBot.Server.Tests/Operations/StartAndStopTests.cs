using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using FocoBot.Security;
using FocoBot.StandIns.Twilio;
using FocoBot.Storage;

namespace FocoBot.Tests.Operations;

/// <summary>How the server as a process begins and ends.</summary>
public class StartAndStopTests
{
    private const int Messages = 40;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Sigterm_finishes_what_is_under_way_and_loses_nothing()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = BusinessChannel.AccountSid, AuthToken = BusinessChannel.AuthToken });
        twilio.Faults.DelayMilliseconds = 300; // so that answers are on their way when the signal comes
        await using var server = await ProgramProcess.Start(data, new()
        {
            ["TWILIO_ACCOUNT_SID"] = BusinessChannel.AccountSid,
            ["TWILIO_AUTH_TOKEN"] = BusinessChannel.AuthToken,
            ["TWILIO_WHATSAPP_NUMBER"] = BusinessChannel.Number,
            ["TWILIO_API_BASE_URL"] = twilio.BaseUrl.ToString(),
            ["FOCOBOT_BASE_URL"] = TestServer.BaseUrl,
        }).ReadyAsync();
        using var open = await OpenStreamAsync(server);

        for (var i = 0; i < Messages; i++) await DeliverAsync(server, i);
        var began = Stopwatch.GetTimestamp();
        server.Terminate();
        var (code, _, errors) = await server.EndAsync();

        Assert.Equal((0, ""), (code, errors));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        await using var database = await data.OpenAsync(TimeProvider.System);
        var door = database.AsService("test");
        // Nothing half done: a message is done or waits, an answer has its id or was never sent.
        Assert.Equal(Messages, await door.ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE state IN ('done', 'pending')"), None));
        Assert.Equal(0, await door.ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE state = 'sending'"), None));
        Assert.Equal(twilio.Messages.Received, await door.ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE provider_id IS NOT NULL"), None));
    }

    [Fact]
    public async Task After_a_stop_the_next_start_takes_up_what_was_waiting()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using (var server = await ProgramProcess.Start(data).ReadyAsync())
        {
            server.Terminate();
            Assert.Equal(0, (await server.EndAsync()).Code);
        }

        await using var again = await ProgramProcess.Start(data).ReadyAsync();
        again.Terminate();
        Assert.Equal((0, ""), ((await again.EndAsync()).Code, (await again.EndAsync()).Errors));
    }

    [Fact]
    public async Task Production_without_secrets_refuses_and_names_them()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var server = ProgramProcess.Start(data, new() { ["FOCOBOT_CRON_SECRET"] = TestServer.ProductionSecrets["FOCOBOT_CRON_SECRET"] }, "Production");

        var (code, _, errors) = await server.EndAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("Set FOCOBOT_ENCRYPTION_KEY, FOCOBOT_FINGERPRINT_SECRET ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", errors.Split('\n')[1..].FirstOrDefault() ?? "", StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data.Directory, "secrets.json")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using var first = await ProgramProcess.Start(data).ReadyAsync();
        await using var second = ProgramProcess.Start(other, new() { ["PORT"] = first.Port.ToString(System.Globalization.CultureInfo.InvariantCulture) });

        var (code, _, errors) = await second.EndAsync();

        Assert.Equal(1, code);
        Assert.Contains("set PORT", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Engine", "sqlite")]
    public async Task A_second_server_on_the_same_file_refuses_and_the_first_goes_on()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var first = await ProgramProcess.Start(data).ReadyAsync();
        await using var second = ProgramProcess.Start(data);

        var (code, _, errors) = await second.EndAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("Another FocoBot server has ", errors, StringComparison.Ordinal);
        Assert.True((await first.Http.GetAsync("/health/ready", None)).IsSuccessStatusCode);
    }

    [Fact]
    [Trait("Engine", "postgres")]
    public async Task A_database_that_does_not_answer_is_said_in_one_line()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var server = ProgramProcess.Start(data, new() { ["ConnectionStrings__Postgres"] = "Host=127.0.0.1;Port=1;Username=foco;Password=hunter2-hunter2" });

        var (code, _, errors) = await server.EndAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("The database can't be used: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        await database.AsService("test").WriteAsync(work => work.ExecuteAsync("INSERT INTO schema_migrations (name, applied_at) VALUES ('shared.9999_future', @now)", new { now = DateTimeOffset.UnixEpoch }), None);

        var error = await Assert.ThrowsAsync<DatabaseUnusableException>(() => database.MigrateAsync(None));

        Assert.Contains("shared.9999_future", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_wrong_master_key_nothing_is_changed_not_even_the_schema()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var door = database.AsService("test");
        await door.WriteAsync(RingOf("right-key-0123456789-0123456789-0123").OpenAsync, None);
        await door.WriteAsync(work => work.ExecuteAsync("DROP TABLE llm_usage"), None);
        var before = await KeysAsync();

        var wrong = RingOf("wrong-key-0123456789-0123456789-0123");
        var error = await Assert.ThrowsAsync<StartupException>(() => database.MigrateAsync(async work =>
        {
            await work.ExecuteAsync("CREATE TABLE llm_usage (day date)"); // what a newer migration would do
            await wrong.OpenAsync(work);
        }, None));

        Assert.Contains("FOCOBOT_ENCRYPTION_KEY", error.Message, StringComparison.Ordinal);
        Assert.False(wrong.IsOpen);
        Assert.Equal(before, await KeysAsync());
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => door.ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM llm_usage"), None));

        Task<List<byte[]>> KeysAsync() => door.ReadAsync(work => work.QueryAsync<byte[]>("SELECT wrapped_key FROM data_keys"), None);
    }

    private static Keyring RingOf(string key)
    {
        var settings = new Dictionary<string, string?>(TestServer.ProductionSecrets.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))) { ["FOCOBOT_ENCRYPTION_KEY"] = key };
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        foreach (var (name, value) in settings) configuration[name] = value;
        return new Keyring(Secrets.Load(configuration, ".", development: false), TimeProvider.System);
    }

    // Strangers each write once: each is answered how to link.
    private static async Task DeliverAsync(ProgramProcess server, int i)
    {
        var form = new Dictionary<string, string>
        {
            ["MessageSid"] = $"SM{i:x32}",
            ["AccountSid"] = BusinessChannel.AccountSid,
            ["From"] = $"whatsapp:+1415555{i:0000}",
            ["To"] = "whatsapp:" + BusinessChannel.Number,
            ["Body"] = "hola",
            ["NumMedia"] = "0",
            ["SmsStatus"] = "received",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/integrations/whatsapp/webhook") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("X-Twilio-Signature", TwilioSigner.Sign(BusinessChannel.AuthToken, TestServer.BaseUrl + "/api/integrations/whatsapp/webhook", form));
        using var answer = await server.Http.SendAsync(request, None);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(None)}");
    }

    // A page that listens must not hold the stop up.
    private static async Task<ClientWebSocket> OpenStreamAsync(ProgramProcess server)
    {
        var origin = $"http://localhost:{server.Port}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/register") { Content = JsonContent.Create(new { email = "ana@example.com", password = TestServer.Password }) };
        request.Headers.Add("Origin", origin);
        using var registered = await server.Http.SendAsync(request, None);
        registered.EnsureSuccessStatusCode();
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", registered.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new Uri($"ws://localhost:{server.Port}/api/events/stream?after=0"), None);
        return socket;
    }
}
