using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace FocoBot.WhatsApp.Connection;

/// <summary>Opens the WebSocket as a browser would: with the page's origin, over TLS 1.2 or newer.</summary>
internal static class WebSocketConnector
{
    private const string Origin = "https://web.whatsapp.com";

    public static async Task<WebSocket> ConnectAsync(Uri uri, RemoteCertificateValidationCallback? certificates, CancellationToken token)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader("Origin", Origin);
            socket.Options.SetRequestHeader("Cache-Control", "no-cache");
            socket.Options.SetRequestHeader("Pragma", "no-cache");
            // The protocol has pings of its own.
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            using var handler = new SocketsHttpHandler();
            handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            handler.SslOptions.RemoteCertificateValidationCallback = certificates;
            using var invoker = new HttpMessageInvoker(handler);
            await socket.ConnectAsync(uri, invoker, token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
