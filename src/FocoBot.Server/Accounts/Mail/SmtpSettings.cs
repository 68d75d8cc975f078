using System.Security.Cryptography.X509Certificates;
using FocoBot.Http;
using FocoBot.Security;

namespace FocoBot.Accounts.Mail;

/// <summary>
/// Where mail leaves: <c>SMTP_URL</c> as <c>smtp://user:pass@host:587</c> (TLS by STARTTLS) or <c>smtps://…:465</c> (TLS
/// from the first byte), with <c>?from=address</c> when the sender is not the user.
/// </summary>
public sealed record SmtpSettings(string Host, int Port, bool TlsFromStart, string? User, string? Password, string From)
{
    private const string Setting = "SMTP_URL";

    /// <summary>The certificate authority to trust instead of the system's.</summary>
    internal X509Certificate2? Authority { get; init; }

    /// <summary>The settings; null when there is no mail.</summary>
    /// <exception cref="StartupException">The value can't be used. The message doesn't repeat it: it holds a password.</exception>
    public static SmtpSettings? Load(IConfiguration configuration, ServerOptions options)
    {
        if (configuration[Setting] is not { Length: > 0 } text) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("smtp" or "smtps") || uri.Host.Length == 0)
            throw new StartupException($"{Setting} must look like smtp://user:password@mail.example.com:587 or smtps://….");
        var (user, password) = Credentials(uri);
        var from = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query).GetValueOrDefault("from").ToString() is { Length: > 0 } given ? given
            : user?.Contains('@', StringComparison.Ordinal) == true ? user
            : "focobot@" + (options.PublicBaseUrl is { } url ? new Uri(url).Host : "localhost.localdomain");
        if (!Email.TryParse(from, out var sender)) throw new StartupException($"{Setting} needs ?from= with an e-mail address to send from.");
        var secure = uri.Scheme == "smtps";
        return new SmtpSettings(uri.Host, uri.Port > 0 ? uri.Port : secure ? 465 : 587, secure, user, password, sender.Address);
    }

    /// <summary>Without the password: records print themselves.</summary>
    public override string ToString() => $"{Host}:{Port}";

    private static (string? User, string? Password) Credentials(Uri uri)
    {
        if (uri.UserInfo.Length == 0) return (null, null);
        var parts = uri.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
