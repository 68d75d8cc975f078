using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Our client on the offline network, with virtual phones and with unmodified Baileys.</summary>
public class ClientMessagingTests
{
    [Fact]
    public async Task Texts_go_both_ways_between_it_a_phone_and_its_own_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");

        var sent = await client.Client.SendTextAsync(bob.Pn, "hola Bob", Token);
        Assert.Equal(bob.Lid, sent.Chat);
        await SandboxServer.ShownAsync(bob, shown => shown is { Text: "hola Bob" } && shown.Id == sent.Id && shown.From == ana.Pn);
        await SandboxServer.ShownAsync(ana, shown => shown is { Text: "hola Bob" } && shown.Chat == bob.Pn);

        var answer = await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "hola Ana"));
        Assert.Equal(("hola Ana", bob.Lid, bob.Pn, bob.Lid), (answer.Content.Conversation, answer.Chat, answer.ChatAlternate, answer.Sender));
        Assert.Equal((false, false, "Bob"), (answer.FromMe, answer.IsOffline, answer.PushName));

        var own = await client.ReceivedAsync(await ana.SendTextAsync(bob.Pn, "desde el teléfono"));
        Assert.Equal(("desde el teléfono", bob.Lid, bob.Pn, true), (own.Content.Conversation, own.Chat, own.ChatAlternate, own.FromMe));
        Assert.Equal(ana.Lid, own.Sender);
    }

    [Fact]
    public async Task Notes_to_oneself_go_both_ways()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;

        var sent = await client.Client.SendTextAsync(ana.Pn, "comprar pan", Token);
        await SandboxServer.ShownAsync(ana, shown => shown is { Text: "comprar pan" } && shown.Id == sent.Id && shown.Chat == ana.Pn);
        var note = await client.ReceivedAsync(await ana.SendTextAsync(ana.Pn, "listo"));
        Assert.Equal(("listo", ana.Lid, true), (note.Content.Conversation, note.Chat, note.FromMe));
    }

    [Fact]
    public async Task Texts_go_both_ways_between_it_and_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = client;
        await using var __ = peer;

        var first = await client.Client.SendTextAsync(bob.Pn, "hola", Token);
        Assert.Equal("hola", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == first.Id)).Text);
        // Bob's phone and Baileys in one message, in the first of a session and in later ones.
        await SandboxServer.ShownAsync(bob, shown => shown.Id == first.Id && shown.Text == "hola");

        var back = await peer.SendTextAsync(ana.Pn.ToString(), "qué tal");
        var received = await client.ReceivedAsync(back.Id);
        Assert.Equal(("qué tal", bob.Lid, bob.Lid.WithDevice(1)), (received.Content.ExtendedTextMessage.Text, received.Chat, received.Sender));

        for (var i = 0; i < 5; i++)
        {
            var there = await client.Client.SendTextAsync(bob.Lid, $"ida {i}", Token);
            Assert.Equal($"ida {i}", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
            await client.ReceivedAsync((await peer.SendTextAsync(ana.Lid.ToString(), $"vuelta {i}")).Id);
        }

        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task After_a_restart_from_its_store_it_gets_what_it_missed_and_goes_on()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = peer;
        var first = await before.Client.SendTextAsync(bob.Pn, "antes", Token);
        // While it reads the first message of a new contact, Baileys forgets the session that an answer of its own has just begun: that answer
        // leaves without a part for this device ("Failed to encrypt for recipient: No sessions").
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == first.Id);
        await before.ReceivedAsync((await peer.SendTextAsync(ana.Pn.ToString(), "respuesta")).Id);
        await before.DisposeAsync();

        var missed = await peer.SendTextAsync(ana.Pn.ToString(), "mientras tanto");
        var missedToo = await bob.SendTextAsync(ana.Pn, "del teléfono");
        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        Assert.True((await after.ReceivedAsync(missed.Id)).IsOffline);
        Assert.True((await after.ReceivedAsync(missedToo)).IsOffline);

        var sent = await after.Client.SendTextAsync(bob.Pn, "después", Token);
        Assert.Equal("después", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id)).Text);
        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task A_message_whose_commit_fails_is_neither_shown_nor_receipted_and_comes_again()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new FailingStore();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "uno"));

        store.ToFail = 1;
        var id = await bob.SendTextAsync(ana.Pn, "dos");
        await client.WaitForAsync<Disconnected>(end => end.End.Cause is EndCause.Internal);
        Assert.DoesNotContain(client.EventsLeft.OfType<MessageReceived>(), message => message.Id == id);
        // Had it been receipted, the server would have forgotten it; had the ratchet been kept, it would be a duplicate.
        Assert.True((await client.ReceivedAsync(id)).IsOffline);
        Assert.Equal(0, sandbox.Network.Statistics().Retries);
        await client.WaitForAsync<OfflineDelivered>();
    }

    [Fact]
    public async Task A_store_that_keeps_messages_gets_each_together_with_its_ratchet_step()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new FailingStore { Refused = happened => happened is MessageReceived { Content.Conversation: "dos" } };
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "uno"));
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "dos"));
        Assert.Equal(["uno", "dos"], store.Kept.OfType<MessageReceived>().Select(message => message.Content.Conversation));
    }

    [Fact]
    public async Task A_message_whose_sessions_are_not_stored_is_not_sent()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new FailingStore();
        var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        await using var __ = client;
        var bob = sandbox.AddPhone("Bob");
        await client.Client.SendTextAsync(bob.Pn, "uno", Token);
        await client.WaitForAsync<Connected>();

        store.ToFail = 1;
        await Assert.ThrowsAsync<StoreFailedException>(() => client.Client.SendTextAsync(bob.Pn, "dos", Token));
        await client.WaitForAsync<Disconnected>();
        await client.WaitForAsync<Connected>();
        await client.Client.SendTextAsync(bob.Pn, "tres", Token);
        await SandboxServer.ShownAsync(bob, shown => shown.Text == "tres");
        Assert.Equal(["uno", "tres"], bob.Messages().Select(shown => shown.Text));
    }

    [Fact]
    public async Task A_message_damaged_on_the_way_to_it_is_asked_for_and_shown_once()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var __ = peer;
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "uno"));

        foreach (var send in (Func<Task<string>>[])[() => bob.SendTextAsync(ana.Pn, "dos"), async () => (await peer.SendTextAsync(ana.Pn.ToString(), "dos")).Id])
        {
            sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), new FaultPlan(Corrupt: 1, Count: 1));
            var id = await send();
            var shown = await client.ReceivedAsync(id);
            Assert.Equal("dos", shown.Content.ExtendedTextMessage?.Text ?? shown.Content.Conversation);
            await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "tres"));
            Assert.DoesNotContain(client.EventsLeft.OfType<MessageReceived>(), message => message.Id == id);
        }

        Assert.Equal(2, sandbox.Network.Statistics().Retries);
    }

    [Fact]
    public async Task A_message_of_its_own_that_was_damaged_is_sent_again_when_asked_for()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var __ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var ___ = peer;
        var first = await client.Client.SendTextAsync(bob.Pn, "uno", Token);
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == first.Id);

        sandbox.Network.PlanFaults(bob.Pn.WithDevice(1), new FaultPlan(Corrupt: 1, Count: 1));
        var damaged = await client.Client.SendTextAsync(bob.Pn, "dos", Token);
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == damaged.Id && seen.Text == "dos");
        Assert.Equal(1, sandbox.Network.Statistics().Retries);
    }

    [Fact]
    public async Task Nothing_is_lost_or_shown_twice_over_a_line_that_repeats_reorders_and_breaks()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        var companion = ana.Pn.WithDevice(1);

        sandbox.Network.PlanFaults(companion, new FaultPlan(Duplicate: 0.2, Reorder: 0.2, DisconnectAfter: 30));
        var ids = new List<string>();
        for (var i = 0; i < 60; i++) ids.Add(await bob.SendTextAsync(ana.Pn, $"mensaje {i}"));
        await client.WaitForAsync<Disconnected>(end => end.RetryIn is not null && end.End.Cause is not EndCause.Restart);
        sandbox.Network.PlanFaults(companion, null);
        foreach (var id in ids) await client.ReceivedAsync(id);
        Assert.DoesNotContain(client.EventsLeft, left => left is MessageReceived);
    }

    [Fact]
    public async Task What_cannot_be_sent_says_why()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        await Assert.ThrowsAsync<ArgumentException>(() => client.Client.SendTextAsync(Jid.Parse("1203@newsletter"), "hola", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Client.SendTextAsync(ana.Pn, "", Token));
        var nobody = await Assert.ThrowsAsync<RequestRefusedException>(() => client.Client.SendTextAsync(Jid.Parse("15559999999@s.whatsapp.net"), "hola", Token));
        Assert.Equal(404, nobody.Code);
        await client.Client.DisconnectAsync();
        await Assert.ThrowsAsync<ConnectionEndedException>(() => client.Client.SendTextAsync(ana.Pn, "hola", Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
