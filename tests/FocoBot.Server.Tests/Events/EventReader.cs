using System.Net.WebSockets;
using System.Text.Json;

namespace FocoBot.Tests.Events;

/// <summary>A program on the other end of the event stream.</summary>
internal sealed class EventReader(WebSocket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    public WebSocket Socket => socket;

    public static async Task<EventReader> WithKeyAsync(TestServer server, string apiKey, long? after = null, params (string Name, string Value)[] headers) =>
        await ConnectAsync(server, after is null ? "" : $"?after={after}", [("Authorization", $"Bearer {apiKey}"), .. headers]);

    public static Task<EventReader> ConnectAsync(TestServer server, string query, params (string Name, string Value)[] headers) => ConnectToAsync(server, "/api/events/stream" + query, headers);

    public static async Task<EventReader> ConnectToAsync(TestServer server, string path, params (string Name, string Value)[] headers)
    {
        var client = server.Host.CreateWebSocketClient();
        client.ConfigureRequest = request =>
        {
            foreach (var (name, value) in headers) request.Headers[name] = value;
        };
        return new EventReader(await client.ConnectAsync(new Uri(TestServer.BaseUrl.Replace("https", "wss", StringComparison.Ordinal) + path), TestContext.Current.CancellationToken));
    }

    /// <summary>What the next frame of a type says; others are passed over.</summary>
    public async Task<JsonElement> UntilAsync(string type)
    {
        while (true)
        {
            var frame = await NextAsync() ?? throw new InvalidOperationException($"The stream ended before {type}.");
            if (frame.GetProperty("type").GetString() == type) return frame.GetProperty("data");
        }
    }

    /// <summary>The next frame; null when the server closed the stream.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                try
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
                }
                catch (IOException)
                {
                    // Where the test's clock runs, the server's patience for a goodbye may be over: it has said its own.
                }

                return null;
            }

            length += received.Count;
            if (received.EndOfMessage) return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }

    public void Dispose() => socket.Dispose();
}
