namespace FocoBot.Tests.Accounts;

public class RegisterTests
{
    [Fact]
    public async Task Registering_signs_in_and_the_account_is_as_asked()
    {
        await using var server = await TestServer.StartAsync();
        var browser = server.Browser();

        var made = await browser.PostAsync("/api/auth/register",
            new { email = " Ana.Ruiz@Example.com ", password = TestServer.Password, language = "en", timeZone = "Europe/Madrid" }).OkJsonAsync();

        Assert.Equal("Ana.Ruiz@Example.com", made.GetProperty("email").GetString());
        var me = await browser.GetMeAsync().OkJsonAsync();
        Assert.Equal(made.GetProperty("id").GetGuid(), me.GetProperty("id").GetGuid());
        Assert.Equal("en", me.GetProperty("language").GetString());
        Assert.Equal("Europe/Madrid", me.GetProperty("timeZone").GetString());
        Assert.False(me.GetProperty("totpEnabled").GetBoolean());
        Assert.Equal(1, await server.AuditedAsync("account_created"));
        Assert.Equal(1, await server.AuditedAsync("session_created"));
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM data_keys WHERE user_id = @id", new { id = made.GetProperty("id").GetGuid() }));
    }

    [Fact]
    public async Task In_development_the_first_account_is_the_administrator_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var first = await (await server.SignUpAsync()).GetMeAsync().OkJsonAsync();
        var second = await (await server.SignUpAsync()).GetMeAsync().OkJsonAsync();

        Assert.Equal("admin", first.GetProperty("role").GetString());
        Assert.Equal("user", second.GetProperty("role").GetString());
    }

    [Fact]
    public async Task An_email_has_one_account_however_it_is_written()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");

        await server.Browser().RegisterAsync("ANA@Example.COM").RefusedAsync(409, "EMAIL_TAKEN");

        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM accounts"));
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM web_sessions"));
    }

    [Theory]
    [InlineData("email", null)]
    [InlineData("email", "")]
    [InlineData("email", "ana")]
    [InlineData("email", "Ana <ana@example.com>")]
    [InlineData("email", "ana@example.com\nBcc: x@example.com")]
    [InlineData("password", null)]
    [InlineData("password", "short-one")]
    [InlineData("password", "ANA.RUIZ@example.com")]
    [InlineData("password", "Contraseña123")]
    [InlineData("password", "1212121212")]
    [InlineData("language", "fr")]
    [InlineData("timeZone", "Mars/Olympus")]
    [InlineData("timeZone", "Central Standard Time (Mexico)")]
    [InlineData("timeZone", "../../etc/passwd")]
    public async Task What_cannot_be_accepted_is_named(string field, string? value)
    {
        await using var server = await TestServer.StartAsync();
        var body = new Dictionary<string, string?> { ["email"] = "ana.ruiz@example.com", ["password"] = TestServer.Password, [field] = value };

        var problem = await server.Browser().PostAsync("/api/auth/register", body).RefusedAsync(422, "INVALID");

        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task A_password_or_email_beyond_its_bound_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        await server.Browser().RegisterAsync("ana@example.com", string.Concat(Enumerable.Repeat("largo", 26))).RefusedAsync(422, "INVALID");
        await server.Browser().RegisterAsync(new string('a', 250) + "@example.com").RefusedAsync(422, "INVALID");
    }

    [Fact]
    public async Task Registrations_from_one_address_are_throttled_for_an_hour()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 10; i++)
            using (var made = await server.Browser("203.0.113.7").RegisterAsync($"person{i}@example.com"))
                Assert.Equal(201, (int)made.StatusCode);

        using (var refused = await server.Browser("203.0.113.7").RegisterAsync("more@example.com"))
        {
            Assert.Equal(429, (int)refused.StatusCode);
            Assert.Equal(TimeSpan.FromHours(1), refused.Headers.RetryAfter?.Delta);
        }

        using (var elsewhere = await server.Browser("203.0.113.8").RegisterAsync("more@example.com"))
            Assert.Equal(201, (int)elsewhere.StatusCode);
        server.Clock.Leap(TimeSpan.FromHours(1));
        using (var later = await server.Browser("203.0.113.7").RegisterAsync("later@example.com"))
            Assert.Equal(201, (int)later.StatusCode);
    }
}
