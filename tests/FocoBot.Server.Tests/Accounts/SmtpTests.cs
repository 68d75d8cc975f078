using System.Text;
using FocoBot.Accounts.Mail;
using FocoBot.Http;
using FocoBot.Security;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.Accounts;

public class SmtpTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("smtp://mail.example.com", "mail.example.com", 587, false, null, null, "focobot@bot.example.com")]
    [InlineData("smtps://ana%40example.com:p%3Aw@mail.example.com", "mail.example.com", 465, true, "ana@example.com", "p:w", "ana@example.com")]
    [InlineData("smtp://apikey:key@mail.example.com:2525?from=bot@example.org", "mail.example.com", 2525, false, "apikey", "key", "bot@example.org")]
    public void The_url_says_it_all(string url, string host, int port, bool tls, string? user, string? password, string from) =>
        Assert.Equal(new SmtpSettings(host, port, tls, user, password, from), Load(url));

    [Theory]
    [InlineData("mail.example.com:587")]
    [InlineData("http://mail.example.com")]
    [InlineData("smtp://user:hunter2hunter2@mail.example.com?from=nonsense")]
    public void An_unusable_url_stops_the_start_and_is_not_repeated(string url)
    {
        var error = Assert.Throws<StartupException>(() => Load(url));
        Assert.Contains("SMTP_URL", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_is_not_in_the_settings_text() =>
        Assert.DoesNotContain("s3cret", Load("smtp://ana:s3cret@mail.example.com")!.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_travels_under_tls_from_the_start_or_by_starttls(bool fromStart)
    {
        await using var server = new FakeMailServer(tlsFromStart: fromStart, startTls: !fromStart);
        var settings = new SmtpSettings("localhost", server.Port, fromStart, "ana", "s3cret", "bot@example.com") { Authority = server.Certificate };

        await SmtpConversation.SendAsync(settings, "bo@example.com", "Subject: x\r\n\r\nline\r\n.dot", None);

        var mail = await server.NextAsync();
        Assert.True(mail.Secured);
        Assert.Equal("\0ana\0s3cret", mail.Auth);
        Assert.Equal(["MAIL FROM:<bot@example.com>", "RCPT TO:<bo@example.com>"], mail.Envelope);
        Assert.Equal(["Subject: x", "", "line", "..dot"], mail.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_cannot_prove_its_name_gets_nothing(bool fromStart)
    {
        await using var server = new FakeMailServer(tlsFromStart: fromStart, startTls: !fromStart);
        var settings = new SmtpSettings("localhost", server.Port, fromStart, "ana", "s3cret", "bot@example.com");

        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() => SmtpConversation.SendAsync(settings, "bo@example.com", "x", None));

        Assert.True(server.IsEmpty);
    }

    [Fact]
    public async Task A_refusal_says_the_code_and_nothing_of_the_mail()
    {
        await using var server = new FakeMailServer { AuthAnswer = 535 };
        var error = await Assert.ThrowsAsync<SmtpRefusedException>(
            () => SmtpConversation.SendAsync(Load(server.Url)!, "bo@example.com", "secret text", None));
        Assert.Contains("535", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bo@example.com", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_on_the_wire_is_ascii_and_keeps_its_accents()
    {
        var wire = new MailMessage("bo@example.com", "Contraseña ñandú", string.Concat(Enumerable.Repeat("áéíóú ", 40))).ToWire("bot@example.com", Guid.Empty, new FakeClock().GetUtcNow());

        Assert.All(wire, c => Assert.InRange(c, '\n', '~'));
        Assert.All(wire.Split("\r\n"), line => Assert.InRange(line.Length, 0, 200));
        Assert.Contains("Date: Fri, 20 Nov 2026 16:15:00 +0000", wire, StringComparison.Ordinal);
        var body = wire[(wire.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Split("\r\n");
        Assert.Equal(string.Concat(Enumerable.Repeat("áéíóú ", 40)), Encoding.UTF8.GetString([.. body.SelectMany(Convert.FromBase64String)]));
    }

    private static SmtpSettings? Load(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["SMTP_URL"] = url, ["FOCOBOT_BASE_URL"] = TestServer.BaseUrl }).Build();
        return SmtpSettings.Load(configuration, ServerOptions.Load(configuration, development: true));
    }
}
