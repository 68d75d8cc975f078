using System.Globalization;
using FocoBot.Bench;
using FocoBot.StandIns.Processes;
using FocoBot.StandIns.Twilio;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.Processes;

/// <summary>Tests that start servers as processes: they measure, or kill, and so run when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Name = "processes";
}

/// <summary>A store, a Twilio stand-in, and the server over them as a process that may die and come back.</summary>
internal sealed class ProcessHost : IAsyncDisposable
{
    public const string PublicUrl = "https://bot.example.com";
    private static readonly (string Sid, string Token) Account = (BusinessChannel.AccountSid, BusinessChannel.AuthToken);

    private readonly int _port = ServerProcess.FreePort();
    private readonly Dictionary<string, string> _settings;
    private ServerProcess? _server;

    private ProcessHost(TestDatabase data, TwilioStandIn twilio, Dictionary<string, string> settings) => (Data, Twilio, _settings) = (data, twilio, settings);

    public TestDatabase Data { get; }

    public TwilioStandIn Twilio { get; }

    public ServerProcess Server => _server ?? throw new InvalidOperationException("No server was started.");

    /// <summary>The server's webhook, with the address it really listens on.</summary>
    public Uri Webhook => new($"http://127.0.0.1:{_port}{InboundWebhook.Path}");

    /// <summary>Prepares a store with so many linked people, and a stand-in. No server runs yet.</summary>
    public static async Task<ProcessHost> CreateAsync(int people, Dictionary<string, string>? settings = null)
    {
        var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = Account.Sid, AuthToken = Account.Token });
        var data = await TestDatabase.CreateAsync();
        var all = new Dictionary<string, string>(TestServer.ProductionSecrets)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Logging__LogLevel__Default"] = "Warning",
            ["FOCOBOT_DATA_DIR"] = data.Directory,
            ["FOCOBOT_BASE_URL"] = PublicUrl,
            ["TWILIO_ACCOUNT_SID"] = Account.Sid,
            ["TWILIO_AUTH_TOKEN"] = Account.Token,
            ["TWILIO_WHATSAPP_NUMBER"] = BusinessChannel.Number,
            ["TWILIO_API_BASE_URL"] = twilio.BaseUrl.ToString(),
            ["TWILIO_MESSAGES_PER_SECOND"] = "1000",
        };
        if (data.Postgres is not null) all["ConnectionStrings__Postgres"] = data.Postgres;
        foreach (var (name, value) in settings ?? []) all[name] = value;

        var host = new ProcessHost(data, twilio, all);
        await using var database = await data.OpenAsync(TimeProvider.System);
        await LinkedPhones.AddAsync(database, new ConfigurationBuilder().AddInMemoryCollection(all!).Build(), people, TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Starts the server, or starts it again; ready unless <paramref name="wait"/> is false.</summary>
    public async Task StartAsync(bool wait = true)
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = ServerProcess.Launch(Path.Combine(AppContext.BaseDirectory, "FocoBot.Server.dll"), _port, _settings);
        if (wait) await _server.ReadyAsync();
    }

    /// <summary>A webhook as Twilio would send it.</summary>
    public static InboundWebhook Inbound(string sid, string from, string text) => InboundWebhook.Of(Account, PublicUrl, sid, from, "whatsapp:" + BusinessChannel.Number, text);

    /// <summary>The id of message number <paramref name="number"/>.</summary>
    public static string Sid(int number) => string.Create(CultureInfo.InvariantCulture, $"SM{number:x32}");

    /// <summary>A request that carries the webhook, or another signature in its place.</summary>
    public HttpRequestMessage Request(InboundWebhook webhook, string? signature = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Webhook) { Content = new StringContent(webhook.Body, null, InboundWebhook.ContentType) };
        request.Headers.Add("X-Twilio-Signature", signature ?? webhook.Signature);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await Twilio.DisposeAsync();
        await Data.DisposeAsync();
    }
}
