using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>All kinds of messages between our client (Ana's) and unmodified Baileys (Bob's), with their phones looking on.</summary>
public class ContentInteropTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_with_mentions_and_replies_go_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;

        var ours = await client.SendAsync(bob.Pn, NewMessage.Text($"hola @{bob.Lid.User} https://foco.example", new LinkPreview("https://foco.example", "Foco", "Un bot")), new SendOptions { Mentions = [bob.Lid] }, Token);
        var seen = await pair.SeenAsync(ours.Id);
        var text = seen.Message!.Value.GetProperty("extendedTextMessage");
        Assert.Equal((bob.Lid.ToString(), "Foco", "https://foco.example"), (text.GetProperty("contextInfo").GetProperty("mentionedJid")[0].GetString(), text.GetProperty("title").GetString(), text.GetProperty("matchedText").GetString()));

        var theirs = await peer.SendAsync(ana.Pn.ToString(), new { text = $"qué tal @{ana.Lid.User}", mentions = new[] { ana.Lid.ToString() } }, new { quoted = new { key = seen.Key, message = seen.Message } });
        var received = await pair.ReceivedAsync<TextContent>(theirs.Id);
        Assert.Equal($"qué tal @{ana.Lid.User}", received.Content.Text);
        Assert.Equal([ana.Lid], received.Content.Context.Mentions);
        var quoted = received.Content.Context.Quoted!;
        Assert.Equal((ours.Id, true), (quoted.Message.Id, quoted.Message.FromMe));
        Assert.StartsWith("hola @", Assert.IsType<TextContent>(quoted.Content).Text);

        var reply = await client.SendTextAsync(bob.Pn, "bien", new SendOptions { ReplyTo = received.Message }, Token);
        var context = (await pair.SeenAsync(reply.Id)).Message!.Value.GetProperty("extendedTextMessage").GetProperty("contextInfo");
        Assert.Equal((theirs.Id, bob.Lid.ToString()), (context.GetProperty("stanzaId").GetString(), context.GetProperty("participant").GetString()));
        Assert.Equal($"qué tal @{ana.Lid.User}", context.GetProperty("quotedMessage").GetProperty("extendedTextMessage").GetProperty("text").GetString());
        var shown = await SandboxServer.ShownAsync(bob, message => message.Id == reply.Id);
        Assert.Equal(theirs.Id, shown.Content.Context.Quoted!.Message.Id);
    }

    [Fact]
    public async Task Reactions_edits_and_deletions_go_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var ours = await client.SendTextAsync(bob.Pn, "uno", Token);
        var seen = await pair.SeenAsync(ours.Id);

        await peer.ReactAsync(seen.Key, "👍");
        var reaction = await pair.ReceivedAsync<ReactionContent>();
        Assert.Equal((ours.Id, true, "👍"), (reaction.Content.Target.Id, reaction.Content.Target.FromMe, reaction.Content.Emoji));
        await peer.ReactAsync(seen.Key, "");
        Assert.Null((await pair.ReceivedAsync<ReactionContent>()).Content.Emoji);

        var theirs = await peer.SendTextAsync(ana.Pn.ToString(), "dos");
        var received = (await pair.ReceivedAsync<TextContent>(theirs.Id)).Message;
        await client.ReactAsync(received.Reference, "🎉", Token);
        var came = await peer.WaitForAsync<ReactionSeen>(seen => seen.Key.Id == theirs.Id);
        Assert.Equal((theirs.Id, true, "🎉"), (came.Key.Id, came.Key.FromMe, came.Text));
        await client.ReactAsync(received.Reference, null, Token);
        Assert.True(string.IsNullOrEmpty((await peer.WaitForAsync<ReactionSeen>(seen => seen.Key.Id == theirs.Id)).Text));

        await client.EditAsync(ours.Reference, "uno corregido", Token);
        var edited = await peer.WaitForAsync<MessageUpdated>(update => update.Key.Id == ours.Id && update.Update.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object);
        Assert.Equal("uno corregido", edited.Update.GetProperty("message").GetProperty("editedMessage").GetProperty("message").GetProperty("extendedTextMessage").GetProperty("text").GetString());
        await peer.SendAsync(ana.Pn.ToString(), new { text = "dos corregido", edit = theirs });
        var edit = await pair.ReceivedAsync<EditContent>();
        Assert.Equal((theirs.Id, "dos corregido"), (edit.Content.Target.Id, Assert.IsType<TextContent>(edit.Content.Replacement).Text));

        await client.RevokeAsync(ours.Reference, Token);
        await peer.WaitForAsync<MessageUpdated>(update => update.Key.Id == ours.Id && update.Update.TryGetProperty("messageStubType", out var stub) && stub.GetInt32() == 1);
        await peer.SendAsync(ana.Pn.ToString(), new { delete = theirs });
        Assert.Equal((theirs.Id, false), (await pair.ReceivedAsync<RevokeContent>()).Content.Target is { } revoked ? (revoked.Id, revoked.FromMe) : default);
        await SandboxServer.ShownAsync(bob, shown => shown.Content is EditContent { Replacement: TextContent { Text: "uno corregido" } });
        await SandboxServer.ShownAsync(bob, shown => shown.Content is RevokeContent { Target.FromMe: false } revoke && revoke.Target.Id == ours.Id);
    }

    [Fact]
    public async Task Forwarded_messages_places_and_contacts_go_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;

        var theirs = await peer.SendTextAsync(ana.Pn.ToString(), "para todos");
        var received = (await pair.ReceivedAsync<TextContent>(theirs.Id)).Message;
        var ours = await client.ForwardAsync(bob.Pn, received, Token);
        var seen = await pair.SeenAsync(ours.Id);
        var context = seen.Message!.Value.GetProperty("extendedTextMessage").GetProperty("contextInfo");
        Assert.Equal((1, true), (context.GetProperty("forwardingScore").GetInt32(), context.GetProperty("isForwarded").GetBoolean()));
        var again = await peer.SendAsync(ana.Pn.ToString(), new { forward = new { key = seen.Key, message = seen.Message } });
        Assert.Equal((2, true), (await pair.ReceivedAsync<TextContent>(again.Id)).Content.Context is { } forwarded ? (forwarded.ForwardingScore, forwarded.IsForwarded) : default);

        var place = await client.SendAsync(bob.Pn, NewMessage.Location(19.4326, -99.1332, "Zócalo"), new SendOptions { ReplyTo = received }, Token);
        var location = (await pair.SeenAsync(place.Id)).Message!.Value.GetProperty("locationMessage");
        Assert.Equal((19.4326, "Zócalo", theirs.Id), (location.GetProperty("degreesLatitude").GetDouble(), location.GetProperty("name").GetString(), location.GetProperty("contextInfo").GetProperty("stanzaId").GetString()));
        var theirPlace = await peer.SendAsync(ana.Pn.ToString(), new { location = new { degreesLatitude = -34.6, degreesLongitude = -58.4, name = "Obelisco" } });
        Assert.Equal(new LocationContent(-34.6, -58.4, "Obelisco", null, null), (await pair.ReceivedAsync<LocationContent>(theirPlace.Id)).Content);

        var card = await client.SendAsync(bob.Pn, NewMessage.Contacts(ContactCard.Of("Eva; Luna", "15550001111"), ContactCard.Of("Leo", "15550002222")), token: Token);
        var cards = (await pair.SeenAsync(card.Id)).Message!.Value.GetProperty("contactsArrayMessage").GetProperty("contacts");
        Assert.Equal("Eva; Luna", cards[0].GetProperty("displayName").GetString());
        var theirCard = await peer.SendAsync(ana.Pn.ToString(), new { contacts = new { displayName = "Eva", contacts = new[] { new { displayName = "Eva", vcard = "BEGIN:VCARD\nEND:VCARD" } } } });
        Assert.Equal([new ContactCard("Eva", "BEGIN:VCARD\nEND:VCARD")], (await pair.ReceivedAsync<ContactsContent>(theirCard.Id)).Content.Contacts);
    }

    [Fact]
    public async Task Polls_are_voted_in_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;

        var ours = await client.SendAsync(bob.Pn, NewMessage.Poll("¿Vamos?", ["sí", "no", "tal vez"], 0), token: Token);
        var seen = await pair.SeenAsync(ours.Id);
        var vote = await peer.VoteAsync(ana.Pn.ToString(), seen.Key, ana.Lid, bob.Lid, "no", "sí");
        var read = await pair.ReceivedAsync<PollVoteContent>(vote);
        Assert.Equal((ours.Id, true), (read.Content.Poll.Id, read.Content.Poll.FromMe));
        Assert.Equal(["sí", "no"], read.Content.Options);
        // As applications written for phone numbers make it.
        Assert.Equal(["tal vez"], (await pair.ReceivedAsync<PollVoteContent>(await peer.VoteAsync(ana.Pn.ToString(), seen.Key, ana.Pn, bob.Pn, "tal vez"))).Content.Options);
        Assert.Empty((await pair.ReceivedAsync<PollVoteContent>(await peer.VoteAsync(ana.Pn.ToString(), seen.Key, ana.Lid, bob.Lid))).Content.Options);
        Assert.Equal(ours.Id, (await pair.ReceivedAsync<SealedContent>(await peer.VoteAsync(ana.Pn.ToString(), seen.Key, ana.Lid, ana.Lid, "no"))).Content.Target.Id);

        var theirs = await peer.SendAsync(ana.Pn.ToString(), new { poll = new { name = "¿Cuándo?", values = new[] { "hoy", "mañana" }, selectableCount = 1 } });
        var poll = await pair.ReceivedAsync<PollContent>(theirs.Id);
        Assert.Equal(("¿Cuándo?", 1), (poll.Content.Question, poll.Content.Selectable));
        Assert.Equal(["hoy", "mañana"], poll.Content.Options);
        var ourVote = await client.VoteAsync(poll.Message.Reference, ["mañana"], Token);
        await pair.SeenAsync(ourVote.Id);
        Assert.Equal(["mañana"], await peer.ReadVoteAsync(theirs.Id, ourVote.Id, bob.Lid, ana.Lid));
        await Assert.ThrowsAsync<ArgumentException>(() => client.VoteAsync(poll.Message.Reference, ["nunca"], Token));

        // The phones read and make them as well.
        await SandboxServer.ShownAsync(bob, shown => shown.Id == ourVote.Id && shown.Content is PollVoteContent { Options: ["mañana"] });
        var fromPhone = await bob.VoteAsync(ours.Id, "no");
        Assert.Equal(["no"], (await pair.ReceivedAsync<PollVoteContent>(fromPhone)).Content.Options);
    }

    [Fact]
    public async Task Timers_are_kept_to_and_told_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;

        var set = await peer.SendAsync(ana.Pn.ToString(), new { disappearingMessagesInChat = 604_800 });
        Assert.Equal(TimeSpan.FromDays(7), (await pair.ReceivedAsync<TimerContent>(set.Id)).Content.Duration);
        var ours = await client.SendTextAsync(bob.Pn, "se irá", Token);
        Assert.Equal(604_800, (await pair.SeenAsync(ours.Id)).Message!.Value.GetProperty("extendedTextMessage").GetProperty("contextInfo").GetProperty("expiration").GetInt32());
        var theirs = await peer.SendAsync(ana.Pn.ToString(), new { text = "también" }, new { ephemeralExpiration = 604_800 });
        Assert.Equal(TimeSpan.FromDays(7), (await pair.ReceivedAsync<TextContent>(theirs.Id)).Content.Context.Timer);

        await client.SetTimerAsync(bob.Pn, TimeSpan.FromDays(1), Token);
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "chats.update" && other.Data.ToString().Contains("\"ephemeralExpiration\":86400", StringComparison.Ordinal));
        await client.SetTimerAsync(bob.Pn, null, Token);
        var plain = await client.SendTextAsync(bob.Pn, "se queda", Token);
        Assert.Equal("se queda", (await pair.SeenAsync(plain.Id)).Message!.Value.GetProperty("conversation").GetString());
    }

    [Fact]
    public async Task What_is_for_one_look_is_marked_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var ours = await client.SendAsync(bob.Pn, new Message { ImageMessage = new() { Mimetype = "image/jpeg", Caption = "mira" } }, new SendOptions { ViewOnce = true }, Token);
        var seen = await pair.SeenAsync(ours.Id);
        Assert.Equal("mira", seen.Text);
        Assert.True(seen.Message!.Value.GetProperty("viewOnceMessageV2").GetProperty("message").GetProperty("imageMessage").GetProperty("viewOnce").GetBoolean());

        var id = (await peer.CallAsync("relayMessage", [ana.Pn.ToString(), new { viewOnceMessage = new { message = new { imageMessage = new { mimetype = "image/jpeg", caption = "mira" } } } }, new { }])).GetString()!;
        var media = await pair.ReceivedAsync<MediaContent>(id);
        Assert.Equal((MediaContentKind.Image, "mira", true), (media.Content.Kind, media.Content.Caption, media.Content.Context.IsViewOnce));
        Assert.Throws<ArgumentException>(() => NewMessage.Forward(media.Message.Content));
    }

    [Fact]
    public async Task Phones_send_and_show_every_kind()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var eva = pair.Sandbox.AddPhone("Eva");
        var group = eva.CreateGroup("Casa", bob.Pn);
        var poll = await eva.SendMessageAsync(group, NewMessage.Poll("¿Cena?", ["sí", "no"]));
        var seen = await pair.SeenAsync(poll);
        var vote = await peer.VoteAsync(group.ToString(), seen.Key, eva.Lid, bob.Lid, "sí");
        await SandboxServer.ShownAsync(eva, shown => shown.Id == vote && shown.Content is PollVoteContent { Options: ["sí"] });
        await peer.ReactAsync(seen.Key, "😋");
        var reaction = (ReactionContent)(await SandboxServer.ShownAsync(eva, shown => shown.Content is ReactionContent)).Content;
        Assert.Equal((poll, true, "😋"), (reaction.Target.Id, reaction.Target.FromMe, reaction.Emoji));
        await eva.SendMessageAsync(group, NewMessage.Reaction(new(group, vote, bob.Lid, false), "👏", DateTimeOffset.UnixEpoch.AddYears(56)));
        Assert.Equal((vote, true), (await peer.WaitForAsync<ReactionSeen>(came => came.Text == "👏")).Key is { } key ? (key.Id, key.FromMe) : default);

        using var http = new HttpClient { BaseAddress = pair.Sandbox.Http };
        foreach (var body in new[] { """{"to":"NN","location":{"latitude":1,"longitude":2,"name":"Aquí"}}""", """{"to":"NN","contact":{"name":"Leo","phoneNumber":"15551234567"}}""", """{"to":"NN","poll":{"question":"¿A o B?","options":["A","B"]}}""" })
        {
            using var content = new StringContent(body.Replace("NN", ana.Number, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"/sandbox/phones/{bob.Number}/send", UriKind.Relative), content, Token);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal("Aquí", (await pair.ReceivedAsync<LocationContent>()).Content.Name);
        Assert.Equal("Leo", (await pair.ReceivedAsync<ContactsContent>()).Content.Contacts[0].Name);
        var asked = await pair.ReceivedAsync<PollContent>();
        var ours = await client.VoteAsync(asked.Message.Reference, ["B"], Token);
        await SandboxServer.ShownAsync(bob, shown => shown.Id == ours.Id && shown.Content is PollVoteContent { Options: ["B"] });
        Assert.Contains("\"options\":[\"B\"]", await http.GetStringAsync(new Uri($"/sandbox/phones/{bob.Number}/messages", UriKind.Relative), Token), StringComparison.Ordinal);
    }
}

