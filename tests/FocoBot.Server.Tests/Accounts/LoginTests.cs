using FocoBot.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FocoBot.Tests.Accounts;

public class LoginTests
{
    private const string Wrong = "not-the-password-1";

    [Fact]
    public async Task The_right_password_signs_in_and_a_wrong_one_does_not()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var browser = server.Browser();

        await browser.LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");
        await browser.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await browser.LoginAsync(" Ana@Example.com").OkJsonAsync();

        await browser.GetMeAsync().OkJsonAsync();
        Assert.Equal(1, await server.AuditedAsync("unauthorized_access_attempt", "INVALID_CREDENTIALS"));
    }

    [Fact]
    public async Task An_unknown_email_is_answered_like_a_wrong_password_down_to_the_pauses()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");

        var answers = new List<List<string>>();
        foreach (var email in new[] { "ana@example.com", "nobody@example.com" })
        {
            var said = new List<string>();
            for (var i = 0; i < 30; i++)
            {
                // Each try from another address, so that only the account's own pause can show.
                using var response = await server.Browser($"203.0.113.{i}").LoginAsync(email, Wrong);
                var problem = await response.JsonAsync();
                said.Add($"{(int)response.StatusCode} {problem.GetProperty("code")} {problem.GetProperty("detail")} {response.Headers.RetryAfter}");
                server.Clock.Advance(TimeSpan.FromMilliseconds(400));
            }

            answers.Add(said);
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Contains(answers[0], said => said.StartsWith("429 RATE_LIMITED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_email_costs_a_hash_too()
    {
        using var passwords = new Passwords(Options.Create(new PasswordHasherOptions { IterationCount = 2_000_000 }));
        var start = TimeProvider.System.GetTimestamp();

        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, Wrong, CancellationToken.None));

        // So many iterations take most of a second; without them it would be microseconds.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Failures_of_one_address_are_paused_longer_each_time_up_to_15_minutes()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var browser = server.Browser("203.0.113.7");
        var pauses = new List<double>();
        for (var i = 0; i < 3; i++) await browser.LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");
        for (var i = 0; i < 13; i++)
        {
            await browser.LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");
            using var paused = await browser.LoginAsync("ana@example.com", Wrong);
            Assert.Equal(429, (int)paused.StatusCode);
            pauses.Add(paused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            server.Clock.Leap(TimeSpan.FromSeconds(pauses[^1]));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], pauses);
    }

    [Fact]
    public async Task The_right_password_is_not_looked_at_during_a_pause_and_clears_it_afterwards()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var browser = server.Browser("203.0.113.7");
        for (var i = 0; i < 4; i++) await browser.LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");

        await browser.LoginAsync("ana@example.com").RefusedAsync(429, "RATE_LIMITED");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.LoginAsync("ana@example.com").OkJsonAsync();

        for (var i = 0; i < 3; i++) await browser.LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");
        await browser.LoginAsync("ana@example.com").OkJsonAsync();
    }

    [Fact]
    public async Task Tries_at_the_same_time_do_not_slip_past_the_count()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var browser = server.Browser("203.0.113.7");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await browser.LoginAsync("ana@example.com", Wrong);
            return (int)response.StatusCode;
        }));

        Assert.Equal(4, answers.Count(status => status == 401));
        Assert.Equal(16, answers.Count(status => status == 429));
    }

    [Fact]
    public async Task Strangers_cannot_lock_out_the_owner_where_the_owner_is_signed_in()
    {
        await using var server = await TestServer.StartAsync();
        var owner = server.Browser("203.0.113.200");
        await owner.RegisterAsync("ana@example.com").OkJsonAsync();
        for (var i = 0; i < 40; i++)
            using (await server.Browser($"198.51.100.{i}").LoginAsync("ana@example.com", Wrong))
                server.Clock.Leap(TimeSpan.FromMinutes(1));

        await server.Browser("203.0.113.201").LoginAsync("ana@example.com").RefusedAsync(429, "RATE_LIMITED");
        await server.Browser("203.0.113.200").LoginAsync("ana@example.com").OkJsonAsync();

        // Anywhere else a pause ends, at the latest after a quarter of an hour.
        for (var i = 0; i < 30; i++)
            using (await server.Browser($"198.51.101.{i}").LoginAsync("ana@example.com", Wrong))
                server.Clock.Leap(TimeSpan.FromMinutes(1));
        server.Clock.Leap(TimeSpan.FromMinutes(15));
        await server.Browser("203.0.113.201").LoginAsync("ana@example.com").OkJsonAsync();
    }

    [Fact]
    public async Task One_address_tries_at_most_100_times_in_15_minutes()
    {
        await using var server = await TestServer.StartAsync();
        var browser = server.Browser("203.0.113.7");
        for (var i = 0; i < 100; i++) await browser.LoginAsync($"person{i}@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");

        await browser.LoginAsync("one.more@example.com", Wrong).RefusedAsync(429, "RATE_LIMITED");
        Assert.Equal(1, await server.AuditedAsync("rate_limit_violation", "RATE_LIMITED"));
    }

    [Fact]
    public async Task An_ipv6_site_counts_as_one_address()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        for (var i = 0; i < 4; i++) await server.Browser($"2001:db8:1:2::{i:x}").LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");

        await server.Browser("2001:db8:1:2:ffff::1").LoginAsync("ana@example.com", Wrong).RefusedAsync(429, "RATE_LIMITED");
        await server.Browser("2001:db8:1:3::1").LoginAsync("ana@example.com", Wrong).RefusedAsync(401, "INVALID_CREDENTIALS");
    }

    [Fact]
    public async Task A_hash_of_old_strength_is_renewed_at_sign_in()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var old = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 500 })).HashPassword(new object(), TestServer.Password);
        await server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("UPDATE accounts SET password_hash = @old", new { old }));

        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();

        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM accounts WHERE password_hash = @old", new { old }));
        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
    }

    [Fact]
    public async Task More_waiting_hashes_than_fit_are_refused()
    {
        using var passwords = new Passwords(Options.Create(new PasswordHasherOptions { IterationCount = 20_000 }));
        var flood = Enumerable.Range(0, 200).Select(i => passwords.HashAsync($"password-{i}", CancellationToken.None)).ToList();

        var busy = 0;
        foreach (var hash in flood)
        {
            try { await hash; }
            catch (HashingBusyException) { busy++; }
        }

        Assert.InRange(busy, 1, 199);
        Assert.NotEmpty(await passwords.HashAsync("afterwards", CancellationToken.None));
    }

    [Fact]
    public async Task In_the_product_a_hash_takes_owasps_iterations()
    {
        await using var server = await TestServer.StartAsync(services: services =>
        {
            foreach (var weakened in services.Where(service => service.ServiceType == typeof(IConfigureOptions<PasswordHasherOptions>)).Skip(1).ToList()) services.Remove(weakened);
        });
        await server.SignUpAsync("ana@example.com");

        var hash = Convert.FromBase64String(await server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<string>("SELECT password_hash FROM accounts")));

        // Identity's format 3: version, PRF (2 = HMAC-SHA-512), iterations.
        Assert.Equal([1, 0, 0, 0, 2], hash[..5]);
        Assert.Equal(210_000, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)));
    }

    [Theory]
    [InlineData(null, "x")]
    [InlineData("ana@example.com", null)]
    [InlineData("ana@example.com", "")]
    public async Task A_sign_in_without_its_parts_is_invalid(string? email, string? password)
    {
        await using var server = await TestServer.StartAsync();
        await server.Browser().PostAsync("/api/auth/login", new { email, password }).RefusedAsync(422, "INVALID");
    }
}
