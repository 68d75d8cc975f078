using System.Net;
using FocoBot.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FocoBot.Tests.Http;

public sealed class HabitsTests
{
    [Fact]
    public async Task A_body_that_is_not_the_expected_json_is_a_problem_of_the_caller()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        string[] bad =
        [
            "{", "{\"title\": \"a\",}", "{\"title\": \"a\" /* why */}", "{\"title\": 7}", "{\"title\": \"a\", \"title\": \"b\"}", "[]", "\"a\"",
            "{\"title\": \"\\ud800\"}", "{\"projectId\": \"7\"}", new string('[', 200), "{\"x\": " + new string('[', 60) + new string(']', 60) + "}",
        ];

        foreach (var body in bad) await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", body).RefusedAsync(400, "INVALID_JSON");
        await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", "").RefusedAsync(400, "INVALID");
        await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", "null").RefusedAsync(400, "INVALID");
        await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", "title=a", "application/x-www-form-urlencoded").RefusedAsync(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        using var body = new ByteArrayContent([.. "{\"title\": \""u8, 0xC3, 0x28, .. "\"}"u8]);
        body.Headers.ContentType = new("application/json");

        await ana.PostAsync("/api/tasks", body, TestContext.Current.CancellationToken).RefusedAsync(400, "INVALID_JSON");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_not_read()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", $$"""{"title": "{{new string('a', 256 * 1024)}}"}""").RefusedAsync(413, "BODY_TOO_LARGE");
        await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", $$"""{"title": "{{new string('a', 250 * 1024)}}"}""").RefusedAsync(422, "INVALID");
    }

    [Fact]
    public async Task What_is_not_there_or_not_taken_is_a_problem_too()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        await ana.GetPathAsync("/api/nothing").RefusedAsync(404, "NOT_FOUND");
        await ana.GetPathAsync("/api/tasks/7").RefusedAsync(404, "NOT_FOUND");
        await ana.SendTextAsync(HttpMethod.Put, "/api/tasks", "{}").RefusedAsync(405, "METHOD_NOT_ALLOWED");
        await ana.GetPathAsync("/api/tasks?limit=many").RefusedAsync(400, "INVALID");
        await ana.GetPathAsync("/api/tasks?project=7").RefusedAsync(400, "INVALID");
    }

    [Fact]
    public async Task A_failure_of_ours_tells_a_trace_and_nothing_else()
    {
        const string Planted = "planted +5215512345678";
        await using var server = await TestServer.StartAsync(services: services => services.AddSingleton<IStartupFilter>(new Fails(Planted)));

        var problem = await server.Browser().GetPathAsync("/fails").RefusedAsync(500, "INTERNAL");

        Assert.NotEmpty(problem.Text("traceId")!);
        Assert.DoesNotContain("planted", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_end_after_thirty_seconds_but_for_those_that_wait_for_events()
    {
        await using var server = await TestServer.StartAsync();
        var policy = server.Services.GetRequiredService<IOptions<RequestTimeoutOptions>>().Value.DefaultPolicy;
        var endless = server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null)
            .OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Equal(TimeSpan.FromSeconds(30), policy?.Timeout);
        Assert.Equal(["/api/events/", "/api/events/stream", "/api/integrations/whatsapp/device/{id:guid}/stream"], endless.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_docs_page_loads_from_us_alone()
    {
        await using var server = await TestServer.StartAsync();
        using var anyone = server.Browser();

        using var page = await anyone.GetPathAsync("/docs/index.html");
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var script = await anyone.GetPathAsync("/docs/swagger-ui-bundle.js");
        using var api = await anyone.GetPathAsync("/health/live");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("script-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal); // an inline script would not run
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
        Assert.DoesNotContain("script-src", api.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private sealed class Fails(string message) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Map("/fails", failing => failing.Run(_ => throw new InvalidOperationException(message)));
        };
    }
}
