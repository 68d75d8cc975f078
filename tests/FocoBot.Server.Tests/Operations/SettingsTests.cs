using System.Net;
using FocoBot.Assistant.LanguageModels;
using FocoBot.Http;
using FocoBot.Operations;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.StandIns.Twilio;
using FocoBot.Storage;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.LanguageModels;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Operations;

/// <summary>Each setting is set once, and what it is for is seen to happen.</summary>
public class SettingsTests
{
    private const string Webhook = "/api/integrations/whatsapp/webhook";
    private const string Sid = "0123456789abcdef0123456789abcdef";
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Dictionary<string, Func<string, Task>> Effects = new()
    {
        ["FOCOBOT_CRON_SECRET"] = name => WeakSecretAsync(name),
        ["FOCOBOT_FINGERPRINT_SECRET"] = FingerprintsDifferAsync,
        ["FOCOBOT_ENCRYPTION_KEY"] = WrongKeyAsync,
        ["FOCOBOT_SESSION_TIMEOUT_HOURS"] = name => SessionEndAsync(name, "3", "expires_at", TimeSpan.FromHours(3)),
        ["FOCOBOT_MAX_SESSION_DAYS"] = name => SessionEndAsync(name, "2", "max_expires_at", TimeSpan.FromDays(2)),
        ["FOCOBOT_BASE_URL"] = name => SignedForAsync(name, "https://foco.example.org/", "https://foco.example.org"),
        ["NEXT_PUBLIC_BASE_URL"] = name => SignedForAsync(name, "https://next.example.org", "https://next.example.org"),
        ["RAILWAY_STATIC_URL"] = name => SignedForAsync(name, "foco.up.railway.app", "https://foco.up.railway.app"),
        ["PORT"] = ListensAsync,
        ["FOCOBOT_DATA_DIR"] = DataFolderAsync,
        ["FOCOBOT_REGISTRATION"] = RegistrationAsync,
        ["OPENAI_API_KEY"] = name => ProviderAsync("openai", name),
        ["OPENAI_MODEL"] = name => ProviderAsync("openai", name),
        ["OPENAI_BASE_URL"] = name => ProviderAsync("openai", name),
        ["KIMI_API_KEY"] = name => ProviderAsync("kimi", name),
        ["KIMI_MODEL"] = name => ProviderAsync("kimi", name),
        ["KIMI_BASE_URL"] = name => ProviderAsync("kimi", name),
        ["GLM_API_KEY"] = name => ProviderAsync("glm", name),
        ["GLM_MODEL"] = name => ProviderAsync("glm", name),
        ["GLM_BASE_URL"] = name => ProviderAsync("glm", name),
        ["FOCOBOT_LLM_ORDER"] = ProviderOrderAsync,
        ["TWILIO_ACCOUNT_SID"] = _ => SentAsync(message => Assert.Equal(BusinessChannel.AccountSid, message.AccountSid)),
        ["TWILIO_AUTH_TOKEN"] = _ => SentAsync(message => Assert.NotEmpty(message.Sid)),
        ["TWILIO_API_KEY_SID"] = _ => ApiKeyAsync(),
        ["TWILIO_API_KEY_SECRET"] = _ => ApiKeyAsync(),
        ["TWILIO_PHONE_NUMBER"] = name => SentAsync(message => Assert.Equal("whatsapp:+5215599990000", message.From), ("TWILIO_WHATSAPP_NUMBER", ""), (name, "+5215599990000")),
        ["TWILIO_WHATSAPP_NUMBER"] = name => SentAsync(message => Assert.Equal("whatsapp:+5215588880000", message.From), ("TWILIO_PHONE_NUMBER", "+5215599990000"), (name, "+5215588880000")),
        ["TWILIO_API_BASE_URL"] = _ => SentAsync(message => Assert.NotEmpty(message.Sid)),
        ["TWILIO_TEMPLATE_CODE_ES"] = name => SentAsync(message => Assert.Equal("HX" + Sid, message.ContentSid), (name, "HX" + Sid)),
        ["WHATSAPP_BUSINESS_NUMBER"] = ShownNumberAsync,
        ["WHATSAPP_DEFAULT_MODE"] = DefaultModeAsync,
        ["ConnectionStrings__Postgres"] = EngineAsync,
        ["SMTP_URL"] = MailAsync,
    };

