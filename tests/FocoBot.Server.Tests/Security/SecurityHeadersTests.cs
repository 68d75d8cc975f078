using System.Net;
using FocoBot.Tests.Accounts;

namespace FocoBot.Tests.Security;

public class SecurityHeadersTests
{
    [Theory]
    [InlineData("/api/auth/me", 200)]
    [InlineData("/api/nothing-here", 404)]
    public async Task Every_answer_of_the_api_carries_them(string path, int status)
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();

        using var response = await browser.GetPathAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(response, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Equal("no-store", Header(response, "Cache-Control"));
        Assert.Equal("max-age=31536000", Header(response, "Strict-Transport-Security"));
    }

    [Fact]
    public async Task Refusals_carry_them_too()
    {
        await using var server = await TestServer.StartAsync();
        using var refused = await server.Browser().GetMeAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("no-store", Header(refused, "Cache-Control"));
        Assert.Equal("Bearer", Header(refused, "WWW-Authenticate"));
        Assert.Equal("nosniff", Header(refused, "X-Content-Type-Options"));
    }

    [Fact]
    public async Task Localhost_and_plain_http_are_not_bound_to_https()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var address in new[] { "http://localhost:5080/api/auth/me", "https://localhost:5081/api/auth/me", "http://bot.example.com/api/auth/me" })
        {
            using var response = await server.Browser().GetPathAsync(address);
            Assert.False(response.Headers.Contains("Strict-Transport-Security"), address);
        }
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
