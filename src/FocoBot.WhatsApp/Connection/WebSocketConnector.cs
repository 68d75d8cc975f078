using System.Net.Security;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace FocoBot.WhatsApp.Connection;

/// <summary>Opens the WebSocket as a browser would: with the page's origin, over TLS 1.2 or newer.</summary>
internal static class WebSocketConnector
{
    private const string Origin = "https://web.whatsapp.com";

    // A handler outlives its connections and costs as much memory as one of them: all clients that check certificates alike share one.
    private static readonly HttpMessageInvoker Usual = Invoker(certificates: null);
    private static readonly ConditionalWeakTable<RemoteCertificateValidationCallback, HttpMessageInvoker> Own = [];

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
            await socket.ConnectAsync(uri, certificates is null ? Usual : Own.GetValue(certificates, Invoker), token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static HttpMessageInvoker Invoker(RemoteCertificateValidationCallback? certificates)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        handler.SslOptions.RemoteCertificateValidationCallback = certificates;
        return new(handler);
    }
}
