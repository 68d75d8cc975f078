using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Framing;

namespace FocoBot.WhatsApp.Tests.Connection;

public class WebSocketConnectorTests
{
    [Fact]
    public async Task A_real_socket_is_opened_as_a_browser_would_and_carries_frames()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = WebSocketConnector.ConnectAsync(new($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/ws/chat"), null, default);
        using var tcp = await listener.AcceptTcpClientAsync();
        var stream = tcp.GetStream();
        var request = await ReadHeadAsync(stream);
        Assert.StartsWith("GET /ws/chat HTTP/1.1\r\n", request);
        Assert.Contains("\r\nOrigin: https://web.whatsapp.com\r\n", request);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", request);
        var key = request.Split("\r\nSec-WebSocket-Key: ")[1].Split("\r\n")[0];
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
        using var theirs = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        using var ours = new FrameSocket(await connecting);

        // Two frames in one message, and one frame in two.
        var waiting = ours.ReceiveAsync(Limits.FramePayload, default).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.False(waiting.IsCompleted);
        await theirs.SendAsync(new byte[] { 0, 0, 1, 7, 0, 0, 2, 8, 9 }, WebSocketMessageType.Binary, true, default);
        Assert.Equal([7], (await waiting).ToArray());
        Assert.Equal([8, 9], (await ours.ReceiveAsync(Limits.FramePayload, default)).ToArray());
        var large = RandomNumberGenerator.GetBytes(70_000);
        byte[] header = new byte[Frame.HeaderLength];
        Frame.WriteHeader(header, large.Length);
        await theirs.SendAsync(header, WebSocketMessageType.Binary, true, default);
        await theirs.SendAsync(large, WebSocketMessageType.Binary, true, default);
        Assert.Equal(large, (await ours.ReceiveAsync(Limits.FramePayload, default)).ToArray());

        await theirs.SendAsync(new byte[] { 255, 255, 255 }, WebSocketMessageType.Binary, true, default);
        await Assert.ThrowsAsync<ProtocolException>(async () => await ours.ReceiveAsync(Limits.HandshakeFrame, default));
        await theirs.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
