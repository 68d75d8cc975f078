using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Framing;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>One client, as its server sees it.</summary>
internal sealed class ServerConnection(WebSocket socket)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ArrayBufferWriter<byte> _received = new();
    private int _consumed;
    private NoiseTransport? _transport;
    private Task<Node>? _reading;

    public ClientPayload Payload { get; private set; } = new();

    /// <summary>All stanzas that have come.</summary>
    public List<Node> Read { get; } = [];

    public byte[] NoiseKey { get; private set; } = [];

    public byte[] RoutingInfo { get; private set; } = [];

    public async Task GreetAsync(ReadOnlyMemory<byte> noisePrivate, byte[] certificates)
    {
        await ReceiveAsync();
        Assert.True(Intro.TryRead(_received.WrittenSpan, out var routing, out _consumed));
        RoutingInfo = routing.ToArray();
        var hello = await FrameAsync();
        using var noise = new NoiseResponder(NoiseCurve.Instance, Intro.Prologue, hello, noisePrivate.Span, RandomNumberGenerator.GetBytes(32), certificates);
        await SendFrameAsync(noise.Hello);
        _transport = noise.Finish(await FrameAsync(), out var noiseKey, out var payload);
        NoiseKey = noiseKey;
        Payload = ProtoReader.Parse<ClientPayload>(payload);
    }

    public async Task<Node> ReadAsync()
    {
        var stanza = _reading ?? ReadAnyAsync();
        _reading = null;
        return await stanza.WaitAsync(Patience);
    }

    private async Task<Node> ReadAnyAsync()
    {
        var frame = await FrameAsync();
        var plaintext = new byte[frame.Length];
        var stanza = Stanza.Read(plaintext.AsSpan(0, _transport!.Receive.Decrypt(frame, plaintext)));
        Read.Add(stanza);
        return stanza;
    }

    /// <summary>The next stanza if one comes soon. What was not read stays for the next time.</summary>
    public async Task<Node?> TryReadAsync(TimeSpan patience)
    {
        _reading ??= ReadAnyAsync();
        await Task.WhenAny(_reading, Task.Delay(patience, TimeProvider.System));
        return _reading.IsCompleted ? await ReadAsync() : null;
    }

    /// <summary>Gives every request an empty answer until the client hangs up.</summary>
    public async Task AnswerAllAsync()
    {
        try
        {
            while (true)
            {
                var stanza = await ReadAsync();
                if (stanza.Tag == "iq" && stanza["type"] is "get" or "set")
                    await AnswerAsync(stanza);
            }
        }
        catch (Exception gone) when (gone is EndOfStreamException or WebSocketException or IOException)
        {
            // As it should.
        }
    }

    /// <summary>The next stanza, which must be a request with this in it.</summary>
    public async Task<Node> ExpectRequestAsync(string xmlns, string type, string content)
    {
        var request = await ReadAsync();
        Assert.Equal(("iq", xmlns, type, "@s.whatsapp.net"), (request.Tag, request["xmlns"], request["type"], request["to"]));
        Assert.NotNull(request.Child(content));
        return request;
    }

    public Task AnswerAsync(Node request, NodeContent content = default) =>
        SendAsync(new Node("iq", [("from", Jid.Service), ("type", "result"), ("id", request.Require("id"))], content));

    public Task RefuseAsync(Node request, string code, string text) => SendAsync(new Node(
        "iq", [("from", Jid.Service), ("type", "error"), ("id", request.Require("id"))], new Node("error", [("code", code), ("text", text)])));

    public async Task SendAsync(Node stanza)
    {
        var plaintext = new ArrayBufferWriter<byte>();
        Stanza.Write(stanza, plaintext);
        var frame = new byte[plaintext.WrittenCount + NoiseCipher.TagLength];
        _transport!.Send.Encrypt(plaintext.WrittenSpan, frame);
        await SendFrameAsync(frame);
    }

    /// <summary>Sends bytes that are no frame of this connection.</summary>
    public Task SendGarbageAsync() => SendFrameAsync(new byte[64]);

    public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    /// <summary>Waits for the client to hang up.</summary>
    public async Task ExpectEndAsync()
    {
        while (true)
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception gone) when (gone is EndOfStreamException or WebSocketException or IOException)
            {
                return;
            }
        }
    }

    private async Task<byte[]> FrameAsync()
    {
        while (true)
        {
            if (Frame.TryRead(_received.WrittenSpan[_consumed..], Limits.FramePayload, out var payload, out var length))
            {
                _consumed += length;
                return payload.ToArray();
            }

            await ReceiveAsync();
        }
    }

    private async Task ReceiveAsync()
    {
        var result = await socket.ReceiveAsync(_received.GetMemory(4096), CancellationToken.None);
        if (result.MessageType is WebSocketMessageType.Close)
            throw new EndOfStreamException();
        _received.Advance(result.Count);
    }

    private async Task SendFrameAsync(byte[] payload)
    {
        var frame = new ArrayBufferWriter<byte>();
        Frame.Write(payload, frame);
        await socket.SendAsync(frame.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }
}
