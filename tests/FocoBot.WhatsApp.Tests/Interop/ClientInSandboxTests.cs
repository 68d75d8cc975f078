using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Our own client on the offline network.</summary>
public class ClientInSandboxTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_links_by_qr_code_and_logs_in()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var client = Client(sandbox, new InMemoryDeviceStore());
        var events = client.Events.GetAsyncEnumerator();
        var linking = client.LinkByQrAsync(TestContext.Current.CancellationToken);

        phone.Scan((await NextAsync<QrCodeShown>(events)).Text);
        var linked = await NextAsync<DeviceLinked>(events);
        Assert.Equal((phone.Pn.WithDevice(1), phone.Lid.WithDevice(1)), (linked.PhoneJid, linked.Lid!.Value));
        await NextAsync<Connected>(events);
        await linking;
        Assert.Equal([phone.Pn.WithDevice(1)], phone.Companions);
    }

    [Fact]
    public async Task It_links_by_code_and_logs_in()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var client = Client(sandbox, new InMemoryDeviceStore());
        var events = client.Events.GetAsyncEnumerator();
        var linking = client.LinkByCodeAsync("+" + phone.Number, token: TestContext.Current.CancellationToken);

        var code = (await NextAsync<LinkCodeShown>(events)).Code;
        await Task.Run(() => phone.EnterCode(code));
        await NextAsync<DeviceLinked>(events);
        await NextAsync<Connected>(events);
        await linking;
    }

    [Fact]
    public async Task It_logs_in_again_from_its_store_and_stops_when_it_was_unlinked()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        var store = new InMemoryDeviceStore();
        await using (var first = Client(sandbox, store))
        {
            var events = first.Events.GetAsyncEnumerator();
            var linking = first.LinkByQrAsync(TestContext.Current.CancellationToken);
            phone.Scan((await NextAsync<QrCodeShown>(events)).Text);
            await NextAsync<Connected>(events);
            await linking;
        }

        await using var again = Client(sandbox, store);
        var later = again.Events.GetAsyncEnumerator();
        await again.ConnectAsync(TestContext.Current.CancellationToken);
        await NextAsync<Connected>(later);

        phone.Unlink(phone.Companions[0]);
        Assert.Null((await NextAsync<Disconnected>(later)).RetryIn);
    }

    [Fact]
    public async Task A_server_of_another_root_is_not_talked_to()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        await using var other = new WhatsAppClient(new WhatsAppClientOptions { Store = new InMemoryDeviceStore(), Uri = sandbox.WebSocket });
        var refused = await Assert.ThrowsAsync<LinkingException>(() => other.LinkByQrAsync(TestContext.Current.CancellationToken));
        Assert.Equal(EndCause.HandshakeFailed, Assert.IsType<ConnectionEndedException>(refused.InnerException).End.Cause);
    }

    private static WhatsAppClient Client(SandboxServer sandbox, IDeviceStore store) =>
        new(new WhatsAppClientOptions { Store = store, Uri = sandbox.WebSocket, RootKey = sandbox.Network.RootPublicKey });

    // The next event of a kind; others in front of it are passed over.
    private static async Task<T> NextAsync<T>(IAsyncEnumerator<ClientEvent> events) where T : ClientEvent
    {
        var seen = new List<string>();
        try
        {
            while (await events.MoveNextAsync().AsTask().WaitAsync(Patience, TimeProvider.System))
            {
                if (events.Current is T wanted) return wanted;
                seen.Add(events.Current is DeviceNotLinked not ? $"{not.Failure} {not.End?.Cause} {not.End?.Code}" : events.Current.ToString());
            }
        }
        catch (TimeoutException)
        {
            // Said below.
        }

        throw new InvalidOperationException($"No {typeof(T).Name}, but {string.Join(", ", seen)}.");
    }
}
