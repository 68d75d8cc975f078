using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>What messages need of earlier ones outlasts a restart of our client (Ana's); Bob has unmodified Baileys.</summary>
public class DurableContentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Votes_are_read_and_made_after_a_restart()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = peer;
        var ours = await before.Client.SendAsync(bob.Pn, NewMessage.Poll("¿Vamos?", ["sí", "no"]), token: Token);
        var seen = await peer.WaitForAsync<MessageSeen>(message => message.Key.Id == ours.Id);
        var theirs = await peer.SendAsync(ana.Pn.ToString(), new { poll = new { name = "¿Cuándo?", values = new[] { "hoy", "mañana" }, selectableCount = 1 } });
        var poll = await before.ReceivedAsync(theirs.Id);
        await before.DisposeAsync();
        // The one while it is away, the other afterwards.
        var early = await peer.VoteAsync(ana.Pn.ToString(), seen.Key, ana.Lid, bob.Lid, "sí");

        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        Assert.Equal(["sí"], await VotedAsync(early));
        Assert.Equal(["no"], await VotedAsync(await peer.VoteAsync(ana.Pn.ToString(), seen.Key, ana.Lid, bob.Lid, "no")));
        var ourVote = await after.Client.VoteAsync(poll.Reference, ["mañana"], Token);
        await peer.WaitForAsync<MessageSeen>(message => message.Key.Id == ourVote.Id);
        Assert.Equal(["mañana"], await peer.ReadVoteAsync(theirs.Id, ourVote.Id, bob.Lid, ana.Lid));

        async Task<IReadOnlyList<string>> VotedAsync(string id) =>
            Assert.IsType<PollVoteContent>(await after.Client.DescribeAsync(await after.ReceivedAsync(id), Token)).Options;
    }

    [Fact]
    public async Task A_timer_is_respected_after_a_restart()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = peer;
        await before.ReceivedAsync((await peer.SendAsync(ana.Pn.ToString(), new { disappearingMessagesInChat = 604_800 })).Id);
        await before.DisposeAsync();

        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        foreach (var to in new[] { bob.Pn, bob.Lid })
        {
            var sent = await after.Client.SendTextAsync(to, "se irá", Token);
            var seen = await peer.WaitForAsync<MessageSeen>(message => message.Key.Id == sent.Id);
            Assert.Equal(604_800, seen.Message!.Value.GetProperty("extendedTextMessage").GetProperty("contextInfo").GetProperty("expiration").GetInt32());
        }
    }

    [Fact]
    public async Task A_commit_that_fails_keeps_neither_secret_nor_timer()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new FailingStore();
        var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        await using var __ = client;
        var bob = sandbox.AddPhone("Bob");
        await client.Client.SendTextAsync(bob.Pn, "hola", Token);
        sandbox.Network.FindPhone(bob.Number)!.GoOffline();
        var before = await KeptAsync();

        store.ToFail = 1;
        await Assert.ThrowsAnyAsync<WhatsAppException>(() => client.Client.SendAsync(bob.Pn, NewMessage.Poll("¿?", ["a", "b"]), token: Token));
        await client.WaitForAsync<Connected>();
        await client.WaitForAsync<Connected>();
        store.ToFail = 1;
        await Assert.ThrowsAnyAsync<WhatsAppException>(() => client.Client.SetTimerAsync(bob.Pn, TimeSpan.FromDays(1), Token));
        Assert.Equal(before, await KeptAsync());

        async Task<List<string>> KeptAsync()
        {
            var kept = new List<string>();
            foreach (var kind in (RecordKind[])[RecordKind.PollSecret, RecordKind.PollSecretPlace, RecordKind.RecentSecrets, RecordKind.ChatTimer, RecordKind.ChatTimerPlace])
                kept.AddRange((await store.ListAsync(kind, Token)).Select(record => $"{kind} {record.Name}"));
            return kept;
        }
    }
}
