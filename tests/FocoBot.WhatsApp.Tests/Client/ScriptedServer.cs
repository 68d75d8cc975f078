using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>A server without a mind of its own: each test says what it sends, and looks at what comes.</summary>
internal sealed class ScriptedServer
{
    private readonly Channel<WebSocket> _arrivals = Channel.CreateUnbounded<WebSocket>();
    private readonly KeyPair _root = KeyPair.Generate(RandomNumberGenerator.Create()), _noise = KeyPair.Generate(RandomNumberGenerator.Create());
    private readonly TimeProvider _clock;
    private byte[] _certificates = [];

    public ScriptedServer(TimeProvider clock)
    {
        _clock = clock;
        Renew();
    }

    public ReadOnlyMemory<byte> RootKey => _root.Public;

    /// <summary>How often clients have connected.</summary>
    public int Arrivals { get; private set; }

    /// <summary>Fails that many connections before one succeeds.</summary>
    public int Failing { get; set; }

    /// <summary>Makes certificates for today.</summary>
    public void Renew()
    {
        var random = RandomNumberGenerator.Create();
        var now = _clock.GetUtcNow();
        _certificates = CertificateChain.Create(
            NoiseCurve.Instance, _root.Private.Span, KeyPair.Generate(random).Private.Span, _noise.Public.Span, now.AddDays(-1), now.AddDays(1), random.Take(128));
    }

    /// <summary>The client's way in.</summary>
    public Task<WebSocket> OpenAsync(Uri uri, CancellationToken token)
    {
        Arrivals++;
        if (Failing > 0)
        {
            Failing--;
            throw new WebSocketException("No way.");
        }

        var (ours, theirs) = DuplexStream.Pair();
        _arrivals.Writer.TryWrite(WebSocket.CreateFromStream(ours, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan }));
        return Task.FromResult(WebSocket.CreateFromStream(theirs, new WebSocketCreationOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }));
    }

    /// <summary>Takes the next client, up to the end of the handshake.</summary>
    public async Task<ServerConnection> AcceptAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        var connection = new ServerConnection(await _arrivals.Reader.ReadAsync(patience.Token));
        await connection.GreetAsync(_noise.Private, _certificates);
        return connection;
    }

    /// <summary>Takes the next client without a word.</summary>
    public async Task<WebSocket> AcceptSilentlyAsync() => await _arrivals.Reader.ReadAsync();
}
