using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Tests.Accounts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Http;

public class TrustedProxiesTests
{
    [Theory]
    [InlineData(null, "127.0.0.1", "203.0.113.7")]
    [InlineData(null, "::1", "203.0.113.7")]
    [InlineData(null, "::ffff:127.0.0.1", "203.0.113.7")]
    [InlineData(null, "10.0.0.5", "10.0.0.5")]
    [InlineData("10.0.0.0/8, 192.0.2.9", "10.0.0.5", "203.0.113.7")]
    [InlineData("10.0.0.0/8, 192.0.2.9", "192.0.2.9", "203.0.113.7")]
    [InlineData("10.0.0.0/8, 192.0.2.9", "192.0.2.10", "192.0.2.10")]
    [InlineData("10.0.0.0/8, 192.0.2.9", "127.0.0.1", "127.0.0.1")]
    public async Task Only_a_configured_proxy_says_who_the_caller_is(string? trusted, string peer, string seen)
    {
        await using var server = await TestServer.StartAsync(trusted is null ? null : new() { ["FOCOBOT_TRUSTED_PROXIES"] = trusted });
        var browser = server.Browser("203.0.113.7");
        browser.DefaultRequestHeaders.Add("X-Test-Peer", peer);

        await browser.RegisterAsync("ana@example.com").OkJsonAsync();

        var sessions = await browser.GetPathAsync("/api/auth/sessions").OkJsonAsync();
        Assert.Equal(seen, sessions.GetProperty("items")[0].GetProperty("ipAddress").GetString());
    }

    [Fact]
    public async Task A_caller_cannot_put_an_address_before_the_one_the_proxy_saw()
    {
        await using var server = await TestServer.StartAsync();
        var browser = server.Browser("1.2.3.4, 203.0.113.7");

        await browser.RegisterAsync("ana@example.com").OkJsonAsync();

        var sessions = await browser.GetPathAsync("/api/auth/sessions").OkJsonAsync();
        Assert.Equal("203.0.113.7", sessions.GetProperty("items")[0].GetProperty("ipAddress").GetString());
    }

    [Fact]
    public async Task The_proxy_says_whether_it_was_https()
    {
        await using var server = await TestServer.StartAsync();
        var browser = server.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var response = await browser.GetPathAsync("http://bot.example.com/api/auth/me");
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public void An_unreadable_list_stops_the_start()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("FOCOBOT_TRUSTED_PROXIES", "10.0.0.1,proxy.example.com")]).Build();
        var error = Assert.Throws<StartupException>(() => new ServiceCollection().AddTrustedProxies(configuration));
        Assert.Contains("\"proxy.example.com\"", error.Message, StringComparison.Ordinal);
    }
}
