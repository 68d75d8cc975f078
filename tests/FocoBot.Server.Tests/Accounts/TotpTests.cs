using System.Text;
using System.Text.Json;
using FocoBot.Accounts;

namespace FocoBot.Tests.Accounts;

public class TotpTests
{
    // RFC 6238 appendix B, SHA-1: the secret is the ASCII text 12345678901234567890.
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void Codes_are_those_of_rfc_6238(long seconds, string code)
    {
        var secret = Encoding.ASCII.GetBytes("12345678901234567890");
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(code, Totp.CodeAt(secret, Totp.StepAt(time), digits: 8));
        Assert.Equal(Totp.StepAt(time), Totp.Match(secret, code[2..], time));
    }

    // RFC 4648 §10, without the padding that authenticator apps don't want.
    [Theory]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_rfc_4648(string text, string encoded) => Assert.Equal(encoded, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public async Task Sign_in_asks_for_the_code_only_after_the_right_password()
    {
        await using var server = await TestServer.StartAsync();
        var (secret, _) = await EnableAsync(server, await server.SignUpAsync("ana@example.com"));

        await server.Browser().LoginAsync("ana@example.com", "not-the-password-1").RefusedAsync(401, "INVALID_CREDENTIALS");
        await server.Browser().LoginAsync("ana@example.com").RefusedAsync(401, "TOTP_REQUIRED");
        await server.Browser().LoginAsync("ana@example.com", code: "000000").RefusedAsync(401, "INVALID_CREDENTIALS");
        var me = await server.Browser().LoginAsync("ana@example.com", code: CodeNow(server, secret)).OkJsonAsync();

        Assert.True(me.GetProperty("totpEnabled").GetBoolean());
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        await using var server = await TestServer.StartAsync();
        var (secret, _) = await EnableAsync(server, await server.SignUpAsync("ana@example.com"));
        var code = CodeNow(server, secret);
        await server.Browser().LoginAsync("ana@example.com", code: code).OkJsonAsync();

        await server.Browser().LoginAsync("ana@example.com", code: code).RefusedAsync(401, "INVALID_CREDENTIALS");

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await server.Browser().LoginAsync("ana@example.com", code: CodeNow(server, secret)).OkJsonAsync();
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(-2, false)]
    [InlineData(2, false)]
    public async Task A_clock_may_be_one_step_off(int steps, bool accepted)
    {
        await using var server = await TestServer.StartAsync();
        var (secret, _) = await EnableAsync(server, await server.SignUpAsync("ana@example.com"));
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        using var response = await server.Browser().LoginAsync("ana@example.com", code: Totp.CodeAt(secret, Totp.StepAt(server.Clock.GetUtcNow()) + steps));

        Assert.Equal(accepted ? 200 : 401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Guessing_codes_with_the_right_password_is_paused_and_asking_without_a_code_does_not_reset_it()
    {
        await using var server = await TestServer.StartAsync();
        await EnableAsync(server, await server.SignUpAsync("ana@example.com"));
        var browser = server.Browser();
        for (var i = 0; i < 4; i++)
        {
            await browser.LoginAsync("ana@example.com", code: $"00000{i}").RefusedAsync(401, "INVALID_CREDENTIALS");
            if (i < 3) await browser.LoginAsync("ana@example.com").RefusedAsync(401, "TOTP_REQUIRED");
        }

        await browser.LoginAsync("ana@example.com", code: "000009").RefusedAsync(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Each_recovery_code_signs_in_once()
    {
        await using var server = await TestServer.StartAsync();
        var (_, recovery) = await EnableAsync(server, await server.SignUpAsync("ana@example.com"));

        Assert.Equal(8, recovery.Distinct().Count());
        await server.Browser().LoginAsync("ana@example.com", code: recovery[3]).OkJsonAsync();
        await server.Browser().LoginAsync("ana@example.com", code: recovery[3]).RefusedAsync(401, "INVALID_CREDENTIALS");
        await server.Browser().LoginAsync("ana@example.com", code: recovery[4].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)).OkJsonAsync();
    }

    [Fact]
    public async Task A_secret_counts_for_nothing_until_a_code_confirms_it()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");
        await browser.PostAsync("/api/auth/totp", null).OkJsonAsync();

        await browser.PostAsync("/api/auth/totp/confirm", new { code = "000000" }).RefusedAsync(422, "CODE_INVALID");
        await browser.PostAsync("/api/auth/totp/confirm", new { code = (string?)null }).RefusedAsync(422, "CODE_INVALID");

        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
    }

    [Fact]
    public async Task Turning_it_off_asks_for_the_password()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync("ana@example.com");
        var (_, recovery) = await EnableAsync(server, browser);
        await browser.PostAsync("/api/auth/totp", null).RefusedAsync(409, "TOTP_ENABLED");

        await browser.DeletePathAsync("/api/auth/totp", new { password = "not-the-password-1" }).RefusedAsync(403, "WRONG_PASSWORD");
        await server.Browser().LoginAsync("ana@example.com").RefusedAsync(401, "TOTP_REQUIRED");
        await browser.DeletePathAsync("/api/auth/totp", new { password = TestServer.Password }).OkJsonAsync();

        await server.Browser().LoginAsync("ana@example.com").OkJsonAsync();
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM recovery_codes"));
        Assert.Equal(2, await server.AuditedAsync("credential_changed"));
        Assert.NotEmpty(recovery);
    }

    [Fact]
    public async Task The_secret_is_sealed_and_the_recovery_codes_are_hashed()
    {
        await using var server = await TestServer.StartAsync();
        var (secret, recovery) = await EnableAsync(server, await server.SignUpAsync("ana@example.com"));

        var stored = await server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<byte[]>("SELECT totp_secret FROM accounts"));
        var hashes = await server.Database.AsService("test").ReadAsync(work => work.QueryAsync<byte[]>("SELECT code_hash FROM recovery_codes"));

        Assert.DoesNotContain(Convert.ToHexString(secret), Convert.ToHexString(stored), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(secret), Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        Assert.All(hashes, hash => Assert.Equal(32, hash.Length));
        Assert.DoesNotContain(hashes, hash => recovery.Any(code => Encoding.UTF8.GetBytes(code).AsSpan().SequenceEqual(hash)));
    }

    private static string CodeNow(TestServer server, byte[] secret) => Totp.CodeAt(secret, Totp.StepAt(server.Clock.GetUtcNow()));

    // Confirms with the code of the step before, so that the one of now is still unused.
    private static async Task<(byte[] Secret, List<string> Recovery)> EnableAsync(TestServer server, HttpClient browser)
    {
        var setup = await browser.PostAsync("/api/auth/totp", null).OkJsonAsync();
        var text = setup.GetProperty("secret").GetString()!;
        Assert.StartsWith("otpauth://totp/FocoBot:ana%40example.com?secret=" + text, setup.GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("data:image/png;base64,", setup.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        var secret = FromBase32(text);
        var confirmed = await browser.PostAsync("/api/auth/totp/confirm", new { code = Totp.CodeAt(secret, Totp.StepAt(server.Clock.GetUtcNow()) - 1) }).OkJsonAsync();
        return (secret, confirmed.GetProperty("codes").Deserialize<List<string>>()!);
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