/// <summary>Ana with our client, and Bob with Baileys.</summary>
internal sealed class Pair(SandboxServer sandbox, VirtualPhone ana, SandboxClient client, VirtualPhone bob, BaileysPeer peer) : IAsyncDisposable
{
    public SandboxServer Sandbox => sandbox;

    public SandboxClient Events => client;

    public static async Task<Pair> StartAsync()
    {
        var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        return new(sandbox, ana, client, bob, peer);
    }

    public void Deconstruct(out VirtualPhone anasPhone, out VirtualPhone bobsPhone, out WhatsAppClient anasClient, out BaileysPeer bobsPeer) =>
        (anasPhone, bobsPhone, anasClient, bobsPeer) = (ana, bob, client.Client, peer);

    /// <summary>What Baileys makes of a message.</summary>
    public Task<MessageSeen> SeenAsync(string id) => peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == id && seen.Message is not null);

    /// <summary>What our client makes of the next message, or of a certain one.</summary>
    public async Task<(MessageReceived Message, T Content)> ReceivedAsync<T>(string? id = null)
        where T : MessageContent
    {
        while (true)
        {
            var message = await client.WaitForAsync<MessageReceived>(received => id is null || received.Id == id);
            var content = await client.Client.DescribeAsync(message, TestContext.Current.CancellationToken);
            if (id is null && content is not T) continue;
            return (message, Assert.IsType<T>(content));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await peer.DisposeAsync();
        await sandbox.DisposeAsync();
    }
}
