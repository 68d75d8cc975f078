using System.Buffers.Binary;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Tests.Storage;

namespace FocoBot.WhatsApp.Tests.Client;

public class LoginTests
{
    [Fact]
    public async Task An_empty_server_gets_fifty_prekeys_that_were_stored_before()
    {
        await using var test = new TestClient();
        var device = await test.AddLinkedDeviceAsync();
        var connecting = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", "0")]));
        var upload = await server.ExpectRequestAsync("encrypt", "set", "list");
        Assert.Equal(device.RegistrationId, BinaryPrimitives.ReadUInt32BigEndian(Bytes(upload, "registration")));
        Assert.Equal([5], Bytes(upload, "type"));
        Assert.Equal(device.Identity.Public.ToArray(), Bytes(upload, "identity"));
        var signed = upload.Child("skey")!;
        Assert.Equal([0, 0, 1], Bytes(signed, "id"));
        Assert.True(XEdDsa.Verify(device.Identity.Public.Span, [5, .. Bytes(signed, "value")], Bytes(signed, "signature")));
        await AssertStoredAsync(test, upload, first: 1);
        await server.AnswerAsync(upload);
        await server.AnswerAsync(await server.ExpectRequestAsync("passive", "set", "active"));
        Assert.False(connecting.IsCompleted);
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "digest"), Digest(device, upload));
        Assert.NotNull((await server.ReadAsync()).Child("unified_session"));
        await test.ExpectAsync<Connected>();
        await connecting;
        Assert.Equal(Phone.CompanionLid, (await test.StoredAsync())!.Lid);

        await server.SendAsync(Count("4"));
        // The acknowledgement and the question leave in any order.
        Node[] both = [await server.ReadAsync(), await server.ReadAsync()];
        Assert.Contains(both, stanza => stanza.Tag == "ack");
        await server.AnswerAsync(Assert.Single(both, stanza => stanza.Child("count") is not null), new Node("count", [("value", "4")]));
        var more = await server.ExpectRequestAsync("encrypt", "set", "list");
        await AssertStoredAsync(test, more, first: 51);
    }

    [Fact]
    public async Task Enough_prekeys_are_left_alone()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(Count("5"));
        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        Assert.Null(await server.TryReadAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("hash")]
    [InlineData("id")]
    public async Task A_server_that_lost_or_changed_our_keys_gets_new_ones(string fault)
    {
        await using var test = new TestClient();
        var device = await test.AddLinkedDeviceAsync();
        _ = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", "9")]));
        await server.AnswerAsync(await server.ExpectRequestAsync("passive", "set", "active"));
        var digest = await server.ExpectRequestAsync("encrypt", "get", "digest");
        if (fault == "missing")
            await server.RefuseAsync(digest, "404", "item-not-found");
        else
        {
            Node[] ids = fault == "id" ? [new("id", new byte[] { 0, 9, 9 })] : [];
            await server.AnswerAsync(digest, new Node("digest", [new("list", ids), new("hash", new byte[20])]));
        }

        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "set", "list"));
        await test.ExpectAsync<Connected>();
    }

    [Fact]
    public async Task A_signed_prekey_of_27_days_is_replaced_and_the_old_one_kept()
    {
        await using var test = new TestClient();
        var device = await test.AddLinkedDeviceAsync();
        test.Clock.Advance(TimeSpan.FromDays(27));
        test.Server.Renew();
        _ = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", "50")]));
        await server.AnswerAsync(await server.ExpectRequestAsync("passive", "set", "active"));
        var rotate = await server.ExpectRequestAsync("encrypt", "set", "rotate");
        var signed = rotate.Child("rotate")!.Child("skey")!;
        Assert.Equal([0, 0, 2], Bytes(signed, "id"));
        Assert.True(XEdDsa.Verify(device.Identity.Public.Span, [5, .. Bytes(signed, "value")], Bytes(signed, "signature")));
        Assert.Equal(1u, (await test.StoredAsync())!.SignedPreKey.Id);
        Assert.Equal(Bytes(signed, "value"), (await test.Store.ReadAsync(unit => unit.LoadSignedPreKeyAsync(2, default)))![32..]);
        await server.AnswerAsync(rotate);
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "digest"), new Node("digest"));
        await test.ExpectAsync<Connected>();
        Assert.Equal(2u, (await test.StoredAsync())!.SignedPreKey.Id);
    }

    [Fact]
    public async Task A_login_counts_once_and_only_the_first_success_counts()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(Phone.LoginSuccess());
        Assert.Null(await server.TryReadAsync(TimeSpan.FromMilliseconds(50)));
        Assert.Equal(1, (await test.StoredAsync())!.LoginCounter);
        await server.SendAsync(new Node("stream:error", [("code", "515")]));
        var next = await test.Server.AcceptAsync();
        Assert.Equal(1, next.Payload.Lc);
    }

    [Fact]
    public async Task Routing_info_is_stored_and_begins_the_next_connection()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        Assert.Empty(server.RoutingInfo);
        await server.SendAsync(new Node("ib", [("from", Jid.Service)], new Node("edge_routing", new Node("routing_info", new byte[] { 8, 2, 8, 5 }))));
        await server.SendAsync(new Node("stream:error", [("code", "515")]));
        Assert.Equal([8, 2, 8, 5], (await test.Server.AcceptAsync()).RoutingInfo);
    }

    [Fact]
    public async Task What_came_meanwhile_is_asked_for_and_announced()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(new Node("ib", [("from", Jid.Service)], new Node("offline_preview", [("count", "7"), ("message", "4"), ("receipt", "2"), ("notification", "1")])));
        Assert.Equal(new OfflineAnnounced(4, 2, 1), await test.ExpectAsync<OfflineAnnounced>());
        Assert.Equal("100", (await server.ReadAsync()).Child("offline_batch")!["count"]);
        await server.SendAsync(new Node("ib", [("from", Jid.Service)], new Node("offline", [("count", "7")])));
        await test.ExpectAsync<OfflineDelivered>();
        await server.SendAsync(new Node("ib", [("from", Jid.Service)], new Node("dirty", [("type", "groups"), ("timestamp", "1795202132")])));
        Assert.Equal("groups", (await test.ExpectAsync<StateOutdated>()).Kind);
        var clean = (await server.ExpectRequestAsync("urn:xmpp:whatsapp:dirty", "set", "clean")).Child("clean")!;
        Assert.Equal(("groups", "1795202132"), (clean["type"], clean["timestamp"]));
    }

    [Fact]
    public async Task Everything_with_an_id_is_acknowledged()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        var user = new Jid("777000111", JidServer.Lid);
        await server.SendAsync(new Node("message", [("from", user), ("id", "m1"), ("t", "1"), ("type", "text")]));
        await server.SendAsync(new Node("notification", [("from", user), ("id", "n1"), ("t", "1"), ("type", "of tomorrow")]));
        await server.SendAsync(new Node("receipt", [("from", new Jid("1203", JidServer.Group)), ("participant", user), ("id", "r1"), ("t", "1"), ("type", "read")]));
        // Not to be understood, but not to come again either.
        await server.SendAsync(new Node("notification", [("from", Jid.Service), ("id", "n2"), ("t", "1"), ("type", "encrypt")], new Node("count")));
        await server.SendAsync(new Node("novelty", [("from", user), ("id", "x1")]));
        Assert.Equal(("ack", "message", "m1", "777000111@lid", null), Ack(await server.ReadAsync()));
        Assert.Equal(("ack", "notification", "n1", "777000111@lid", "of tomorrow"), Ack(await server.ReadAsync()));
        var receipt = await server.ReadAsync();
        Assert.Equal(("ack", "receipt", "r1", "1203@g.us", "read"), Ack(receipt));
        Assert.Equal(user, receipt.GetJid("participant"));
        Assert.Equal(("ack", "notification", "n2", "@s.whatsapp.net", "encrypt"), Ack(await server.ReadAsync()));
        Assert.Equal(("ack", "novelty", "x1", "777000111@lid", null), Ack(await server.ReadAsync()));
        Assert.Null(await server.TryReadAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_login_is_left()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        _ = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", "50")]));
        await server.ExpectRequestAsync("passive", "set", "active");
        var pings = server.AnswerAllAsync();
        var ended = test.ExpectAsync<Disconnected>();
        await test.Clock.AdvanceUntilAsync(ended, TimeSpan.FromSeconds(100));
        Assert.Equal(EndCause.Lost, (await ended).End.Cause);
        await pings;
    }

    private static (string, string?, string?, string?, string?) Ack(Node ack) => (ack.Tag, ack["class"], ack["id"], ack["to"], ack["type"]);

    private static byte[] Bytes(Node node, string child) => node.Child(child)!.Content.Bytes.ToArray();

    private static Node Count(string value) => new(
        "notification", [("from", Jid.Service), ("id", "n1"), ("t", "1795202133"), ("type", "encrypt")], new Node("count", [("value", value)]));

    private static Node Digest(DeviceCredentials device, Node upload)
    {
        var keys = upload.Child("list")!.Children;
        var hash = PreKeyDigest.Compute(
            device.Identity.Public.Span, device.SignedPreKey.Pair.Public.Span, device.SignedPreKey.Signature, keys.Select(key => key.Child("value")!.Content.Bytes));
        return new("digest", [new("list", keys.Select(key => key.Child("id")!).ToArray()), new("hash", hash)]);
    }

    private static async Task AssertStoredAsync(TestClient test, Node upload, uint first)
    {
        var keys = upload.Child("list")!.Children;
        Assert.Equal(50, keys.Length);
        foreach (var key in keys)
        {
            Assert.Equal([0, 0, (byte)first], Bytes(key, "id"));
            var id = first++;
            var pair = await test.Store.ReadAsync(unit => unit.LoadPreKeyAsync(id, default));
            Assert.Equal(Bytes(key, "value"), pair![32..]);
            Assert.Equal(KeyPair.FromPrivate(pair.AsSpan(0, 32)).Public.ToArray(), pair[32..]);
        }

        Assert.Equal(first, (await test.StoredAsync())!.NextPreKeyId);
    }
}
