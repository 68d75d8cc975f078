namespace FocoBot.Tests.Accounts;

public class KeyTests
{
    [Fact]
    public async Task A_key_is_shown_once_works_and_is_listed_by_its_start()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();

        var made = await browser.PostAsync("/api/keys", new { name = "home", scopes = new[] { "account:read", "chat" }, expiresInDays = 30 }).OkJsonAsync();

        var key = made.GetProperty("key").GetString()!;
        Assert.StartsWith("fb_", key);
        Assert.Equal(46, key.Length);
        await server.Program(key).GetMeAsync().OkJsonAsync();
        var list = await browser.GetPathAsync("/api/keys").OkJsonAsync();
        Assert.DoesNotContain(key, list.ToString(), StringComparison.Ordinal);
        var listed = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(key[..11], listed.GetProperty("prefix").GetString());
        Assert.Equal(server.Clock.GetUtcNow(), listed.GetProperty("lastUsedAt").GetDateTimeOffset());
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM api_keys WHERE name = @key OR prefix = @key OR scopes LIKE @part", new { key, part = key + "%" }));
    }

    [Fact]
    public async Task A_key_does_only_what_its_scopes_say()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        var reader = server.Program(await TestServer.ApiKeyAsync(browser, "account:read"));
        var writer = server.Program(await TestServer.ApiKeyAsync(browser, "account:write"));

        await reader.GetPathAsync("/api/auth/sessions").OkJsonAsync();
        await reader.DeletePathAsync("/api/auth/sessions").RefusedAsync(403, "FORBIDDEN");
        await writer.GetPathAsync("/api/auth/sessions").RefusedAsync(403, "FORBIDDEN");
        await writer.DeletePathAsync("/api/auth/sessions").OkJsonAsync();

        Assert.Equal(2, await server.AuditedAsync("unauthorized_access_attempt", "FORBIDDEN"));
        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
    }

    [Fact]
    public async Task No_key_makes_another()
    {
        await using var server = await TestServer.StartAsync();
        var all = server.Program(await TestServer.ApiKeyAsync(await server.SignUpAsync(), [.. FocoBot.Accounts.Scopes.All]));

        await all.PostAsync("/api/keys", new { name = "more", scopes = new[] { "chat" } }).RefusedAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_others_cannot_revoke_it()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var bo = await server.SignUpAsync();
        var key = server.Program(await TestServer.ApiKeyAsync(ana, "account:read"));
        var id = (await ana.GetPathAsync("/api/keys").OkJsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();
        await bo.DeletePathAsync($"/api/keys/{id}").RefusedAsync(404, "NOT_FOUND");
        await key.GetMeAsync().OkJsonAsync();

        await ana.DeletePathAsync($"/api/keys/{id}").OkJsonAsync();

        await key.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await ana.DeletePathAsync($"/api/keys/{id}").RefusedAsync(404, "NOT_FOUND");
        Assert.Equal(1, await server.AuditedAsync("unauthorized_access_attempt", "KEY_REFUSED"));
    }

    [Fact]
    public async Task A_key_ends_with_its_last_day()
    {
        await using var server = await TestServer.StartAsync();
        var made = await (await server.SignUpAsync()).PostAsync("/api/keys", new { name = "brief", scopes = new[] { "account:read" }, expiresInDays = 1 }).OkJsonAsync();
        var key = server.Program(made.GetProperty("key").GetString()!);
        server.Clock.Leap(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await key.GetMeAsync().OkJsonAsync();

        server.Clock.Advance(TimeSpan.FromSeconds(1));

        await key.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
    }

    [Fact]
    public async Task A_key_is_taken_from_the_header_only_and_does_not_fall_back_to_a_cookie()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        var key = await TestServer.ApiKeyAsync(browser, "account:read");

        await server.Browser().GetPathAsync($"/api/auth/me?access_token={key}&key={key}").RefusedAsync(401, "AUTHENTICATION_FAILED");
        browser.DefaultRequestHeaders.Add("Authorization", "Bearer fb_" + new string('A', 43));
        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
    }

    [Theory]
    [InlineData("", "chat", 30, "name")]
    [InlineData("home", "everything", 30, "scopes")]
    [InlineData("home", "chat", 0, "expiresInDays")]
    [InlineData("home", "chat", 731, "expiresInDays")]
    public async Task What_a_key_cannot_have_is_named(string name, string scope, int days, string field)
    {
        await using var server = await TestServer.StartAsync();
        var problem = await (await server.SignUpAsync()).PostAsync("/api/keys", new { name, scopes = new[] { scope }, expiresInDays = days }).RefusedAsync(422, "INVALID");
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task An_account_has_at_most_20_keys()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        for (var i = 0; i < 20; i++) await TestServer.ApiKeyAsync(browser, "chat");

        await browser.PostAsync("/api/keys", new { name = "one more", scopes = new[] { "chat" } }).RefusedAsync(409, "KEY_LIMIT_REACHED");
    }
}
