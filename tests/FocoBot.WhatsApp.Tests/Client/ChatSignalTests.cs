using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>Receipts, presence and the end of a device, against a server that does as each test wants.</summary>
public class ChatSignalTests
{
    private static readonly Jid Bob = Jid.Parse("777000111@lid"), Group = Jid.Parse("120363000000000001@g.us");

    [Fact]
    public async Task A_receipt_for_ten_thousand_messages_is_told_once_and_acknowledged()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(new("receipt", [("id", "M0"), ("from", Bob.WithDevice(2)), ("type", "read"), ("t", "1795202133")],
            new Node("list", Enumerable.Range(0, 10_000).Select(i => new Node("item", [("id", $"M{i}")])).ToArray())));
        var told = await test.ExpectAsync<ReceiptReceived>();
        Assert.Equal((ReceiptKind.Read, Bob, Bob.WithDevice(2), 10_000), (told.Kind, told.Chat, told.By, told.MessageIds.Count));
        var ack = await server.ReadAsync();
        Assert.Equal(("ack", "receipt", "M0", "read"), (ack.Tag, ack["class"], ack["id"], ack["type"]));
    }

    [Fact]
    public async Task Receipts_of_a_group_in_one_stanza_are_told_for_each_member_up_to_a_limit()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(Aggregated(2));
        for (var i = 0; i < 2; i++)
        {
            var told = await test.ExpectAsync<ReceiptReceived>();
            Assert.Equal((ReceiptKind.Read, Group, Jid.Parse($"77{i}@lid")), (told.Kind, told.Chat, told.By));
            Assert.Equal(["M1"], told.MessageIds);
        }

        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        await server.SendAsync(Aggregated(Limits.ReceiptUsers + 1));
        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        await server.SendAsync(new("receipt", [("id", "M2"), ("from", Bob), ("type", "played-self"), ("recipient", Group)]));
        Assert.Equal(ReceiptKind.PlayedByOwner, (await test.ExpectAsync<ReceiptReceived>()).Kind);
        await server.SendAsync(new("receipt", [("id", "M3"), ("from", Bob), ("type", "novelty")]));
        Assert.Equal((ReceiptKind.Other, "novelty"), await test.ExpectAsync<ReceiptReceived>() is { } other ? (other.Kind, other.Type) : default);

        static Node Aggregated(int users) => new("receipt", [("id", "M1"), ("from", Group), ("type", "read")],
            new Node("participants", [("key", "M1")], Enumerable.Range(0, users).Select(i => new Node("user", [("jid", Jid.Parse($"77{i}@lid")), ("t", "1795202133")])).ToArray()));
    }

    [Fact]
    public async Task Read_messages_are_told_to_each_sender_in_batches()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        var messages = Enumerable.Range(0, 300).Select(i => new MessageReference(Group, $"G{i}", Jid.Parse($"77{i % 2}:4@lid"), false))
            .Concat([new(Bob, "B1", Bob, false), new(Bob, "B2", null, true)]).Concat(Enumerable.Range(0, 300).Select(i => new MessageReference(Bob, $"C{i}", Bob, false)));
        var marking = test.Client.MarkReadAsync(messages);
        await server.AnswerAsync(await server.ExpectRequestAsync("privacy", "get", "privacy"), new Node("privacy", new Node("category", [("name", "readreceipts"), ("value", "all")])));
        await marking;
        var receipts = new List<(string?, string?, string?, int)>();
        for (var i = 0; i < 4; i++)
        {
            var receipt = await server.ReadAsync();
            Assert.Equal(("receipt", "read"), (receipt.Tag, receipt["type"]));
            receipts.Add((receipt["to"], receipt["participant"], receipt["id"], 1 + receipt.Child("list")!.Children.Length));
        }

        Assert.Equal([(Group.ToString(), "770@lid", "G0", 150), (Group.ToString(), "771@lid", "G1", 150), (Bob.ToString(), null, "B1", 256), (Bob.ToString(), null, "C255", 45)], receipts);
    }

    [Fact]
    public async Task It_is_there_only_when_the_caller_says_so()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        Assert.DoesNotContain(server.Read, stanza => stanza.Tag == "presence");
        await test.Client.SetPresenceAsync(true);
        var presence = await server.ReadAsync();
        Assert.Equal(("presence", "available", null), (presence.Tag, presence["type"], presence["name"]));
        // Nobody else would hear of it.
        await Assert.ThrowsAsync<AppStateException>(() => test.Client.SetNameAsync("Ana"));
        await server.SendAsync(new("presence", [("from", Bob), ("type", "unavailable"), ("last", "1795202133")]));
        Assert.Equal(new PresenceChanged(Bob, false, DateTimeOffset.FromUnixTimeSeconds(1_795_202_133)), await test.ExpectAsync<PresenceChanged>());
        await server.SendAsync(new("chatstate", [("from", Group), ("participant", Bob)], new Node("composing", [("media", "audio")])));
        Assert.Equal(new TypingChanged(Group, Bob, Typing.Recording), await test.ExpectAsync<TypingChanged>());
    }

    [Fact]
    public async Task Logging_out_keeps_everything_until_the_server_has_agreed()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        var refused = test.Client.LogoutAsync();
        await server.RefuseAsync(await server.ExpectRequestAsync("md", "set", "remove-companion-device"), "500", "internal-server-error");
        await Assert.ThrowsAsync<RequestRefusedException>(() => refused);
        Assert.NotNull(await test.StoredAsync());

        var silent = test.Client.LogoutAsync();
        await server.ExpectRequestAsync("md", "set", "remove-companion-device");
        await server.CloseAsync();
        await Assert.ThrowsAsync<ConnectionEndedException>(() => silent);
        Assert.NotNull(await test.StoredAsync());
    }

    [Fact]
    public async Task The_end_of_the_stream_with_401_is_an_answer_to_logging_out()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        var leaving = test.Client.LogoutAsync();
        await server.ExpectRequestAsync("md", "set", "remove-companion-device");
        await server.SendAsync(new("stream:error", [("code", "401")], new Node("conflict", [("type", "device_removed")])));
        await leaving;
        Assert.Null(await test.StoredAsync());
    }
}
