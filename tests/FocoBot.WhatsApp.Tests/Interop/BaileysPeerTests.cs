using System.Net;
using System.Net.Sockets;

namespace FocoBot.WhatsApp.Tests.Interop;

public class BaileysPeerTests
{
    [Fact]
    public async Task With_nobody_listening_it_closes_can_try_again_and_stops_cleanly()
    {
        var nobody = new Uri($"ws://127.0.0.1:{UnusedPort()}/ws/chat");
        await using var peer = await BaileysPeer.StartAsync(nobody);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var closed = await peer.WaitForAsync<Closed>();
            Assert.Contains("ECONNREFUSED", closed.Reason, StringComparison.Ordinal);
            Assert.False(closed.Restarting);
            if (attempt == 0) await peer.ConnectAsync(nobody);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => peer.SendTextAsync("15550001@s.whatsapp.net", "hi"));
        Assert.Contains("not connected", refused.Message, StringComparison.Ordinal);
        await peer.StopAsync();
        Assert.Empty(peer.EventsLeft);
        Assert.True(Directory.Exists(peer.AuthDir));
    }

    [Fact]
    public async Task An_unknown_method_is_refused_while_it_connects()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var peer = await BaileysPeer.StartAsync(new Uri($"ws://{silent.LocalEndpoint}/"));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => peer.CallAsync("sendCarrierPigeon", []));
        Assert.Contains("no method sendCarrierPigeon", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => peer.ConnectAsync(new Uri("ws://127.0.0.1:1/")));
        await peer.StopAsync();
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
