using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FocoBot.Accounts.Mail;

/// <summary>
/// One mail handed to a mail server (RFC 5321), in the order of the protocol. In-box mail can't speak TLS from the first
/// byte, which is what most providers recommend today (RFC 8314 §3).
/// </summary>
internal sealed class SmtpConversation : IAsyncDisposable
{
    private const int LongestLine = 2_000;   // RFC 5321 §4.5.3.1.5 says 512; some servers are generous
    private const int MostReplyLines = 100;

    private readonly SmtpSettings _settings;
    private readonly TcpClient _connection = new();
    private readonly CancellationToken _cancellation;
    private readonly byte[] _buffer = new byte[LongestLine];
    private Stream _stream = Stream.Null;
    private int _start;
    private int _end;

    private SmtpConversation(SmtpSettings settings, CancellationToken cancellation)
    {
        _settings = settings;
        _cancellation = cancellation;
    }

    /// <exception cref="SmtpRefusedException">The server said no, or something that is not SMTP.</exception>
    public static async Task SendAsync(SmtpSettings settings, string to, string message, CancellationToken cancellation)
    {
        await using var conversation = new SmtpConversation(settings, cancellation);
        await conversation.SendAsync(to, message).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _connection.Dispose();
    }

    private async Task SendAsync(string to, string message)
    {
        await _connection.ConnectAsync(_settings.Host, _settings.Port, _cancellation).ConfigureAwait(false);
        _stream = _connection.GetStream();
        if (_settings.TlsFromStart) await StartTlsAsync().ConfigureAwait(false);
        await ExpectAsync(220).ConfigureAwait(false);
        var offers = await CommandAsync("EHLO focobot", 250).ConfigureAwait(false);
        if (!_settings.TlsFromStart && offers.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase))
        {
            await CommandAsync("STARTTLS", 220).ConfigureAwait(false);
            if (_start != _end) throw new SmtpRefusedException("The server said more than TLS allows."); // injected before the handshake
            await StartTlsAsync().ConfigureAwait(false);
            await CommandAsync("EHLO focobot", 250).ConfigureAwait(false);
        }

        await SignInAsync().ConfigureAwait(false);
        await CommandAsync($"MAIL FROM:<{_settings.From}>", 250).ConfigureAwait(false);
        await CommandAsync($"RCPT TO:<{to}>", 250).ConfigureAwait(false);
        await CommandAsync("DATA", 354).ConfigureAwait(false);
        // RFC 5321 §4.5.2: a line that starts with a dot gets another.
        await CommandAsync(message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.", 250).ConfigureAwait(false);
        await WriteAsync("QUIT").ConfigureAwait(false);
    }

    private async Task SignInAsync()
    {
        if (_settings.User is null) return;
        if (_stream is not SslStream && _settings.Host is not ("localhost" or "127.0.0.1"))
            throw new SmtpRefusedException("The server offers no TLS, and the password is not sent without it.");
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{_settings.User}\0{_settings.Password}")); // RFC 4616
        await CommandAsync("AUTH PLAIN " + plain, 235).ConfigureAwait(false);
    }

    private async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        var options = new SslClientAuthenticationOptions { TargetHost = _settings.Host };
        if (_settings.Authority is { } authority)
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck };
        await tls.AuthenticateAsClientAsync(options, _cancellation).ConfigureAwait(false);
    }

    private async Task<string> CommandAsync(string line, int expected)
    {
        await WriteAsync(line).ConfigureAwait(false);
        return await ExpectAsync(expected).ConfigureAwait(false);
    }

    private async Task WriteAsync(string line)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), _cancellation).ConfigureAwait(false);
        await _stream.FlushAsync(_cancellation).ConfigureAwait(false);
    }

    // A reply is lines "250-text" and a last "250 text", RFC 5321 §4.2.1. Its text is never repeated: it may quote an address.
    private async Task<string> ExpectAsync(int expected)
    {
        var reply = new StringBuilder();
        for (var lines = 0; lines < MostReplyLines; lines++)
        {
            var line = await ReadLineAsync().ConfigureAwait(false);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new SmtpRefusedException("The server does not speak SMTP.");
            reply.AppendLine(line);
            if (line.Length > 3 && line[3] == '-') continue;
            return code == expected ? reply.ToString() : throw new SmtpRefusedException(string.Create(CultureInfo.InvariantCulture, $"The server answered {code} where {expected} was due."));
        }

        throw new SmtpRefusedException("The server's reply has no end.");
    }

    private async Task<string> ReadLineAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, end).TrimEnd('\r');
                _start += end + 1;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length) throw new SmtpRefusedException("The server's line has no end.");
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), _cancellation).ConfigureAwait(false);
            if (read == 0) throw new SmtpRefusedException("The server hung up.");
            _end += read;
        }
    }
}

/// <summary>The mail server refused, or is none. The message holds no address.</summary>
internal sealed class SmtpRefusedException(string message) : IOException(message);
