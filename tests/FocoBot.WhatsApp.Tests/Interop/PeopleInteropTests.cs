namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Receipts, presence and questions about people, between our client (Ana's) and unmodified Baileys (Bob's).</summary>
public class PeopleInteropTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delivered_and_read_is_told_both_ways_and_kept_from_others_when_the_owner_wants_it_so()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;

        var ours = await client.SendTextAsync(bob.Pn, "hola", Token);
        var delivered = await pair.Events.WaitForAsync<ReceiptReceived>(receipt => receipt.MessageIds.Contains(ours.Id));
        Assert.Equal((ReceiptKind.Delivered, bob.Lid, bob.Lid), (delivered.Kind, delivered.Chat, delivered.By.WithoutDevice()));
        var seen = await peer.WaitForAsync<MessageSeen>(message => message.Key.Id == ours.Id);
        await peer.ReadAsync(seen.Key);
        var read = await pair.Events.WaitForAsync<ReceiptReceived>(receipt => receipt.Kind is ReceiptKind.Read);
        Assert.Equal([ours.Id], read.MessageIds);
        Assert.NotNull(read.Time);
        bob.MarkRead(ours.Id);
        await pair.Events.WaitForAsync<ReceiptReceived>(receipt => receipt.Kind is ReceiptKind.Read && receipt.MessageIds.Contains(ours.Id));

        var first = await peer.SendTextAsync(ana.Pn.ToString(), "uno");
        var second = await peer.SendTextAsync(ana.Pn.ToString(), "dos");
        // As long as Baileys has not told of its own message, it puts what becomes of it into that.
        foreach (var sent in new[] { first, second }) await pair.SeenAsync(sent.Id);
        await client.MarkReadAsync([(await pair.Events.ReceivedAsync(first.Id)).Reference, (await pair.Events.ReceivedAsync(second.Id)).Reference], Token);
        foreach (var sent in new[] { first, second }) await peer.WaitForAsync<MessageUpdated>(update => update.Key.Id == sent.Id && update.Status == 4);

        await client.SetPrivacyAsync(PrivacySetting.ReadReceipts, PrivacyAudience.Nobody, Token);
        Assert.Equal(PrivacyAudience.Nobody, (await client.GetPrivacyAsync(Token))[PrivacySetting.ReadReceipts]);
        var third = await peer.SendTextAsync(ana.Pn.ToString(), "tres");
        await client.MarkReadAsync([(await pair.Events.ReceivedAsync(third.Id)).Reference], Token);
        var last = await client.SendTextAsync(bob.Pn, "no lo sabrás", Token);
        await pair.SeenAsync(last.Id);
        Assert.DoesNotContain(peer.EventsLeft.OfType<MessageUpdated>(), update => update.Key.Id == third.Id && update.Status == 4);
        Assert.Contains(ana.Receipts, receipt => receipt.Kind is ReceiptKind.ReadByOwner && receipt.MessageIds.Contains(third.Id));
    }

    [Fact]
    public async Task Presence_and_typing_are_told_both_ways_but_only_when_asked_for()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var ours = await client.SendTextAsync(bob.Pn, "hola", Token);
        await pair.SeenAsync(ours.Id);
        // Baileys says nothing of its presence before it knows its name, which a message of its phone tells it.
        var note = await bob.SendTextAsync(bob.Pn, "nota");
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == note);
        await peer.PresenceAsync("available");

        await peer.CallAsync("presenceSubscribe", [ana.Lid.ToString()]);
        Assert.Equal("unavailable", await PresenceAsync());
        await client.SetPresenceAsync(true, Token);
        Assert.Equal("available", await PresenceAsync());
        await client.SubscribePresenceAsync(bob.Lid, Token);
        await pair.Events.WaitForAsync<PresenceChanged>(presence => presence.User == bob.Lid && presence.IsAvailable);

        await client.SendTypingAsync(bob.Lid, Typing.Composing, Token);
        Assert.Equal("composing", await PresenceAsync());
        await client.SendTypingAsync(bob.Lid, Typing.Recording, Token);
        Assert.Equal("recording", await PresenceAsync());
        foreach (var (theirs, typing) in new[] { ("composing", Typing.Composing), ("recording", Typing.Recording), ("paused", Typing.Paused) })
        {
            await peer.PresenceAsync(theirs, ana.Lid.ToString());
            Assert.Equal(new TypingChanged(bob.Lid, bob.Lid, typing), await pair.Events.WaitForAsync<TypingChanged>());
        }

        bob.Type(ana.Pn, Typing.Composing);
        Assert.Equal(Typing.Composing, (await pair.Events.WaitForAsync<TypingChanged>()).Typing);
        await peer.PresenceAsync("unavailable");
        await pair.Events.WaitForAsync<PresenceChanged>(presence => presence.User == bob.Lid && !presence.IsAvailable);

        async Task<string> PresenceAsync()
        {
            var told = await peer.WaitForAsync<OtherEvent>(other => other.Name == "presence.update" && other.Data.GetProperty("id").GetString()!.StartsWith(ana.Lid.User, StringComparison.Ordinal));
            return told.Data.GetProperty("presences").EnumerateObject().Single().Value.GetProperty("lastKnownPresence").GetString()!;
        }
    }

    [Fact]
    public async Task Numbers_about_texts_and_pictures_are_found_both_ways_and_their_changes_told()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var found = await client.FindNumbersAsync([$"+{bob.Number}", "15559999999"], Token);
        Assert.Equal([new NumberLookup(bob.Number, bob.Pn, bob.Lid, false), new NumberLookup("15559999999", null, null, false)], found);
        Assert.True((await peer.CallAsync("onWhatsApp", [ana.Number]))[0].GetProperty("exists").GetBoolean());
        await pair.SeenAsync((await client.SendTextAsync(bob.Pn, "hola", Token)).Id);

        await peer.CallAsync("updateProfileStatus", ["ocupado"]);
        Assert.Equal(new AboutChanged(bob.Lid, "ocupado"), await pair.Events.WaitForAsync<AboutChanged>());
        Assert.Equal([new UserInfo(bob.Pn, bob.Lid, "ocupado", null, false)], await client.GetUsersAsync([bob.Pn], Token));
        await client.SetAboutAsync("libre", Token);
        Assert.Contains("libre", (await peer.CallAsync("fetchStatus", [ana.Lid.ToString()])).ToString(), StringComparison.Ordinal);

        Assert.Null(await client.GetPictureAsync(bob.Pn, token: Token));
        var id = await client.SetPictureAsync(new byte[] { 0xFF, 0xD8, 0xFF }, token: Token);
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "contacts.update" && other.Data.ToString().Contains("\"changed\"", StringComparison.Ordinal));
        Assert.EndsWith(id!, (await peer.CallAsync("profilePictureUrl", [ana.Lid.ToString()])).GetString());
        Assert.Equal(id, (await client.GetPictureAsync(ana.Pn, token: Token))!.Id);
        await client.RemovePictureAsync(token: Token);
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "contacts.update" && other.Data.ToString().Contains("\"removed\"", StringComparison.Ordinal));
        await peer.CallAsync("removeProfilePicture", [bob.Pn.ToString()]);
        Assert.Equal((bob.Lid, null), await pair.Events.WaitForAsync<PictureChanged>() is { } change ? (change.Of, change.Id) : default);
    }

    [Fact]
    public async Task Who_is_blocked_reaches_nobody_on_either_side()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        await pair.SeenAsync((await client.SendTextAsync(bob.Pn, "hola", Token)).Id);
        await pair.Events.ReceivedAsync((await peer.SendTextAsync(ana.Pn.ToString(), "hola")).Id);

        await client.BlockAsync(bob.Pn, Token);
        Assert.Equal([bob.Lid], await client.GetBlocklistAsync(Token));
        var lost = await peer.SendTextAsync(ana.Pn.ToString(), "¿estás?");
        await client.UnblockAsync(bob.Pn, Token);
        Assert.Empty(await client.GetBlocklistAsync(Token));
        await pair.Events.ReceivedAsync((await peer.SendTextAsync(ana.Pn.ToString(), "otra vez")).Id);
        Assert.DoesNotContain(pair.Events.EventsLeft.OfType<MessageReceived>(), message => message.Id == lost.Id);

        await peer.CallAsync("updateBlockStatus", [ana.Lid.ToString(), "block"]);
        Assert.Equal(ana.Lid.ToString(), (await peer.CallAsync("fetchBlocklist", []))[0].GetString());
        var ours = await client.SendTextAsync(bob.Pn, "¿estás?", Token);
        await peer.CallAsync("updateBlockStatus", [ana.Lid.ToString(), "unblock"]);
        await pair.SeenAsync((await client.SendTextAsync(bob.Pn, "otra vez", Token)).Id);
        Assert.DoesNotContain(peer.EventsLeft.OfType<MessageSeen>(), seen => seen.Key.Id == ours.Id);

        ana.Block(bob.Pn, true);
        Assert.Equal([bob.Lid], (await pair.Events.WaitForAsync<BlocklistChanged>()).Blocked);
    }

    [Fact]
    public async Task Logging_out_removes_the_companion_and_all_its_keys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        await client.Client.LogoutAsync(Token);
        Assert.Empty(ana.Companions);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Client.ConnectAsync(Token));
    }
}
