namespace FocoBot.Tests.Accounts;

public class PasswordTests
{
    private const string Fresh = "lunes-de-lluvia-77";

    [Fact]
    public async Task Changing_the_password_ends_the_other_sessions_and_keeps_this_one()
    {
        await using var server = await TestServer.StartAsync();
        var here = await server.SignUpAsync("ana@example.com");
        var there = server.Browser();
        await there.LoginAsync("ana@example.com").OkJsonAsync();

        await here.PostAsync("/api/auth/password", new { oldPassword = TestServer.Password, newPassword = Fresh }).OkJsonAsync();

        await here.GetMeAsync().OkJsonAsync();
        await there.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await server.Browser().LoginAsync("ana@example.com").RefusedAsync(401, "INVALID_CREDENTIALS");
        await server.Browser().LoginAsync("ana@example.com", Fresh).OkJsonAsync();
        Assert.Equal(1, await server.AuditedAsync("credential_changed"));
    }

    [Fact]
    public async Task It_takes_the_old_password_and_guessing_it_is_paused()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");
        for (var i = 0; i < 4; i++)
            await browser.PostAsync("/api/auth/password", new { oldPassword = $"a-wrong-guess-{i}", newPassword = Fresh }).RefusedAsync(403, "WRONG_PASSWORD");

        await browser.PostAsync("/api/auth/password", new { oldPassword = TestServer.Password, newPassword = Fresh }).RefusedAsync(429, "RATE_LIMITED");

        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
        Assert.Equal(4, await server.AuditedAsync("unauthorized_access_attempt", "WRONG_PASSWORD"));
    }

    [Fact]
    public async Task A_weak_new_password_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");
        foreach (var weak in new[] { null, "short", "password123", "ana@example.com" })
        {
            var problem = await browser.PostAsync("/api/auth/password", new { oldPassword = TestServer.Password, newPassword = weak }).RefusedAsync(422, "INVALID");
            Assert.Equal("newPassword", problem.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task No_key_changes_how_its_account_signs_in()
    {
        await using var server = await TestServer.StartAsync();
        var key = server.Program(await TestServer.ApiKeyAsync(await server.SignUpAsync(), [.. FocoBot.Accounts.Scopes.All]));

        await key.PostAsync("/api/auth/password", new { oldPassword = TestServer.Password, newPassword = Fresh }).RefusedAsync(403, "FORBIDDEN");
        await key.PostAsync("/api/auth/email", new { email = "x@example.com", password = TestServer.Password }).RefusedAsync(403, "FORBIDDEN");
        await key.PostAsync("/api/auth/totp", null).RefusedAsync(403, "FORBIDDEN");
        await key.DeletePathAsync("/api/auth/totp", new { password = TestServer.Password }).RefusedAsync(403, "FORBIDDEN");
    }
}
