using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Framing;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Server;

/// <summary>
/// One client's WebSocket: handshake, then stanzas both ways. Sending never waits: what is sent is queued, and leaves in order, each
/// frame in a message of its own (some clients can't put a split frame together).
/// </summary>
internal sealed class ClientConnection(WebSocket socket, ServerKeys keys, RandomNumberGenerator random, TimeProvider clock) : IDisposable
{
    private readonly Channel<(Node? Stanza, DateTimeOffset Due)> _outgoing = Channel.CreateBounded<(Node?, DateTimeOffset)>(new BoundedChannelOptions(ServerLimits.Backlog) { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _received = new();
    private int _consumed;
    private NoiseTransport? _transport;

    /// <summary>Who this is, once the server has let it in.</summary>
    public Session? Session { get; set; }

    /// <summary>Nothing that comes is looked at, and nothing is sent any more.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Queues a stanza, which leaves after a while. A client that reads nothing for too long is hung up on.</summary>
    public void Send(Node stanza, TimeSpan delay = default)
    {
        if (IsDeaf) return;
        if (!_outgoing.Writer.TryWrite((stanza, delay > TimeSpan.Zero ? clock.GetUtcNow() + delay : default))) socket.Abort();
    }

    /// <summary>Hangs up after what is queued.</summary>
    public void Close()
    {
        if (!_outgoing.Writer.TryWrite(default)) socket.Abort();
    }

    /// <summary>Hangs up at once.</summary>
    public void Abort() => socket.Abort();

    /// <summary>The handshake.</summary>
    /// <returns>The client's noise key and what it says of itself.</returns>
    /// <exception cref="ProtocolException">This is no client.</exception>
    public async Task<(byte[] NoiseKey, ClientPayload Payload)> GreetAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(ServerLimits.Handshake, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        while (!TakeIntro())
            await ReceiveAsync(both.Token).ConfigureAwait(false);
        var hello = await FrameAsync(Limits.HandshakeFrame, both.Token).ConfigureAwait(false);
        var ephemeral = new byte[32];
        random.GetBytes(ephemeral);
        using var noise = new NoiseResponder(NoiseCurve.Instance, Intro.Prologue, hello, keys.Static.Private.Span, ephemeral, keys.Certificates);
        await SendFrameAsync(noise.Hello, both.Token).ConfigureAwait(false);
        var finish = await FrameAsync(Limits.HandshakeFrame, both.Token).ConfigureAwait(false);
        _transport = noise.Finish(finish, out var noiseKey, out var payload);
        return (noiseKey, ProtoReader.Parse<ClientPayload>(payload));
    }

    /// <summary>The next stanza; null when the client is gone.</summary>
    /// <exception cref="ProtocolException">The client broke the protocol.</exception>
    public async Task<Node?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var frame = await FrameAsync(Limits.FramePayload, cancellation).ConfigureAwait(false);
            var plaintext = new byte[frame.Length];
            var length = _transport!.Receive.Decrypt(frame, plaintext);
            return Stanza.Read(plaintext.AsSpan(0, length));
        }
        catch (Exception e) when (e is WebSocketException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Writes what is queued until the connection ends.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            await foreach (var (stanza, due) in _outgoing.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                if (stanza is null)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation).ConfigureAwait(false);
                    return;
                }

                if (due != default && due - clock.GetUtcNow() is { Ticks: > 0 } wait) await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
                buffer.ResetWrittenCount();
                Stanza.Write(stanza, buffer);
                var sealedBytes = new byte[buffer.WrittenCount + NoiseHandshake.TagLength];
                _transport!.Send.Encrypt(buffer.WrittenSpan, sealedBytes);
                await SendFrameAsync(sealedBytes, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The reading side sees the end.
        }
    }

    public void Dispose() => _transport?.Dispose();

    private bool TakeIntro()
    {
        if (!Intro.TryRead(_received.WrittenSpan, out _, out var consumed)) return false;
        _consumed = consumed;
        return true;
    }

    private async ValueTask<byte[]> FrameAsync(int longest, CancellationToken cancellation)
    {
        while (true)
        {
            if (Frame.TryRead(_received.WrittenSpan[_consumed..], longest, out var payload, out var consumed))
            {
                var frame = payload.ToArray();
                _consumed += consumed;
                if (_consumed == _received.WrittenCount)
                {
                    _received.ResetWrittenCount();
                    _consumed = 0;
                }

                return frame;
            }

            await ReceiveAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellation)
    {
        var result = await socket.ReceiveAsync(_received.GetMemory(4096), cancellation).ConfigureAwait(false);
        if (result.MessageType == WebSocketMessageType.Close) throw new EndOfStreamException();
        _received.Advance(result.Count);
    }

    private Task SendFrameAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var frame = new byte[Frame.HeaderLength + payload.Length];
        Frame.WriteHeader(frame, payload.Length);
        payload.CopyTo(frame.AsMemory(Frame.HeaderLength));
        return socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
    }
}
