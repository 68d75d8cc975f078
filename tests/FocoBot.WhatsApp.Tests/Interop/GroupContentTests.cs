using System.Text.Json;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>What messages say in a group, between our client (Ana's), unmodified Baileys (Bob's) and a phone (Eva's).</summary>
public class GroupContentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replies_mentions_and_reactions_go_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var (group, eva) = await GroupAsync(pair);

        var theirs = await peer.SendAsync(group.ToString(), new { text = $"hola @{ana.Lid.User}", mentions = new[] { ana.Lid.ToString() } });
        var received = await pair.ReceivedAsync<TextContent>(theirs.Id);
        Assert.Equal([ana.Lid], received.Content.Context.Mentions);
        var ours = await client.SendTextAsync(group, $"hola @{bob.Lid.User}", new SendOptions { ReplyTo = received.Message, Mentions = [bob.Lid] }, Token);
        var seen = await pair.SeenAsync(ours.Id);
        var context = seen.Message!.Value.GetProperty("extendedTextMessage").GetProperty("contextInfo");
        Assert.Equal((theirs.Id, bob.Lid.ToString(), bob.Lid.ToString()),
            (context.GetProperty("stanzaId").GetString(), context.GetProperty("participant").GetString(), context.GetProperty("mentionedJid")[0].GetString()));
        var reply = await peer.SendAsync(group.ToString(), new { text = "sí" }, new { quoted = new { key = seen.Key, message = seen.Message } });
        var quoted = (await pair.ReceivedAsync<TextContent>(reply.Id)).Content.Context.Quoted!;
        Assert.Equal((group, ours.Id, ana.Lid, true), (quoted.Message.Chat, quoted.Message.Id, quoted.Message.Author!.Value, quoted.Message.FromMe));

        await peer.ReactAsync(seen.Key, "👍");
        var reaction = await pair.ReceivedAsync<ReactionContent>();
        Assert.Equal((group, ours.Id, true, "👍", bob.Lid), (reaction.Content.Target.Chat, reaction.Content.Target.Id, reaction.Content.Target.FromMe, reaction.Content.Emoji, reaction.Message.Sender.WithoutDevice()));
        await client.ReactAsync(received.Message.Reference, "🎉", Token);
        var came = await peer.WaitForAsync<ReactionSeen>(came => came.Text == "🎉");
        Assert.Equal((theirs.Id, true), (came.Key.Id, came.Key.FromMe));
        await client.ReactAsync(received.Message.Reference, null, Token);
        await peer.WaitForAsync<ReactionSeen>(came => came.Key.Id == theirs.Id && string.IsNullOrEmpty(came.Text));
        // To what neither of the two has written.
        var evas = await eva.SendTextAsync(group, "¿y yo?");
        await client.ReactAsync((await pair.Events.ReceivedAsync(evas)).Reference, "😋", Token);
        var third = await peer.WaitForAsync<ReactionSeen>(came => came.Text == "😋");
        Assert.Equal((evas, false, eva.Lid.ToString()), (third.Key.Id, third.Key.FromMe, third.Key.Participant));
        await SandboxServer.ShownAsync(eva, shown => shown.Content is ReactionContent { Emoji: "😋", Target.FromMe: true });
    }

    [Fact]
    public async Task Messages_are_edited_and_deleted_by_their_authors_and_deleted_by_admins()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var (group, _) = await GroupAsync(pair);
        var ours = await client.SendTextAsync(group, "uno", Token);
        var seen = await pair.SeenAsync(ours.Id);
        var theirs = await peer.SendTextAsync(group.ToString(), "dos");
        var received = await pair.ReceivedAsync<TextContent>(theirs.Id);

        await client.EditAsync(ours.Reference, "uno corregido", Token);
        var edited = await peer.WaitForAsync<MessageUpdated>(update => update.Key.Id == ours.Id && update.Update.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object);
        Assert.Equal("uno corregido", edited.Update.GetProperty("message").GetProperty("editedMessage").GetProperty("message").GetProperty("extendedTextMessage").GetProperty("text").GetString());
        await peer.SendAsync(group.ToString(), new { text = "dos corregido", edit = theirs });
        var edit = await pair.ReceivedAsync<EditContent>();
        Assert.Equal((theirs.Id, bob.Lid, "dos corregido"), (edit.Content.Target.Id, edit.Content.Target.Author!.Value, Assert.IsType<TextContent>(edit.Content.Replacement).Text));

        // Ana has made the group, and is its admin.
        await client.RevokeAsync(received.Message.Reference, Token);
        await peer.WaitForAsync<MessageUpdated>(update => update.Key.Id == theirs.Id && IsDeletion(update));
        await SandboxServer.ShownAsync(bob, shown => shown.Content is RevokeContent { Target.FromMe: true } revoke && revoke.Target.Id == theirs.Id);
        await client.PromoteInGroupAsync(group, [bob.Lid], Token);
        await peer.SendAsync(group.ToString(), new { delete = seen.Key });
        var byAdmin = await pair.ReceivedAsync<RevokeContent>();
        Assert.Equal((ours.Id, true, bob.Lid), (byAdmin.Content.Target.Id, byAdmin.Content.Target.FromMe, byAdmin.Message.Sender.WithoutDevice()));

        var second = await client.SendTextAsync(group, "tres", Token);
        await pair.SeenAsync(second.Id);
        await client.RevokeAsync(second.Reference, Token);
        await peer.WaitForAsync<MessageUpdated>(update => update.Key.Id == second.Id && IsDeletion(update));
        var another = await peer.SendTextAsync(group.ToString(), "cuatro");
        await peer.SendAsync(group.ToString(), new { delete = another });
        Assert.Equal((another.Id, false), (await pair.ReceivedAsync<RevokeContent>()).Content.Target is { } own ? (own.Id, own.FromMe) : default);

        static bool IsDeletion(MessageUpdated update) => update.Update.TryGetProperty("messageStubType", out var stub) && stub.GetInt32() == 1;
    }

    [Fact]
    public async Task Polls_are_voted_in_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var (group, eva) = await GroupAsync(pair);

        var ours = await client.SendAsync(group, NewMessage.Poll("¿Vamos?", ["sí", "no"]), token: Token);
        var seen = await pair.SeenAsync(ours.Id);
        var vote = await pair.ReceivedAsync<PollVoteContent>(await peer.VoteAsync(group.ToString(), seen.Key, ana.Lid, bob.Lid, "no"));
        Assert.Equal((ours.Id, true, bob.Lid), (vote.Content.Poll.Id, vote.Content.Poll.FromMe, vote.Message.Sender.WithoutDevice()));
        Assert.Equal(["no"], vote.Content.Options);
        await SandboxServer.ShownAsync(eva, shown => shown.Id == ours.Id);
        Assert.Equal(["sí"], (await pair.ReceivedAsync<PollVoteContent>(await eva.VoteAsync(ours.Id, "sí"))).Content.Options);

        var theirs = await peer.SendAsync(group.ToString(), new { poll = new { name = "¿Cuándo?", values = new[] { "hoy", "mañana" }, selectableCount = 1 } });
        var poll = await pair.ReceivedAsync<PollContent>(theirs.Id);
        var ourVote = await client.VoteAsync(poll.Message.Reference, ["mañana"], Token);
        await pair.SeenAsync(ourVote.Id);
        Assert.Equal(["mañana"], await peer.ReadVoteAsync(theirs.Id, ourVote.Id, bob.Lid, ana.Lid));
        await SandboxServer.ShownAsync(eva, shown => shown.Id == ourVote.Id && shown.Content is PollVoteContent { Options: ["mañana"] });
    }

    [Fact]
    public async Task The_timer_is_the_groups_whoever_sets_it()
    {
        await using var pair = await Pair.StartAsync();
        var (_, bob, client, peer) = pair;
        var (group, _) = await GroupAsync(pair);
        await client.SetGroupDisappearingAsync(group, TimeSpan.FromDays(7), Token);
        await SetAsync();
        Assert.Equal(604_800, await ExpirationAsync());
        var theirs = await peer.SendAsync(group.ToString(), new { text = "también" }, new { ephemeralExpiration = 604_800 });
        Assert.Equal(TimeSpan.FromDays(7), (await pair.ReceivedAsync<TextContent>(theirs.Id)).Content.Context.Timer);

        await peer.GroupAsync("ToggleEphemeral", group.ToString(), 86_400);
        await SetAsync();
        Assert.Equal(86_400, await ExpirationAsync());
        await peer.GroupAsync("ToggleEphemeral", group.ToString(), 0);
        await SetAsync();
        var plain = await client.SendTextAsync(group, "se queda", Token);
        Assert.Equal("se queda", (await pair.SeenAsync(plain.Id)).Message!.Value.GetProperty("conversation").GetString());

        Task<Groups.GroupChanged> SetAsync() => pair.Events.WaitForAsync<Groups.GroupChanged>(change => change.Change is Groups.GroupChange.Disappearing);

        async Task<int> ExpirationAsync()
        {
            var sent = await client.SendTextAsync(group, "se irá", Token);
            return (await pair.SeenAsync(sent.Id)).Message!.Value.GetProperty("extendedTextMessage").GetProperty("contextInfo").GetProperty("expiration").GetInt32();
        }
    }

    [Fact]
    public async Task Who_has_read_and_who_writes_is_told_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var (group, eva) = await GroupAsync(pair);
        var ours = await client.SendTextAsync(group, "hola", Token);
        var seen = await pair.SeenAsync(ours.Id);
        await peer.ReadAsync(seen.Key);
        var read = await pair.Events.WaitForAsync<ReceiptReceived>(receipt => receipt.Kind is ReceiptKind.Read && receipt.MessageIds.Contains(ours.Id));
        Assert.Equal((group, bob.Lid), (read.Chat!.Value, read.By.WithoutDevice()));
        await SandboxServer.ShownAsync(eva, shown => shown.Id == ours.Id);
        eva.MarkRead(ours.Id);
        await pair.Events.WaitForAsync<ReceiptReceived>(receipt => receipt.Kind is ReceiptKind.Read && receipt.By.WithoutDevice() == eva.Lid);

        var theirs = await peer.SendTextAsync(group.ToString(), "hola a todos");
        await pair.SeenAsync(theirs.Id);
        await client.MarkReadAsync([(await pair.Events.ReceivedAsync(theirs.Id)).Reference], Token);
        var told = await peer.WaitForAsync<ReceiptSeen>(receipt => receipt.Key.Id == theirs.Id && receipt.Receipt.TryGetProperty("readTimestamp", out var time) && time.ValueKind == JsonValueKind.Number);
        Assert.StartsWith(ana.Lid.User, told.Receipt.GetProperty("userJid").GetString(), StringComparison.Ordinal);

        // Baileys says nothing of its presence before it knows its name, which a message of its phone tells it.
        var note = await bob.SendTextAsync(bob.Pn, "nota");
        await peer.WaitForAsync<MessageSeen>(message => message.Key.Id == note);
        await peer.PresenceAsync("available");
        await client.SetPresenceAsync(true, Token);
        await client.SendTypingAsync(group, Typing.Recording, Token);
        var typing = await peer.WaitForAsync<OtherEvent>(other => other.Name == "presence.update" && other.Data.GetProperty("id").GetString() == group.ToString());
        var presence = typing.Data.GetProperty("presences").EnumerateObject().Single();
        Assert.Equal((ana.Lid.ToString(), "recording"), (presence.Name, presence.Value.GetProperty("lastKnownPresence").GetString()));
        await peer.PresenceAsync("composing", group.ToString());
        Assert.Equal(new TypingChanged(group, bob.Lid, Typing.Composing), await pair.Events.WaitForAsync<TypingChanged>());
    }

    private static async Task<(Jid Group, FocoBot.Sandbox.Phones.VirtualPhone Eva)> GroupAsync(Pair pair)
    {
        var (_, bob, client, peer) = pair;
        var eva = pair.Sandbox.AddPhone("Eva");
        var group = (await client.CreateGroupAsync("Casa", [bob.Pn, eva.Pn], Token)).Jid;
        await peer.WaitForAsync<GroupChanged>(change => change.Id == group.ToString());
        return (group, eva);
    }
}
