using System.Text;
using FocoBot.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Accounts;

public class AccessTests
{
    // Everything else must ask who calls. Adding to this list is a decision.
    private static readonly string[] Open =
    [
        "POST /api/auth/register", "POST /api/auth/register/confirm", "POST /api/auth/login", "POST /api/auth/logout",
        "POST /api/auth/password-reset", "POST /api/auth/password-reset/confirm", "POST /api/auth/email/confirm",
    ];

    [Fact]
    public async Task Every_endpoint_of_the_accounts_room_says_who_may_call_it()
    {
        await using var server = await TestServer.StartAsync();
        var endpoints = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.OfType<Microsoft.AspNetCore.Http.Metadata.ITagsMetadata>().Any(tags => tags.Tags.Contains("Accounts"))).ToList();

        Assert.True(endpoints.Count >= 23, $"{endpoints.Count} endpoints");
        var open = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Name);
        Assert.Equal(Open.Order(), open.Order());
        Assert.All(endpoints.Where(endpoint => !Open.Contains(Name(endpoint))), endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy));
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/API/nothing")]
    public async Task What_is_not_mapped_below_api_is_closed_to_strangers(string path)
    {
        await using var server = await TestServer.StartAsync();
        await server.Browser().GetPathAsync(path).RefusedAsync(401, "AUTHENTICATION_FAILED");
        using var outside = await server.Browser().GetPathAsync("/nothing");
        Assert.Equal(404, (int)outside.StatusCode);
    }

    [Fact]
    public async Task Every_scope_is_a_policy_that_a_session_passes_and_a_key_only_with_it()
    {
        await using var server = await TestServer.StartAsync();
        var authorization = server.Services.GetRequiredService<IAuthorizationService>();
        foreach (var scope in Scopes.All)
        {
            Assert.True((await authorization.AuthorizeAsync(User(Caller.SessionClaim, "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), scope)).Succeeded);
            Assert.True((await authorization.AuthorizeAsync(User(Caller.ScopeClaim, scope), scope)).Succeeded);
            foreach (var other in Scopes.All.Where(other => other != scope))
                Assert.False((await authorization.AuthorizeAsync(User(Caller.ScopeClaim, other), scope)).Succeeded);
        }
    }

    [Fact]
    public async Task Plain_http_on_localhost_works_in_development_with_a_plain_cookie()
    {
        await using var server = await TestServer.StartAsync();
        var browser = server.Browser();
        browser.BaseAddress = new Uri("http://localhost:5080");

        using var made = await browser.RegisterAsync("ana@example.com");

        var cookie = Assert.Single(made.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("focobot=", cookie);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        await browser.GetMeAsync().OkJsonAsync();
    }

    [Theory]
    [InlineData("Production", "http://localhost:5080")]
    [InlineData("Development", "http://192.0.2.1:5080")]
    public async Task Anywhere_else_the_cookie_is_secure_even_if_the_request_was_not(string environment, string address)
    {
        await using var server = await TestServer.StartAsync(new(TestServer.ProductionSecrets) { ["FOCOBOT_REGISTRATION"] = "open" }, environment);
        var browser = server.Browser();
        browser.BaseAddress = new Uri(address);

        using var made = await browser.RegisterAsync("ana@example.com");

        var cookie = Assert.Single(made.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-focobot=", cookie);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("{\"email\":\"\\ud800@x\",\"password\":\"x\"}", "application/json", 400)]
    [InlineData("{\"email\":1}", "application/json", 400)]
    [InlineData("email=a&password=b", "application/x-www-form-urlencoded", 415)]
    [InlineData("{}", "text/plain", 415)]
    public async Task A_body_that_is_not_what_it_should_be_is_the_callers_problem(string body, string type, int status)
    {
        await using var server = await TestServer.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await server.Browser().PostAsync("/api/auth/login", content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Denied_requests_of_one_address_fill_the_audit_log_only_so_far()
    {
        await using var server = await TestServer.StartAsync();
        var guesser = server.Program("fb_" + new string('A', 43));
        for (var i = 0; i < 50; i++) await guesser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");

        Assert.Equal(20, await server.AuditedAsync("unauthorized_access_attempt", "KEY_REFUSED"));
    }

    private static string Name(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single() + " " + endpoint.RoutePattern.RawText;

    private static System.Security.Claims.ClaimsPrincipal User(string claim, string value) =>
        new(new System.Security.Claims.ClaimsIdentity([new(Caller.AccountClaim, "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), new(claim, value)], "test"));
}
