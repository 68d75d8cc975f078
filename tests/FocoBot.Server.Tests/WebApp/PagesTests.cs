using System.Net;
using System.Text.RegularExpressions;
using FocoBot.Tests.Devices;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.WebApp;

/// <summary>The browser app is one page under many addresses; programs' addresses are never mistaken for it.</summary>
public sealed partial class PagesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/tasks")]
    [InlineData("/settings/whatsapp?relink=1")]
    public async Task Every_page_is_the_app_with_a_nonce_of_its_own(string path)
    {
        await using var server = await StartAsync();
        var (first, second) = (await PageAsync(server, path), await PageAsync(server, path));

        Assert.NotEqual(first.Nonce, second.Nonce);
        Assert.Contains($"style-src-elem 'self' 'nonce-{first.Nonce}'", first.Policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", first.Policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", first.Policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/assets/gone.js")]
    [InlineData("/favicon.gif")]
    public async Task What_is_no_page_is_not_found(string path)
    {
        await using var server = await StartAsync();
        using var answer = await (await server.SignUpAsync()).GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("NOT_FOUND", (await answer.JsonAsync()).Text("code"));
    }

    [Fact]
    public async Task Nothing_can_be_sent_to_a_page()
    {
        await using var server = await StartAsync();
        using var answer = await server.Browser().PostAsync("/tasks", new { });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_built_app_the_description_of_the_API_stands_in()
    {
        await using var server = await StartAsync(page: null);
        using var answer = await server.Browser().GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(("/docs", HttpStatusCode.Redirect), (answer.Headers.Location?.ToString(), answer.StatusCode));
    }

    [Fact]
    public async Task The_app_learns_what_the_server_offers_before_anybody_signs_in()
    {
        await using var server = await TestServer.StartAsync(new() { ["FOCOBOT_REGISTRATION"] = "invite" });
        var app = await server.Browser().OkGetAsync("/api/app");
        Assert.Equal(("invite", false), (app.Text("registration"), app.GetProperty("sandbox").GetBoolean()));
    }

    [Fact]
    public async Task Virtual_phones_are_passed_on_to_those_who_are_signed_in()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");

        Assert.True((await ana.OkGetAsync("/api/app")).GetProperty("sandbox").GetBoolean());
        Assert.Equal("Ana", (await ana.OkGetAsync($"/sandbox/phones/{phone.Number}")).Text("pushName"));
        using var refused = await world.Server.Browser().GetAsync($"/sandbox/phones/{phone.Number}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var program = world.Server.Program(await TestServer.ApiKeyAsync(ana, "devices:read", "devices:write"));
        using var forbidden = await program.GetAsync($"/sandbox/phones/{phone.Number}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Without_an_offline_network_there_is_nothing_to_pass_on_to()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await (await server.SignUpAsync()).GetAsync("/sandbox/info", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<TestServer> StartAsync(string? page = """<!doctype html><meta name="csp-nonce" content="{{nonce}}">""")
    {
        var data = await TestDatabase.CreateAsync();
        var root = Directory.CreateDirectory(Path.Combine(data.Directory, "wwwroot")).FullName;
        if (page is not null) await File.WriteAllTextAsync(Path.Combine(root, "index.html"), page, TestContext.Current.CancellationToken);
        return await TestServer.StartAsync(new() { ["webroot"] = root }, data: data);
    }

    private static async Task<(string Nonce, string Policy)> PageAsync(TestServer server, string path)
    {
        using var answer = await server.Browser().GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        return (Nonce().Match(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }

    [GeneratedRegex("content=\"([A-Za-z0-9+/=]{24})\"")]
    private static partial Regex Nonce();
}
