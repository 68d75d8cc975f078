namespace FocoBot.Tests.Accounts;

public class EmailTests
{
    [Fact]
    public async Task Without_mail_the_change_is_made_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");

        await browser.PostAsync("/api/auth/email", new { email = "Ana.New@example.com", password = TestServer.Password }).OkJsonAsync();

        Assert.Equal("Ana.New@example.com", (await browser.GetMeAsync().OkJsonAsync()).GetProperty("email").GetString());
        await server.Browser().LoginAsync("ana@example.com").RefusedAsync(401, "INVALID_CREDENTIALS");
        await server.Browser().LoginAsync("ana.new@example.com").OkJsonAsync();
    }

    [Fact]
    public async Task It_takes_the_password_and_a_free_email_and_few_tries()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");
        await server.SignUpAsync("bo@example.com");

        await browser.PostAsync("/api/auth/email", new { email = "new@example.com", password = "not-the-password-1" }).RefusedAsync(403, "WRONG_PASSWORD");
        await browser.PostAsync("/api/auth/email", new { email = "nonsense", password = TestServer.Password }).RefusedAsync(422, "INVALID");
        for (var i = 0; i < 3; i++)
            await browser.PostAsync("/api/auth/email", new { email = "BO@example.com", password = TestServer.Password }).RefusedAsync(409, "EMAIL_TAKEN");

        await browser.PostAsync("/api/auth/email", new { email = "new@example.com", password = TestServer.Password }).RefusedAsync(429, "RATE_LIMITED");
        Assert.Equal("ana@example.com", (await browser.GetMeAsync().OkJsonAsync()).GetProperty("email").GetString());
    }

    [Fact]
    public async Task With_mail_the_new_address_confirms_and_the_old_one_is_told()
    {
        await using var post = new FakeMailServer();
        await using var server = await TestServer.StartAsync(new() { ["SMTP_URL"] = post.Url, ["FOCOBOT_REGISTRATION"] = "invite" });
        var browser = await server.InvitedAsync("ana@example.com");

        await browser.PostAsync("/api/auth/email", new { email = "new@example.com", password = TestServer.Password }).OkJsonAsync();
        var mail = await post.NextAsync();

        Assert.Equal("<new@example.com>", mail.To);
        Assert.Equal("ana@example.com", (await browser.GetMeAsync().OkJsonAsync()).GetProperty("email").GetString());
        await server.Browser().PostAsync("/api/auth/email/confirm", new { token = mail.Token }).OkJsonAsync();
        Assert.Equal("new@example.com", (await browser.GetMeAsync().OkJsonAsync()).GetProperty("email").GetString());
        Assert.Equal("<ana@example.com>", (await post.NextAsync()).To);
        await server.Browser().PostAsync("/api/auth/email/confirm", new { token = mail.Token }).RefusedAsync(422, "TOKEN_INVALID");
    }

    [Fact]
    public async Task With_mail_a_taken_email_is_answered_alike_and_its_owner_is_told()
    {
        await using var post = new FakeMailServer();
        await using var server = await TestServer.StartAsync(new() { ["SMTP_URL"] = post.Url, ["FOCOBOT_REGISTRATION"] = "invite" });
        var browser = await server.InvitedAsync("ana@example.com");
        await server.InvitedAsync("bo@example.com");

        using var taken = await browser.PostAsync("/api/auth/email", new { email = "bo@example.com", password = TestServer.Password });

        Assert.Equal(202, (int)taken.StatusCode);
        var mail = await post.NextAsync();
        Assert.Equal("<bo@example.com>", mail.To);
        Assert.DoesNotContain("#token", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_registration_with_mail_confirms_first_and_never_says_that_an_email_is_taken()
    {
        await using var post = new FakeMailServer();
        await using var server = await TestServer.StartAsync(new() { ["SMTP_URL"] = post.Url });
        var browser = server.Browser();
        using (var asked = await browser.RegisterAsync("ana@example.com")) Assert.Equal(202, (int)asked.StatusCode);
        var link = await post.NextAsync();
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM accounts"));

        await browser.PostAsync("/api/auth/register/confirm", new { token = link.Token }).OkJsonAsync();

        Assert.Equal("ana@example.com", (await browser.GetMeAsync().OkJsonAsync()).GetProperty("email").GetString());
        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
        await server.Browser().PostAsync("/api/auth/register/confirm", new { token = link.Token }).RefusedAsync(422, "TOKEN_INVALID");
        using (var again = await server.Browser().RegisterAsync("ana@example.com"))
        {
            Assert.Equal(202, (int)again.StatusCode);
            Assert.False(again.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal("Ya tienes una cuenta", (await post.NextAsync()).Subject);
    }

    [Fact]
    public async Task The_second_of_two_confirmations_for_one_email_makes_nothing()
    {
        await using var post = new FakeMailServer();
        await using var server = await TestServer.StartAsync(new() { ["SMTP_URL"] = post.Url });
        await server.Browser().RegisterAsync("ana@example.com").OkJsonAsync();
        await server.Browser().RegisterAsync("ana@example.com", "another-password-9").OkJsonAsync();
        var (first, second) = (await post.NextAsync(), await post.NextAsync());

        await server.Browser().PostAsync("/api/auth/register/confirm", new { token = first.Token }).OkJsonAsync();
        await server.Browser().PostAsync("/api/auth/register/confirm", new { token = second.Token }).RefusedAsync(422, "TOKEN_INVALID");

        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM accounts"));
    }
}
