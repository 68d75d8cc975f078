using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Tests.Storage;

namespace FocoBot.WhatsApp.Tests.Client;

public class RestoredDeviceTests
{
    [Fact]
    public async Task A_restored_device_uploads_new_prekeys_before_all_else_and_is_then_as_any_other()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        await DeviceStores.MarkRestoredAsync(test.Store);
        await test.Store.WriteAsync(unit =>
        {
            unit.Store(RecordKind.SenderKeyHolders, "1@g.us", [1]);
            unit.Store(RecordKind.Outgoing, "A", [0, 0, 0, 0, 0, 0, 0, 1, .. Bytes(new Node("message", [("id", "A")]))]);
        });
        var connecting = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        var upload = await server.ExpectRequestAsync("encrypt", "set", "list");
        var first = upload.Child("list")!.Children[0].Child("id")!.Content.Bytes.ToArray();
        Assert.NotEqual([0, 0, 1], first);
        Assert.True((await test.StoredAsync())!.IsRestored);
        Assert.Null(await test.Store.LoadAsync(new(RecordKind.SenderKeyHolders, "1@g.us"), default));
        await server.AnswerAsync(upload);
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", "50")]));
        Assert.False((await test.StoredAsync())!.IsRestored);
        await server.AnswerAsync(await server.ExpectRequestAsync("passive", "set", "active"));
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "digest"), new Node("digest"));
        Assert.NotNull((await server.ReadAsync()).Child("unified_session"));
        // The very bytes that the original may have sent.
        Assert.Equal("A", (await server.ReadAsync())["id"]);
        await test.ExpectAsync<Connected>();
        await connecting;
    }

    [Fact]
    public async Task A_restored_device_whose_prekeys_are_not_taken_stays_so_and_does_not_get_online()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        await DeviceStores.MarkRestoredAsync(test.Store);
        var connecting = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        var upload = await server.ExpectRequestAsync("encrypt", "set", "list");
        await server.SendAsync(new Node("iq", [("id", upload["id"]), ("type", "error"), ("from", Jid.Service)], new Node("error", [("code", "503"), ("text", "service-unavailable")])));
        Assert.Equal(EndCause.Lost, (await test.ExpectAsync<Disconnected>()).End.Cause);
        Assert.False(connecting.IsCompleted);
        Assert.True((await test.StoredAsync())!.IsRestored);
        await test.Client.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionEndedException>(() => connecting);
    }

    [Fact]
    public async Task A_damaged_session_does_not_keep_a_restored_device_from_connecting()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        await DeviceStores.MarkRestoredAsync(test.Store);
        await test.Store.WriteAsync(unit =>
        {
            unit.Store(RecordKind.Session, "777000111_1.0", [77]);
            unit.Store(RecordKind.SenderKey, "1203@g.us/777000111_1.0", [77]);
        });
        var connecting = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.LoginSuccess());
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "set", "list"));
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", "50")]));
        await server.AnswerAsync(await server.ExpectRequestAsync("passive", "set", "active"));
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "digest"), new Node("digest"));
        await test.ExpectAsync<Connected>();
        await connecting;
        Assert.Null(await test.Store.LoadAsync(new(RecordKind.Session, "777000111_1.0"), default));
        Assert.Equal(2, test.Log.Count(line => line.Contains("damaged", StringComparison.Ordinal)));
        Assert.DoesNotContain(test.Log, line => line.Contains("777000111", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_a_linked_device_can_be_marked()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => DeviceStores.MarkRestoredAsync(new InMemoryDeviceStore()));
    }

    private static byte[] Bytes(Node stanza)
    {
        using var bytes = new PooledWriter();
        Stanza.Write(stanza, bytes);
        return bytes.Written.ToArray();
    }
}
