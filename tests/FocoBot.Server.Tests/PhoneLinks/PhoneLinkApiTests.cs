using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FocoBot.Accounts;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocoBot.Tests.PhoneLinks;

public class PhoneLinkApiTests
{
    private const string Link = "/api/integrations/whatsapp/link";
    private const string Verify = "/api/integrations/whatsapp/verify";
    private const string Unlink = "/api/integrations/whatsapp/unlink";

    private static readonly Dictionary<string, string> Twilio = new()
    {
        ["TWILIO_ACCOUNT_SID"] = "AC00000000000000000000000000000000",
        ["TWILIO_AUTH_TOKEN"] = "0123456789abcdef0123456789abcdef",
        ["TWILIO_WHATSAPP_NUMBER"] = "+14155238886",
        ["WHATSAPP_BUSINESS_NUMBER"] = "+14155238886",
    };

    [Fact]
    public async Task Link_shows_a_code_and_how_to_send_it()
    {
        await using var server = await StartAsync(Twilio);
        var (client, _) = await SignInAsync(server, "en");

        using var response = await client.PostAsync(Link, new { phone = "+52 1 55 1234 5678" });
        var answer = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var code = answer.GetProperty("code").GetString()!;
        Assert.Equal("+525512345678", answer.GetProperty("phone").GetString());
        Assert.Equal("inbound", answer.GetProperty("purpose").GetString());
        Assert.Equal(server.Clock.GetUtcNow().AddMinutes(10), answer.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.Equal($"https://wa.me/14155238886?text=VERIFY%20{code}", answer.GetProperty("waLink").GetString());
        Assert.Equal($"From that phone, send \"VERIFY {code}\" on WhatsApp to +14155238886. The code is good for 10 minutes.", answer.GetProperty("instructions").GetString());
    }

    [Fact]
    public async Task Without_a_business_number_there_is_no_link_to_open()
    {
        await using var server = await StartAsync();
        var (client, _) = await SignInAsync(server);

        var answer = await client.PostAsync(Link, new { phone = "0812-3456-7890", country = "ID" }).OkJsonAsync();

        Assert.Equal("+6281234567890", answer.GetProperty("phone").GetString());
        Assert.False(answer.TryGetProperty("waLink", out _));
        Assert.Contains("VERIFICAR", answer.GetProperty("instructions").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "Desde un WhatsApp que oculta su número, envía «VERIFICAR {0}» por WhatsApp al +14155238886. El código vale 10 minutos. Si el tuyo muestra su número, pide un código con tu teléfono.")]
    [InlineData("en", "From a WhatsApp that hides its number, send \"VERIFY {0}\" on WhatsApp to +14155238886. The code is good for 10 minutes. If yours shows its number, ask for a code with your phone.")]
    public async Task Who_names_no_phone_is_told_that_the_code_is_for_hidden_numbers(string language, string expected)
    {
        await using var server = await StartAsync(Twilio);
        var (client, _) = await SignInAsync(server, language);

        var answer = await client.PostAsync(Link, new { }).OkJsonAsync();

        Assert.Equal(string.Format(CultureInfo.InvariantCulture, expected, answer.GetProperty("code").GetString()), answer.GetProperty("instructions").GetString());
    }

    [Fact]
    public async Task The_code_from_link_posted_to_verify_links_nothing()
    {
        await using var server = await StartAsync();
        var (client, _) = await SignInAsync(server);
        var code = (await client.PostAsync(Link, new { phone = "+525512345678" }).OkJsonAsync()).GetProperty("code").GetString();

        await RefusedAsync(client.PostAsync(Verify, new { phone = "+525512345678", code }), 422, "CODE_INVALID");

        var link = Assert.Single((await client.GetAsync(Link, TestContext.Current.CancellationToken).OkJsonAsync()).GetProperty("items").EnumerateArray());
        Assert.False(link.GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task A_sent_code_is_in_no_answer_and_links_when_typed()
    {
        await using var server = await StartAsync(Twilio);
        var (client, caller) = await SignInAsync(server);

        var answer = await client.PostAsync(Link, new { phone = "+525512345678", delivery = "send" }).OkJsonAsync();
        Assert.Equal("outbound", answer.GetProperty("purpose").GetString());
        Assert.False(answer.TryGetProperty("code", out _));
        var code = await SentCodeAsync(server, caller);
        Assert.DoesNotContain(code, answer.GetRawText(), StringComparison.Ordinal);

        Assert.Equal("linked", (await client.PostAsync(Verify, new { phone = "55 1234 5678", country = "MX", code }).OkJsonAsync()).GetProperty("status").GetString());
        var link = Assert.Single((await client.GetAsync(Link, TestContext.Current.CancellationToken).OkJsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal((true, false, server.Clock.GetUtcNow()), (link.GetProperty("verified").GetBoolean(), link.GetProperty("suspended").GetBoolean(), link.GetProperty("linkedAt").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_held_phone_is_asked_before_it_moves()
    {
        await using var server = await StartAsync(Twilio);
        var (old, oldCaller) = await SignInAsync(server);
        var (next, caller) = await SignInAsync(server);
        await old.PostAsync(Link, new { phone = "+525512345678", delivery = "send" }).OkJsonAsync();
        await old.PostAsync(Verify, new { phone = "+525512345678", code = await SentCodeAsync(server, oldCaller) }).OkJsonAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await next.PostAsync(Link, new { phone = "+525512345678", delivery = "send" }).OkJsonAsync();

        using var response = await next.PostAsync(Verify, new { phone = "+525512345678", code = await SentCodeAsync(server, caller) });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("confirm_on_whatsapp", (await response.JsonAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_can_not_be_done_is_said_clearly()
    {
        await using var server = await StartAsync(new() { ["WHATSAPP_DEVICE_LINKING_ENABLED"] = "false" });
        var (client, _) = await SignInAsync(server);

        await RefusedAsync(client.PostAsync(Link, new { phone = "+525512345678", deviceLinking = true, method = "qr_code" }), 404, "FEATURE_DISABLED");
        await RefusedAsync(client.PostAsync(Link, new { phone = "+525512345678", delivery = "send" }), 404, "FEATURE_DISABLED");
        await RefusedAsync(client.PostAsync(Link, new { phone = "+525512345678", delivery = "pigeon" }), 422, "INVALID");
        await RefusedAsync(client.PostAsync(Link, new { phone = "12345" }), 422, "INVALID_PHONE");
        await RefusedAsync(client.PostAsync(Link, new { delivery = "send" }), 422, "INVALID_PHONE");
        await RefusedAsync(client.PostAsync(Verify, new { phone = "12345", code = "123456" }), 422, "INVALID_PHONE");
        await RefusedAsync(client.PostAsync(Verify, new { phone = "+525512345678" }), 422, "CODE_INVALID");
        await RefusedAsync(client.PostAsync(Verify, new { phone = "+525512345678", code = new string('1', 3000) }), 422, "CODE_INVALID");
    }

    [Fact]
    public async Task Asking_too_often_says_when_to_come_back()
    {
        await using var server = await StartAsync();
        var (client, _) = await SignInAsync(server);
        await client.PostAsync(Link, new { phone = "+525512345678" }).OkJsonAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(18.5));

        using var response = await client.PostAsync(Link, new { phone = "+525512345678" });

        Assert.Equal(TimeSpan.FromSeconds(42), response.Headers.RetryAfter!.Delta);
        await RefusedAsync(Task.FromResult(response), 429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Unlink_tells_then_ends_a_link()
    {
        await using var server = await StartAsync();
        var (client, caller) = await SignInAsync(server);
        await LinkAsync(server, client, "+525512345678");
        await LinkAsync(server, client, "+14155552671");
        var preview = await client.GetAsync(Unlink, TestContext.Current.CancellationToken).OkJsonAsync();
        Assert.Equal(2, preview.GetProperty("items").GetArrayLength());
        Assert.Contains("bot_session", preview.GetProperty("ends").EnumerateArray().Select(item => item.GetString()));

        await RefusedAsync(DeleteAsync(client, Unlink), 422, "INVALID");
        await RefusedAsync(DeleteAsync(client, Unlink, new { phone = "+34612345678" }), 404, "NOT_FOUND");
        Assert.Equal("+525512345678", (await DeleteAsync(client, Unlink, new { phone = "+5215512345678" }).OkJsonAsync()).GetProperty("phone").GetString());
        Assert.Equal("+14155552671", (await DeleteAsync(client, Unlink, new { phone = "+1 415 555 2671" }).OkJsonAsync()).GetProperty("phone").GetString());

        await RefusedAsync(DeleteAsync(client, Unlink), 404, "NOT_FOUND");
        var verdict = await server.Database.AsService("test").ReadAsync(work => BotSessions.FindAsync(work, LinkWorld.Sender(LinkWorld.Ana)));
        Assert.Null(verdict);
        var audit = await server.Database.AsService("test").ReadAsync(work => work.QueryAsync<string>("SELECT action_type FROM whatsapp_security_audit_log WHERE user_id = @AccountId ORDER BY id", new { caller.AccountId }));
        Assert.Equal(["session_revoked", "account_unlinked", "session_revoked", "account_unlinked"], audit[^4..]);
    }

    [Fact]
    public async Task A_further_phone_asks_for_the_password_even_after_an_unlink()
    {
        await using var server = await StartAsync();
        var (client, _) = await SignInAsync(server);
        await LinkAsync(server, client, "+525512345678");

        await RefusedAsync(client.PostAsync(Link, new { phone = "+14155552671" }), 422, "INVALID");
        await RefusedAsync(client.PostAsync(Link, new { phone = "+14155552671", password = "not the password" }), 403, "WRONG_PASSWORD");
        await DeleteAsync(client, Unlink).OkJsonAsync();
        await RefusedAsync(client.PostAsync(Link, new { phone = "+14155552671" }), 422, "INVALID");
        await LinkAsync(server, client, "+14155552671");
    }

    [Fact]
    public async Task Nobody_sees_or_ends_the_links_of_others()
    {
        await using var server = await StartAsync();
        var (ana, _) = await SignInAsync(server);
        var (eve, _) = await SignInAsync(server);
        await LinkAsync(server, ana, "+525512345678");
        var id = (await ana.GetAsync(Link, TestContext.Current.CancellationToken).OkJsonAsync()).GetProperty("items")[0].GetProperty("id").GetString();

        Assert.Equal(0, (await eve.GetAsync(Link, TestContext.Current.CancellationToken).OkJsonAsync()).GetProperty("items").GetArrayLength());
        await RefusedAsync(DeleteAsync(eve, $"{Unlink}?id={id}"), 404, "NOT_FOUND");
        await DeleteAsync(ana, $"{Unlink}?id={id}").OkJsonAsync();
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(Scopes.TasksRead, HttpStatusCode.Forbidden)]
    public async Task The_links_scope_is_needed(string? scope, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        var client = scope is null ? server.Browser() : server.Program(await TestServer.ApiKeyAsync(await server.SignUpAsync(), scope));

        Assert.Equal(expected, (await client.PostAsync(Link, new { phone = "+525512345678" })).StatusCode);
        Assert.Equal(expected, (await client.GetAsync(Link, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(expected, (await DeleteAsync(client, Unlink)).StatusCode);
    }

    [Fact]
    public async Task Neither_phone_nor_code_is_logged()
    {
        using var log = new LogKeeper();
        await using var server = await TestServer.StartAsync(new(Twilio) { ["Logging:LogLevel:Default"] = "Information", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Information" }, services: services => services.AddSingleton<ILoggerProvider>(log));
        var (client, caller) = await SignInAsync(server);
        var shown = (await client.PostAsync(Link, new { phone = "+14155552671" }).OkJsonAsync()).GetProperty("code").GetString()!;
        await client.PostAsync(Link, new { phone = "+525512345678", delivery = "send" }).OkJsonAsync();
        var sent = await SentCodeAsync(server, caller);
        await RefusedAsync(client.PostAsync(Verify, new { phone = "+525512345678", code = shown }), 422, "CODE_INVALID");
        await client.PostAsync(Verify, new { phone = "+525512345678", code = sent }).OkJsonAsync();
        await DeleteAsync(client, Unlink, new { phone = "+525512345678" }).OkJsonAsync();

        Assert.Contains(log.Lines, line => line.Contains("/unlink", StringComparison.Ordinal));
        foreach (var secret in new[] { "5512345678", "4155552671", shown, sent })
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    private static Task<TestServer> StartAsync(Dictionary<string, string>? settings = null) => TestServer.StartAsync(settings);

    private static async Task<(HttpClient Client, Caller Caller)> SignInAsync(TestServer server, string language = "es")
    {
        var client = await server.SignUpAsync();
        await client.PatchAsync("/api/settings", BusinessChannel.JsonContentOf(new { language }), TestContext.Current.CancellationToken).OkJsonAsync();
        var me = await client.GetAsync("/api/auth/me", TestContext.Current.CancellationToken).OkJsonAsync();
        var caller = new Caller(me.GetProperty("id").GetGuid(), null, null, false);
        return (client, caller);
    }

    private static async Task LinkAsync(TestServer server, HttpClient client, string phone)
    {
        var code = (await client.PostAsync(Link, new { phone, password = TestServer.Password }).OkJsonAsync()).GetProperty("code").GetString()!;
        var linking = server.Services.GetRequiredService<PhoneLinking>();
        var outcome = await server.Database.AsService("test").WriteAsync(work => linking.VerifyInboundAsync(work, LinkWorld.Sender("whatsapp:" + phone), code));
        Assert.Equal(VerifyResult.Linked, outcome.Result);
    }

    private static async Task<string> SentCodeAsync(TestServer server, Caller caller)
    {
        var (id, body) = await server.Database.AsService("test").ReadAsync(async work =>
        {
            var id = await work.ScalarAsync<Guid>("SELECT id FROM outbox WHERE user_id = @AccountId AND purpose = 'code' ORDER BY id DESC LIMIT 1", new { caller.AccountId });
            return (id, await work.ScalarAsync<byte[]>("SELECT body FROM outbox WHERE id = @id", new { id }));
        });
        var keyring = server.Services.GetRequiredService<Keyring>();
        var key = await server.Database.AsService("test").ReadAsync(async work => await keyring.OfAsync(work, caller.AccountId));
        return key.OpenJson<FocoBot.Channels.OutboxBody>(FocoBot.Channels.Outbox.BodyColumn, id, body).TemplateValues[0];
    }

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client, string path, object? body = null) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, path) { Content = body is null ? null : JsonContent.Create(body) }, TestContext.Current.CancellationToken);

    private static async Task RefusedAsync(Task<HttpResponseMessage> pending, int status, string code)
    {
        using var response = await pending;
        JsonElement problem = await response.JsonAsync();
        Assert.Equal((status, code), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
    }

    private sealed class LogKeeper : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception) + exception);
        public void Dispose() { }
    }
}
