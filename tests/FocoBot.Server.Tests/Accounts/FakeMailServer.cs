using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace FocoBot.Tests.Accounts;

/// <summary>A mail server on this machine that keeps what it is given, with or without TLS.</summary>
internal sealed class FakeMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ReceivedMail> _mails = Channel.CreateUnbounded<ReceivedMail>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly bool _tlsFromStart;
    private readonly bool _startTls;

    public FakeMailServer(bool tlsFromStart = false, bool startTls = false)
    {
        (_tlsFromStart, _startTls) = (tlsFromStart, startTls);
        if (tlsFromStart || startTls) Certificate = SelfSigned();
        _listener.Start();
        _loop = AcceptAsync();
    }

    public X509Certificate2? Certificate { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"smtp://post%40example.com:s3cret@127.0.0.1:{Port}";

    /// <summary>The code that AUTH is answered with.</summary>
    public int AuthAnswer { get; set; } = 235;

    /// <summary>The next mail, waiting for it.</summary>
    public async Task<ReceivedMail> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _mails.Reader.ReadAsync(patience.Token);
    }

    /// <summary>True when no mail has come that was not read.</summary>
    public bool IsEmpty => _mails.Reader.Count == 0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _stop.Dispose();
        Certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        if (_tlsFromStart) stream = await SecuredAsync(stream);
        var mail = new ReceivedMail { Secured = _tlsFromStart };
        await SayAsync(stream, "220 fake\r\n");
        while (await LineAsync(stream) is { } line)
        {
            var verb = line.Split(' ')[0];
            if (verb == "QUIT") return;
            if (verb == "EHLO") await SayAsync(stream, _startTls && !mail.Secured ? "250-fake\r\n250-SIZE 1000\r\n250 STARTTLS\r\n" : "250-fake\r\n250 AUTH PLAIN\r\n");
            else if (verb == "STARTTLS")
            {
                await SayAsync(stream, "220 go\r\n");
                stream = await SecuredAsync(stream);
                mail.Secured = true;
            }
            else if (verb == "AUTH")
            {
                mail.Auth = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2]));
                await SayAsync(stream, $"{AuthAnswer} done\r\n");
            }
            else if (verb == "DATA")
            {
                await SayAsync(stream, "354 go\r\n");
                while (await LineAsync(stream) is { } text && text != ".") mail.Lines.Add(text);
                await SayAsync(stream, "250 kept\r\n");
                await _mails.Writer.WriteAsync(mail);
            }
            else
            {
                mail.Envelope.Add(line);
                await SayAsync(stream, "250 ok\r\n");
            }
        }
    }

    private async Task<Stream> SecuredAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(Certificate!);
        return tls;
    }

    private static Task SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    private static async Task<string?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}

/// <summary>A mail as it arrived.</summary>
internal sealed class ReceivedMail
{
    public bool Secured { get; set; }
    public string? Auth { get; set; }
    public List<string> Envelope { get; } = [];
    public List<string> Lines { get; } = [];

    public string To => Header("To");

    public string Subject => Encoding.UTF8.GetString(Convert.FromBase64String(Header("Subject")["=?utf-8?B?".Length..^2]));

    public string Text => Encoding.UTF8.GetString([.. Lines.SkipWhile(line => line.Length > 0).Skip(1).SelectMany(Convert.FromBase64String)]);

    /// <summary>The token of the link in the text.</summary>
    public string Token => Text[(Text.IndexOf("#token=", StringComparison.Ordinal) + 7)..].Split('\n')[0];

    public string Header(string name) => Lines.First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
}
