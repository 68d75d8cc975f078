using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A side that has lost its session with the other, which has been restarted since: messages are asked for again, and come.</summary>
public class RetryAfterRestartTests
{
    [Fact]
    public async Task What_baileys_asks_for_after_a_restart_of_the_client_is_answered_from_the_store()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, first) = await sandbox.LinkedAsync("Bob");
        await using var _ = first;
        await ExchangeAsync(sandbox, before, ana.Pn, first, bob.Pn);
        await first.StopAsync();

        // Written while Baileys is away, within the session that it is about to lose.
        var sent = await before.Client.SendTextAsync(bob.Pn, "dos", Token);
        await before.DisposeAsync();
        var lost = Directory.EnumerateFiles(first.AuthDir, "session-*.1.json").Where(file => Path.GetFileName(file).Contains(ana.Lid.User, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lost);
        foreach (var file in lost) File.Delete(file);

        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { AuthDir = first.AuthDir });
        Assert.Equal("dos", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id && seen.Text is not null)).Text);
        await HealedAsync(sandbox, after, ana.Pn, peer, bob.Pn);
        Assert.DoesNotContain(peer.EventsLeft.OfType<MessageSeen>(), seen => seen.Key.Id == sent.Id && seen.Text is not null);
    }

    [Fact]
    public async Task A_session_that_the_client_has_lost_is_healed_by_asking_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = peer;
        await ExchangeAsync(sandbox, before, ana.Pn, peer, bob.Pn);
        await before.DisposeAsync();

        var sent = await peer.SendTextAsync(ana.Pn.ToString(), "dos");
        await sandbox.EventuallyAsync(network => network.Waiting > 0);
        var changes = new DeviceChanges();
        foreach (var record in await store.ListAsync(RecordKind.Session, Token))
        {
            if (record.Name.StartsWith(bob.Lid.User, StringComparison.Ordinal) && record.Name.EndsWith(".1", StringComparison.Ordinal)) changes.Set(new(RecordKind.Session, record.Name), null);
        }

        Assert.NotEmpty(changes.Records);
        await store.CommitAsync(changes);
        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        Assert.Equal("dos", (await after.ReceivedAsync(sent.Id)).Content.ExtendedTextMessage.Text);
        await HealedAsync(sandbox, after, ana.Pn, peer, bob.Pn);
        Assert.DoesNotContain(after.EventsLeft.OfType<MessageReceived>(), message => message.Id == sent.Id);
    }

    // There and back, so that both have heard each other in the session: Baileys can forget one that it begins while it reads a first message.
    private static async Task ExchangeAsync(SandboxServer sandbox, SandboxClient client, Jid ana, BaileysPeer peer, Jid bob)
    {
        var there = await client.Client.SendTextAsync(bob, "ida", Token);
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id && seen.Text == "ida");
        await client.ReceivedAsync((await peer.SendTextAsync(ana.ToString(), "vuelta")).Id);
        await sandbox.EventuallyAsync(network => network.Waiting == 0);
    }

    // Once was asked for a message, and from now on nothing is.
    private static async Task HealedAsync(SandboxServer sandbox, SandboxClient client, Jid ana, BaileysPeer peer, Jid bob)
    {
        var retries = sandbox.Network.Statistics().Retries;
        Assert.InRange(retries, 1, 2);
        for (var i = 0; i < 3; i++) await ExchangeAsync(sandbox, client, ana, peer, bob);
        Assert.Equal(retries, sandbox.Network.Statistics().Retries);
        await sandbox.EventuallyAsync(network => network.Waiting == 0);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
