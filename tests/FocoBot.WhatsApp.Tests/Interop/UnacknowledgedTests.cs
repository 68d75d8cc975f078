using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>What the server has taken without our client getting to know, and what our client has told without anybody reading it.</summary>
public class UnacknowledgedTests
{
    private const int Few = 4;

    private static readonly FaultPlan AcksLost = new(LoseAcks: 1);

    [Fact]
    public async Task What_was_not_acknowledged_leaves_again_unchanged_on_the_next_connection_and_after_a_restart()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store, clock: new HastyClock());
        var bob = sandbox.AddPhone("Bob");
        var companion = ana.Pn.WithDevice(1);
        var group = (await before.Client.CreateGroupAsync("Casa", [bob.Pn], Token)).Jid;
        await before.Client.SendTextAsync(bob.Pn, "antes", Token);

        sandbox.Network.PlanFaults(companion, AcksLost);
        var sending = Enumerable.Range(0, Few).Select(i => before.Client.SendTextAsync(i % 2 == 0 ? bob.Pn : group, $"mensaje {i}", Token)).ToArray();
        await ShownAsync(bob, sending.Length);
        Assert.DoesNotContain(sending, sent => sent.IsCompleted);
        sandbox.Break(companion);
        var ids = (await Task.WhenAll(sending)).Select(sent => sent.Id).ToArray();
        foreach (var id in ids) await before.WaitForAsync<MessageAcknowledged>(ack => ack.Id == id && ack.Error == 0);
        Assert.Equal(Few, sandbox.Network.Statistics().Repeated);

        sandbox.Network.PlanFaults(companion, AcksLost);
        var last = before.Client.SendTextAsync(bob.Pn, "después", Token);
        var lastId = (await SandboxServer.ShownAsync(bob, shown => shown.Text == "después")).Id;
        await before.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionEndedException>(() => last);
        // Not on this connection either.
        await using (var once = new SandboxClient(sandbox, store, clock: new HastyClock()))
        {
            await once.Client.ConnectAsync(Token);
            await sandbox.EventuallyAsync(network => network.Repeated == Few + 1);
        }

        sandbox.Network.PlanFaults(companion, null);
        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        Assert.Equal(bob.Lid, (await after.WaitForAsync<MessageAcknowledged>(ack => ack.Id == lastId)).Chat);
        Assert.Equal(Few + 2, sandbox.Network.Statistics().Repeated);
        // Nothing is left to leave again, and whoever reads has each once.
        await after.Client.SendTextAsync(bob.Pn, "fin", Token);
        await SandboxServer.ShownAsync(bob, shown => shown.Text == "fin");
        Assert.Equal(["antes", "después", "fin", .. Enumerable.Range(0, Few).Select(i => $"mensaje {i}")], bob.Messages().Select(shown => shown.Text).Order(StringComparer.Ordinal));
        await after.Client.DisconnectAsync();
        await after.Client.ConnectAsync(Token);
        Assert.Equal(Few + 2, sandbox.Network.Statistics().Repeated);
        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task Who_stops_reading_events_gets_all_of_them_later_and_none_twice()
    {
        const int messages = 5_000;
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, linked) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        await linked.DisposeAsync();
        var bob = sandbox.AddPhone("Bob");

        await using var client = new WhatsAppClient(new() { Clock = new HastyClock(), Store = store, Uri = sandbox.WebSocket, RootKey = sandbox.Network.RootPublicKey });
        await client.ConnectAsync(Token);
        var ids = new List<string>();
        for (var i = 0; i < messages; i++) ids.Add(await bob.SendTextAsync(ana.Pn, $"mensaje {i}"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (client.State is not ConnectionState.Waiting) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        // What was not told was not acknowledged.
        Assert.InRange(sandbox.Network.Statistics().Waiting, messages - Limits.PendingEvents - 2 * Limits.UnstoredUnits, messages);

        var read = new List<string>();
        var ends = new List<EndCause>();
        await foreach (var happened in client.Events.WithCancellation(limit.Token))
        {
            if (happened is Disconnected end) ends.Add(end.End.Cause);
            if (happened is MessageReceived message) read.Add(message.Id);
            if (read.Count == messages) break;
        }

        Assert.Equal(ids, read);
        Assert.Equal([EndCause.EventsUnread], ends);
        await sandbox.EventuallyAsync(network => network.Waiting == 0);
    }

    private static async Task ShownAsync(FocoBot.Sandbox.Phones.VirtualPhone phone, int count)
    {
        for (var i = 0; i < count; i++) await SandboxServer.ShownAsync(phone, shown => shown.Text == $"mensaje {i}");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
