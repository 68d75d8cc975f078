namespace FocoBot.Tests.Accounts;

public class SessionTests
{
    [Fact]
    public async Task The_cookie_is_host_bound_secure_and_out_of_reach_of_scripts()
    {
        await using var server = await TestServer.StartAsync();
        using var made = await server.Browser().RegisterAsync("ana@example.com");

        var cookie = Assert.Single(made.Headers.GetValues("Set-Cookie"));

        Assert.StartsWith("__Host-focobot=", cookie);
        foreach (var attribute in new[] { "secure", "httponly", "samesite=strict", "path=/" })
            Assert.Contains("; " + attribute, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(43, cookie["__Host-focobot=".Length..cookie.IndexOf(';', StringComparison.Ordinal)].Length);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();

        await browser.PostAsync("/api/auth/logout", null).OkJsonAsync();

        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM web_sessions"));
        Assert.Equal(1, await server.AuditedAsync("session_revoked"));
    }

    [Fact]
    public async Task Signing_in_gives_a_new_token_and_ends_the_one_before()
    {
        await using var server = await TestServer.StartAsync();
        using var made = await server.Browser().RegisterAsync("ana@example.com");
        var before = TokenOf(made);
        var client = server.Browser();
        client.DefaultRequestHeaders.Add("Cookie", "__Host-focobot=" + before);

        using var again = await client.LoginAsync("ana@example.com");

        Assert.NotEqual(before, TokenOf(again));
        var thief = server.Browser();
        thief.DefaultRequestHeaders.Add("Cookie", "__Host-focobot=" + before);
        await thief.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM web_sessions"));
    }

    [Fact]
    public async Task A_session_ends_after_14_days_without_use()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        server.Clock.Leap(TimeSpan.FromDays(13));
        await browser.GetMeAsync().OkJsonAsync();
        server.Clock.Leap(TimeSpan.FromDays(13));
        await browser.GetMeAsync().OkJsonAsync();

        server.Clock.Leap(TimeSpan.FromDays(14));

        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        Assert.Equal(1, await server.AuditedAsync("session_expired"));
    }

    [Fact]
    public async Task A_session_ends_after_90_days_of_use()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        for (var day = 10; day < 90; day += 10)
        {
            server.Clock.Leap(TimeSpan.FromDays(10));
            await browser.GetMeAsync().OkJsonAsync();
        }

        server.Clock.Leap(TimeSpan.FromDays(10));

        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
    }

    [Fact]
    public async Task Last_seen_moves_at_most_once_a_minute()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        var start = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(start, await LastSeenAsync(browser));

        server.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(start.AddMinutes(1), await LastSeenAsync(browser));
    }

    [Fact]
    public async Task Sessions_are_listed_and_one_can_be_ended()
    {
        await using var server = await TestServer.StartAsync();
        var here = await server.SignUpAsync("ana@example.com");
        var there = server.Browser("203.0.113.9");
        there.DefaultRequestHeaders.UserAgent.ParseAdd("Firefox/140.0");
        await there.LoginAsync("ana@example.com").OkJsonAsync();

        var items = (await here.GetPathAsync("/api/auth/sessions").OkJsonAsync()).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(2, items.Count);
        var other = Assert.Single(items, item => !item.GetProperty("current").GetBoolean());
        Assert.Equal("203.0.113.9", other.GetProperty("ipAddress").GetString());
        Assert.Equal("Firefox/140.0", other.GetProperty("userAgent").GetString());
        await here.DeletePathAsync($"/api/auth/sessions/{other.GetProperty("id").GetGuid()}").OkJsonAsync();
        await there.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await here.GetMeAsync().OkJsonAsync();
    }

    [Fact]
    public async Task All_other_sessions_end_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var here = await server.SignUpAsync("ana@example.com");
        var others = new[] { server.Browser(), server.Browser() };
        foreach (var other in others) await other.LoginAsync("ana@example.com").OkJsonAsync();

        await here.DeletePathAsync("/api/auth/sessions").OkJsonAsync();

        foreach (var other in others) await other.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await here.GetMeAsync().OkJsonAsync();
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var bo = await server.SignUpAsync();
        var id = (await ana.GetPathAsync("/api/auth/sessions").OkJsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();

        await bo.DeletePathAsync($"/api/auth/sessions/{id}").RefusedAsync(404, "NOT_FOUND");
        await bo.DeletePathAsync("/api/auth/sessions").OkJsonAsync();

        await ana.GetMeAsync().OkJsonAsync();
    }

    [Fact]
    public async Task The_session_unseen_for_longest_makes_room_for_the_51st()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.SignUpAsync("ana@example.com");
        for (var i = 0; i < 50; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
        }

        await first.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        Assert.Equal(50, await server.CountAsync("SELECT count(*) FROM web_sessions"));
    }

    [Fact]
    public async Task A_disabled_account_is_out_at_once_and_stays_out()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");
        var key = server.Program(await TestServer.ApiKeyAsync(browser, "account:read"));
        await server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("UPDATE accounts SET disabled_at = @now", new { now = server.Clock.GetUtcNow() }));

        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await key.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await server.Browser().LoginAsync("ana@example.com").RefusedAsync(401, "INVALID_CREDENTIALS");
    }

    private static string TokenOf(HttpResponseMessage response) =>
        response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["__Host-focobot=".Length..];

    private static async Task<DateTimeOffset> LastSeenAsync(HttpClient browser) =>
        (await browser.GetPathAsync("/api/auth/sessions").OkJsonAsync()).GetProperty("items")[0].GetProperty("lastSeenAt").GetDateTimeOffset();
}