    public static TheoryData<string> Names => [.. Effects.Keys];

    public static TheoryData<string, string> Periods => new()
    {
        { "MESSAGE_BODIES", "8" }, { "MESSAGES", "31" }, { "COMMANDS", "8" }, { "BOT_SESSIONS", "8" }, { "VIOLATIONS", "8" }, { "AUDIT", "8" },
        { "DELETED_TASKS", "8" }, { "UNDO", "8" }, { "DIALOGS", "8" }, { "LINK_REQUESTS", "8" }, { "TOKENS", "8" }, { "LLM_USAGE", "8" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_setting_has_its_effect(string name) => Effects[name](name);

    [Theory]
    [MemberData(nameof(Periods))]
    public void A_retention_period_reaches_its_rule(string name, string days)
    {
        var standard = RetentionRules.Of(new RetentionOptions());
        var setting = $"FOCOBOT_RETENTION_{name}_DAYS";

        var changed = RetentionRules.Of(RetentionOptions.Load(Configured((setting, days))));

        var differing = changed.Zip(standard).Where(pair => pair.First.KeptFor != pair.Second.KeptFor).ToList();
        Assert.NotEmpty(differing);
        Assert.All(differing, pair => Assert.Equal(days, pair.First.KeptFor.TotalDays.ToString("0", System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var wrong in new[] { "0", "-1", "1.5", "soon", "36501" })
            Assert.Contains(setting, Assert.Throws<StartupException>(() => RetentionOptions.Load(Configured((setting, wrong)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FOCOBOT_SESSION_TIMEOUT_HOURS", "0")]
    [InlineData("FOCOBOT_MAX_SESSION_DAYS", "a week")]
    [InlineData("FOCOBOT_REGISTRATION", "maybe")]
    [InlineData("FOCOBOT_BASE_URL", "ftp://example.com")]
    [InlineData("WHATSAPP_DEFAULT_MODE", "sms")]
    [InlineData("PORT", "99999")]
    [InlineData("FOCOBOT_LLM_ORDER", "openai,claudio")]
    [InlineData("TWILIO_ACCOUNT_SID", "AC123")]
    [InlineData("SMTP_URL", "mail.example.com")]
    public async Task An_unusable_value_stops_the_start_and_names_the_setting(string name, string value)
    {
        await using var data = await TestDatabase.CreateAsync();
        var error = await Assert.ThrowsAsync<StartupException>(() => PreparedAsync(data, (name, value)));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FOCOBOT_CRON_SECRET")]
    [InlineData("FOCOBOT_FINGERPRINT_SECRET")]
    [InlineData("FOCOBOT_ENCRYPTION_KEY")]
    public Task A_secret_of_less_than_32_characters_is_refused(string name) => WeakSecretAsync(name);

    private static Task WeakSecretAsync(string name)
    {
        var secrets = new Dictionary<string, string>(TestServer.ProductionSecrets) { [name] = new string('x', 31) };
        var error = Assert.Throws<StartupException>(() => Secrets.Load(Configured([.. secrets.Select(pair => (pair.Key, pair.Value))]), ".", development: false));
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", error.Message, StringComparison.Ordinal);
        secrets[name] = new string('x', 32);
        _ = Secrets.Load(Configured([.. secrets.Select(pair => (pair.Key, pair.Value))]), ".", development: false);
        return Task.CompletedTask;
    }

    private static async Task FingerprintsDifferAsync(string name)
    {
        var seen = new List<byte[]>();
        foreach (var secret in new[] { new string('a', 32), new string('b', 32) })
        {
            await using var server = await TestServer.StartAsync(new() { [name] = secret });
            seen.Add(server.Services.GetRequiredService<Fingerprints>().Of("twilio", "whatsapp:+1", null));
        }

        Assert.NotEqual(seen[0], seen[1]);
    }

    private static async Task WrongKeyAsync(string name)
    {
        await using var data = await TestDatabase.CreateAsync();
        await using (var app = await PreparedAsync(data, (name, new string('a', 32)))) { }
        var error = await Assert.ThrowsAsync<StartupException>(() => PreparedAsync(data, (name, new string('b', 32))));
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        await using (var app = await PreparedAsync(data, (name, new string('a', 32)))) { }
    }

    private static async Task SessionEndAsync(string name, string value, string column, TimeSpan expected)
    {
        await using var channel = await BusinessChannel.StartAsync(new() { [name] = value });
        await channel.LinkedAsync("+14155550123");
        var end = await channel.Server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<DateTimeOffset>($"SELECT {column} FROM whatsapp_bot_sessions"), None);
        Assert.Equal(channel.Server.Clock.GetUtcNow() + expected, end);
    }

    private static async Task SignedForAsync(string name, string value, string url)
    {
        await using var channel = await BusinessChannel.StartAsync(new() { ["FOCOBOT_BASE_URL"] = "", [name] = value });
        var form = new Dictionary<string, string> { ["MessageSid"] = channel.NextSid(), ["AccountSid"] = BusinessChannel.AccountSid, ["From"] = "whatsapp:+14155550123", ["To"] = "whatsapp:" + BusinessChannel.Number, ["Body"] = "hola" };
        using var right = await channel.PostAsync(form, TwilioSigner.Sign(BusinessChannel.AuthToken, url + Webhook, form));
        using var wrong = await channel.PostAsync(form, TwilioSigner.Sign(BusinessChannel.AuthToken, TestServer.BaseUrl + Webhook, form));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (right.StatusCode, wrong.StatusCode));
    }

    private static async Task ListensAsync(string name)
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var server = await ProgramProcess.Start(data).ReadyAsync(); // it is told by PORT alone, and asked there
        Assert.Equal("http://localhost:8080", ListenAddress.Choose(Configured((name, "8080")), development: true));
        Assert.Equal("http://*:8080", ListenAddress.Choose(Configured((name, "8080"), ("HTTP_PORTS", "80")), development: false));
        Assert.Null(ListenAddress.Choose(Configured((name, "8080"), ("URLS", "http://localhost:1")), development: true));
        Assert.Equal("http://localhost:5080", ListenAddress.Choose(Configured(), development: true));
    }

    private static async Task DataFolderAsync(string name)
    {
        await using var data = await TestDatabase.CreateAsync();
        var folder = Path.Combine(data.Directory, "elsewhere");
        await using var app = await PreparedAsync(data, (name, folder));
        Assert.True(File.Exists(Path.Combine(folder, "secrets.json")));
        Assert.Equal(data.Postgres is null, File.Exists(Path.Combine(folder, "focobot.db")));
    }

    private static async Task RegistrationAsync(string name)
    {
        foreach (var (value, status) in new[] { ("open", 201), ("invite", 403), ("closed", 403) })
        {
            await using var server = await TestServer.StartAsync(new(TestServer.ProductionSecrets) { [name] = value }, "Production");
            using var answer = await server.Browser().RegisterAsync("ana@example.com");
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    private static async Task ProviderAsync(string provider, string name)
    {
        await using var standIn = await LanguageModelStandIn.StartAsync(provider);
        standIn.Answer(StandInAnswers.BuyBulbs());
        var prefix = provider.ToUpperInvariant();
        var settings = new Dictionary<string, string> { [prefix + "_API_KEY"] = "key-of-this-test", [prefix + "_MODEL"] = "model-of-this-test", [prefix + "_BASE_URL"] = standIn.BaseUrl };
        await using var server = await TestServer.StartAsync(settings);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

        await server.Services.GetRequiredService<Interpreter>().AskAsync(new InterpretationRequest("comprar focos mañana", "es", server.Clock.GetUtcNow(), zone, []), None);

        var call = Assert.Single(standIn.Calls); // the address
        if (name.EndsWith("KEY", StringComparison.Ordinal)) Assert.Equal("Bearer key-of-this-test", call.Authorization);
        if (name.EndsWith("MODEL", StringComparison.Ordinal)) Assert.Equal("model-of-this-test", call.Body.GetProperty("model").GetString());
    }

    private static async Task ProviderOrderAsync(string name)
    {
        await using var server = await TestServer.StartAsync(new() { ["OPENAI_API_KEY"] = "o", ["GLM_API_KEY"] = "g", [name] = "glm,openai" });
        Assert.Equal(["glm", "openai"], server.Services.GetRequiredService<LanguageModelOptions>().ProviderNames);
    }

    // A code that is sent to a phone is a message of ours like any other.
    private static Task SentAsync(Action<RecordedMessage> look, params (string Name, string Value)[] settings) => SentAsync(null, look, settings);

    private static async Task SentAsync(TwilioStandIn? other, Action<RecordedMessage> look, params (string Name, string Value)[] settings)
    {
        await using var standIn = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = BusinessChannel.AccountSid, AuthToken = BusinessChannel.AuthToken });
        var all = new Dictionary<string, string>
        {
            ["TWILIO_ACCOUNT_SID"] = BusinessChannel.AccountSid,
            ["TWILIO_AUTH_TOKEN"] = BusinessChannel.AuthToken,
            ["TWILIO_WHATSAPP_NUMBER"] = BusinessChannel.Number,
            ["TWILIO_API_BASE_URL"] = standIn.BaseUrl.ToString(),
            ["TWILIO_TEMPLATE_CODE_ES"] = "HX" + new string('f', 32),
            ["TWILIO_TEMPLATE_CODE_EN"] = "HX" + new string('e', 32),
        };
        foreach (var (setting, value) in settings) all[setting] = value;
        await using var server = await TestServer.StartAsync(all);
        var browser = await server.SignUpAsync();

        await browser.PostAsync("/api/integrations/whatsapp/link", new { phone = "+14155550123", delivery = "send" }).OkJsonAsync();

        look(await BusinessChannel.EventuallyAsync(() => Task.FromResult((other ?? standIn).Messages.To("whatsapp:+14155550123").FirstOrDefault())));
    }

    private static async Task ApiKeyAsync()
    {
        // This Twilio knows the key and not our token: nothing could be sent without both settings.
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = BusinessChannel.AccountSid, AuthToken = new string('9', 32), ApiKeySid = "SK" + Sid, ApiKeySecret = "secret-secret-secret" });
        await SentAsync(twilio, message => Assert.NotEmpty(message.Sid), ("TWILIO_API_BASE_URL", twilio.BaseUrl.ToString()), ("TWILIO_API_KEY_SID", "SK" + Sid), ("TWILIO_API_KEY_SECRET", "secret-secret-secret"));
    }

    private static async Task ShownNumberAsync(string name)
    {
        await using var channel = await BusinessChannel.StartAsync(new() { [name] = "+5215577770000" });
        var link = await (await channel.Server.SignUpAsync()).PostAsync("/api/integrations/whatsapp/link", new { phone = "+14155550123" }).OkJsonAsync();
        Assert.StartsWith("https://wa.me/5215577770000?text=VERIFICAR", link.GetProperty("waLink").GetString(), StringComparison.Ordinal);
    }

    private static async Task DefaultModeAsync(string name)
    {
        await using var server = await TestServer.StartAsync(new() { [name] = "hybrid" });
        var settings = await (await server.SignUpAsync()).GetPathAsync("/api/settings/whatsapp").OkJsonAsync();
        Assert.Equal("""{"mode":"hybrid","twilioFor":["notifications","broadcasts"],"deviceFor":[],"devices":[]}""", settings.ToString());
    }

    private static async Task EngineAsync(string name)
    {
        await using var data = await TestDatabase.CreateAsync();
        var builder = WebApplication.CreateBuilder(["--environment=Development", $"--FOCOBOT_DATA_DIR={data.Directory}", $"--{name.Replace("__", ":", StringComparison.Ordinal)}=Host=127.0.0.1"]);
        builder.AddFocoBot();
        await using var app = builder.Build();
        Assert.Equal("postgres", app.Services.GetRequiredService<Database>().Engine);
    }

    private static async Task MailAsync(string name)
    {
        await using var post = new FakeMailServer();
        await using var server = await TestServer.StartAsync(new() { [name] = post.Url });
        using var answer = await server.Browser().RegisterAsync("ana@example.com");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("<ana@example.com>", (await post.NextAsync()).To);
    }

    // The server up to the point where it would listen.
    private static async Task<WebApplication> PreparedAsync(TestDatabase data, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["environment"] = "Development", ["FOCOBOT_DATA_DIR"] = data.Directory };
        if (data.Postgres is not null) all["ConnectionStrings:Postgres"] = data.Postgres;
        foreach (var (name, value) in settings) all[name] = value;
        var builder = WebApplication.CreateBuilder([.. all.Select(pair => $"--{pair.Key}={pair.Value}")]);
        builder.AddFocoBot();
        var app = builder.Build();
        try
        {
            await app.PrepareAsync(announce: false);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static IConfiguration Configured(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value))).Build();
}
