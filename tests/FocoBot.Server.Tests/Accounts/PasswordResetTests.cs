namespace FocoBot.Tests.Accounts;

public class PasswordResetTests
{
    private const string Fresh = "lunes-de-lluvia-77";

    [Fact]
    public async Task A_mailed_link_sets_the_password_once_and_ends_all_sessions()
    {
        await using var post = new FakeMailServer();
        await using var server = await StartAsync(post);
        var browser = await server.InvitedAsync("ana@example.com");

        await server.Browser().PostAsync("/api/auth/password-reset", new { email = "ANA@example.com" }).OkJsonAsync();
        var mail = await post.NextAsync();

        Assert.Equal("<ana@example.com>", mail.To);
        Assert.Equal("Elige una contraseña nueva", mail.Subject);
        Assert.Contains(TestServer.BaseUrl + "/reset-password#token=", mail.Text, StringComparison.Ordinal);
        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = mail.Token, password = "short" }).RefusedAsync(422, "INVALID");
        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = mail.Token, password = Fresh }).OkJsonAsync();
        Assert.Equal("Tu contraseña cambió", (await post.NextAsync()).Subject);
        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await server.Browser().LoginAsync("ana@example.com", Fresh).OkJsonAsync();
        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = mail.Token, password = Fresh + "x" }).RefusedAsync(422, "TOKEN_INVALID");
    }

    [Fact]
    public async Task Known_and_unknown_emails_are_answered_alike_and_only_the_known_one_gets_mail()
    {
        await using var post = new FakeMailServer();
        await using var server = await StartAsync(post);
        await server.InvitedAsync("ana@example.com");

        using var unknown = await server.Browser().PostAsync("/api/auth/password-reset", new { email = "nobody@example.com" });
        using var known = await server.Browser().PostAsync("/api/auth/password-reset", new { email = "ana@example.com" });

        Assert.Equal(202, (int)unknown.StatusCode);
        Assert.Equal(unknown.StatusCode, known.StatusCode);
        Assert.Equal("", await unknown.Content.ReadAsStringAsync());
        Assert.Equal("", await known.Content.ReadAsStringAsync());
        Assert.Equal("<ana@example.com>", (await post.NextAsync()).To); // the queue is in order: the unknown one was done before
        Assert.True(post.IsEmpty);
    }

    [Fact]
    public async Task A_link_ends_after_an_hour_and_with_the_next_one()
    {
        await using var post = new FakeMailServer();
        await using var server = await StartAsync(post);
        await server.InvitedAsync("ana@example.com");
        var tokens = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await server.Browser().PostAsync("/api/auth/password-reset", new { email = "ana@example.com" }).OkJsonAsync();
            tokens.Add((await post.NextAsync()).Token);
        }

        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = tokens[0], password = Fresh }).RefusedAsync(422, "TOKEN_INVALID");
        server.Clock.Leap(TimeSpan.FromHours(1));
        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = tokens[1], password = Fresh }).RefusedAsync(422, "TOKEN_INVALID");
        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = new string('x', 5_000), password = Fresh }).RefusedAsync(422, "TOKEN_INVALID");
    }

    [Fact]
    public async Task Requests_are_bounded_by_address_and_mails_by_recipient()
    {
        await using var post = new FakeMailServer();
        await using var server = await StartAsync(post);
        await server.InvitedAsync("ana@example.com");
        await server.InvitedAsync("bo@example.com");
        for (var i = 0; i < 10; i++)
            await server.Browser("203.0.113.7").PostAsync("/api/auth/password-reset", new { email = "ana@example.com" }).OkJsonAsync();

        await server.Browser("203.0.113.7").PostAsync("/api/auth/password-reset", new { email = "ana@example.com" }).RefusedAsync(429, "RATE_LIMITED");
        await server.Browser().PostAsync("/api/auth/password-reset", new { email = "bo@example.com" }).OkJsonAsync();

        for (var i = 0; i < 3; i++) Assert.Equal("<ana@example.com>", (await post.NextAsync()).To);
        Assert.Equal("<bo@example.com>", (await post.NextAsync()).To);
    }

    [Fact]
    public async Task Without_mail_the_administrator_makes_a_link()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignUpAsync();
        await server.SignUpAsync("ana@example.com");
        await server.Browser().PostAsync("/api/auth/password-reset", new { email = "ana@example.com" }).RefusedAsync(409, "MAIL_NOT_CONFIGURED");

        var link = await admin.PostAsync("/api/admin/password-resets", new { email = "ana@example.com" }).OkJsonAsync();

        Assert.Equal($"{TestServer.BaseUrl}/reset-password#token={link.GetProperty("token").GetString()}", link.GetProperty("link").GetString());
        await server.Browser().PostAsync("/api/auth/password-reset/confirm", new { token = link.GetProperty("token").GetString(), password = Fresh }).OkJsonAsync();
        await server.Browser().LoginAsync("ana@example.com", Fresh).OkJsonAsync();
        await admin.PostAsync("/api/admin/password-resets", new { email = "nobody@example.com" }).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Only_an_administrators_web_session_makes_links_and_invitations()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignUpAsync();
        var adminsKey = server.Program(await TestServer.ApiKeyAsync(admin, [.. FocoBot.Accounts.Scopes.All]));
        var user = await server.SignUpAsync();
        foreach (var path in new[] { "/api/admin/password-resets", "/api/admin/invites" })
        {
            await user.PostAsync(path, new { email = "ana@example.com" }).RefusedAsync(403, "FORBIDDEN");
            await adminsKey.PostAsync(path, new { email = "ana@example.com" }).RefusedAsync(403, "FORBIDDEN");
            await server.Browser().PostAsync(path, new { email = "ana@example.com" }).RefusedAsync(401, "AUTHENTICATION_FAILED");
        }
    }

    // Invitations, since open registration with mail asks for a confirmation first.
    private static Task<TestServer> StartAsync(FakeMailServer post) =>
        TestServer.StartAsync(new() { ["SMTP_URL"] = post.Url, ["FOCOBOT_REGISTRATION"] = "invite" });
}
