using System.Net.Http.Json;
using FocoBot.Events;
using FocoBot.Tests.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Preferences;

public class SettingsTests
{
    [Fact]
    public async Task A_new_account_has_the_defaults()
    {
        await using var server = await TestServer.StartAsync();
        var settings = await (await server.SignUpAsync()).GetPathAsync("/api/settings").OkJsonAsync();
        Assert.Equal("""{"language":"es","timeZone":"America/Mexico_City","digest":{"enabled":true,"time":"08:00"},"summary":{"enabled":true,"time":"20:00"},"llmConsent":false}""", settings.ToString());
    }

    [Fact]
    public async Task What_is_given_changes_and_the_rest_stays()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();

        await PatchAsync(browser, new { timeZone = "Europe/Madrid", digest = new { time = "06:30" }, summary = new { enabled = false }, llmConsent = true }).OkJsonAsync();
        await PatchAsync(browser, new { language = "en" }).OkJsonAsync();

        var settings = await browser.GetPathAsync("/api/settings").OkJsonAsync();
        Assert.Equal("""{"language":"en","timeZone":"Europe/Madrid","digest":{"enabled":true,"time":"06:30"},"summary":{"enabled":false,"time":"20:00"},"llmConsent":true}""", settings.ToString());
    }

    [Fact]
    public async Task The_time_of_a_consent_is_the_first_and_it_can_be_taken_back()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        var first = server.Clock.GetUtcNow();
        await PatchAsync(browser, new { llmConsent = true }).OkJsonAsync();
        server.Clock.Leap(TimeSpan.FromDays(1));
        await PatchAsync(browser, new { llmConsent = true }).OkJsonAsync();
        Assert.Equal(first, await server.Database.AsService("test").ReadAsync(work => work.FirstAsync<DateTimeOffset>("SELECT llm_consent_at FROM accounts")));

        var settings = await PatchAsync(browser, new { llmConsent = false }).OkJsonAsync();

        Assert.False(settings.GetProperty("llmConsent").GetBoolean());
    }

    [Theory]
    [InlineData("""{"language":"fr"}""", "language")]
    [InlineData("""{"timeZone":"UTC+25"}""", "timeZone")]
    [InlineData("""{"timeZone":"Pacific Standard Time"}""", "timeZone")]
    [InlineData("""{"digest":{"time":"25:00"}}""", "digest.time")]
    [InlineData("""{"summary":{"time":"8pm"}}""", "summary.time")]
    public async Task What_cannot_be_set_is_named(string body, string field)
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        var before = (await browser.GetPathAsync("/api/settings").OkJsonAsync()).ToString();

        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var problem = await browser.PatchAsync("/api/settings", content).RefusedAsync(422, "INVALID");

        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Equal(before, (await browser.GetPathAsync("/api/settings").OkJsonAsync()).ToString());
    }

    [Fact]
    public async Task A_change_is_an_event_of_the_account()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        var account = (await browser.GetMeAsync().OkJsonAsync()).GetProperty("id").GetGuid();

        await PatchAsync(browser, new { language = "en" }).OkJsonAsync();

        var read = await server.Database.AsAccount(account).ReadAsync(work => server.Services.GetRequiredService<EventLog>().ReadAsync(work, account, 0, 10));
        var change = Assert.Single(read);
        Assert.Equal("settings.updated", change.Type);
        Assert.Equal("en", change.Data.GetProperty("language").GetString());
    }

    [Fact]
    public async Task Everybody_has_settings_of_their_own_and_a_key_needs_the_scope()
    {
        await using var server = await TestServer.StartAsync();
        var (ana, bo) = (await server.SignUpAsync(), await server.SignUpAsync());
        await PatchAsync(server.Program(await TestServer.ApiKeyAsync(ana, "account:read")), new { language = "en" }).RefusedAsync(403, "FORBIDDEN");
        await PatchAsync(server.Program(await TestServer.ApiKeyAsync(ana, "account:write")), new { language = "en" }).OkJsonAsync();

        Assert.Equal("en", (await ana.GetPathAsync("/api/settings").OkJsonAsync()).GetProperty("language").GetString());
        Assert.Equal("es", (await bo.GetPathAsync("/api/settings").OkJsonAsync()).GetProperty("language").GetString());
    }

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, object body) => client.PatchAsJsonAsync("/api/settings", body, TestContext.Current.CancellationToken);
}
