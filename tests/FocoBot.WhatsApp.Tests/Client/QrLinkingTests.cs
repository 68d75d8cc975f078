using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Tests.Storage;

namespace FocoBot.WhatsApp.Tests.Client;

public class QrLinkingTests
{
    [Fact]
    public async Task A_scanned_code_links_the_device_which_then_logs_in()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        Assert.NotNull(server.Payload.DevicePairingData);
        Assert.False(server.Payload.Passive);
        await server.SendAsync(Phone.PairDevice());
        AssertResult(await server.ReadAsync(), "pd-1");
        var shown = await test.ExpectAsync<QrCodeShown>();
        Assert.Equal(ConnectionState.Linking, test.Client.State);
        var code = QrCode.Parse(shown.Text);
        Assert.Equal(("2@ref0abcdefghijklmnop", '1'), (code.Ref, code.ClientType));
        Assert.Equal(server.NoiseKey, code.NoiseKey);
        Assert.Equal(server.Payload.DevicePairingData!.Identity.ToByteArray(), code.IdentityKey);
        Assert.Null(await test.StoredAsync());

        await server.SendAsync(test.Phone.Scan(shown.Text));
        var signed = await server.ReadAsync();
        AssertResult(signed, "ps-1");
        // What the server is told was stored before.
        var device = await test.StoredAsync();
        Assert.Equal((Phone.CompanionJid, Phone.CompanionLid, "android"), (device!.PhoneJid!.Value, device.Lid!.Value, device.Platform));
        AssertSignedBack(signed, device.Account!, test.Phone, code.IdentityKey);
        Assert.Equal("414932000", (await server.ReadAsync()).Child("unified_session")!["id"]);
        Assert.Equal((Phone.CompanionJid, Phone.CompanionLid), Deconstruct(await test.ExpectAsync<DeviceLinked>()));

        await server.SendAsync(new Node("stream:error", [("code", "515")]));
        var restart = await test.ExpectAsync<Disconnected>();
        Assert.Equal((EndCause.Restart, TimeSpan.Zero), (restart.End.Cause, restart.RetryIn));
        var next = await test.Server.AcceptAsync();
        Assert.Equal((15550000000UL, 3U, true, true, 0), (next.Payload.Username, next.Payload.Device, next.Payload.Passive, next.Payload.Pull, next.Payload.Lc));
        Assert.Null(next.Payload.DevicePairingData);
        Assert.Equal(server.NoiseKey, next.NoiseKey);
        await TestClient.ServeLoginAsync(next);
        await test.ExpectAsync<Connected>();
        await linking;
        Assert.Equal(ConnectionState.Online, test.Client.State);
        Assert.Equal(1, (await test.StoredAsync())!.LoginCounter);
        var identity = await test.Store.ReadAsync(unit => unit.LoadIdentityAsync(SignalAddress.Of("98765000000000", SignalDomain.HiddenIdentity, 0), default));
        Assert.Equal(test.Phone.Identity.Public.ToArray(), identity);
        Assert.NotNull(await test.Store.ReadAsync(unit => unit.LoadSignedPreKeyAsync(1, default)));
    }

    [Fact]
    public async Task References_take_turns_after_60_and_then_20_seconds_until_none_is_left()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        var began = test.Clock.GetUtcNow();
        var pings = server.AnswerAllAsync();
        var first = QrCode.Parse((await test.ExpectAsync<QrCodeShown>()).Text);
        for (var i = 1; i < 6; i++)
        {
            var due = began.AddSeconds(40 + 20 * i);
            var next = test.ExpectAsync<QrCodeShown>();
            await test.Clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(70));
            Assert.InRange(test.Clock.GetUtcNow(), due, due.AddSeconds(5));
            var shown = await next;
            var code = QrCode.Parse(shown.Text);
            Assert.Equal($"2@ref{i}abcdefghijklmnop", code.Ref);
            Assert.Equal(first.AdvSecret, code.AdvSecret);
            Assert.Equal(due.AddSeconds(20), shown.ExpiresAt);
        }

        await test.Clock.AdvanceUntilAsync(Task.WhenAny(linking), TimeSpan.FromSeconds(30));
        Assert.Equal(LinkingFailure.QrExpired, (await test.ExpectAsync<DeviceNotLinked>()).Failure);
        Assert.Equal(LinkingFailure.QrExpired, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        await pings;
        Assert.Equal(ConnectionState.Disconnected, test.Client.State);
        Assert.Null(await test.StoredAsync());
    }

    [Theory]
    [InlineData("companion_reg_refresh")]
    [InlineData("pair-device-rotate-qr")]
    public async Task A_refresh_gives_the_same_reference_a_new_secret_and_the_old_one_is_dead(string child)
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        var before = await test.ExpectAsync<QrCodeShown>();
        await server.SendAsync(new Node(
            "notification", [("from", Jid.Service), ("id", "n1"), ("type", "companion_reg_refresh"), ("t", "1795202132")], new Node(child)));
        var ack = await server.ReadAsync();
        Assert.Equal(("ack", "notification", "n1", "companion_reg_refresh"), (ack.Tag, ack["class"], ack["id"], ack["type"]));
        var after = await test.ExpectAsync<QrCodeShown>();
        var (old, now) = (QrCode.Parse(before.Text), QrCode.Parse(after.Text));
        Assert.Equal((old.Ref, before.ExpiresAt), (now.Ref, after.ExpiresAt));
        Assert.NotEqual(old.AdvSecret, now.AdvSecret);

        await server.SendAsync(test.Phone.Scan(before.Text));
        await AssertRefusedAsync(server, "401", "hmac-mismatch");
        await Assert.ThrowsAsync<LinkingException>(() => linking);
    }

    [Fact]
    public async Task A_phone_that_does_not_know_the_secret_is_refused()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        var code = QrCode.Parse((await test.ExpectAsync<QrCodeShown>()).Text);
        await server.SendAsync(test.Phone.Success(code.IdentityKey, new byte[32]));
        await AssertRefusedAsync(server, "401", "hmac-mismatch");
        Assert.Equal(LinkingFailure.HmacMismatch, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        await server.ExpectEndAsync();
        Assert.Null(await test.StoredAsync());
    }

    [Fact]
    public async Task A_signature_of_another_key_is_refused()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        var shown = await test.ExpectAsync<QrCodeShown>();
        await server.SendAsync(test.Phone.Scan(shown.Text, signer: KeyPair.Generate(RandomNumberGenerator.Create())));
        await AssertRefusedAsync(server, "401", "signature-mismatch");
        Assert.Equal(LinkingFailure.SignatureMismatch, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        Assert.Null(await test.StoredAsync());
    }

    [Fact]
    public async Task Success_without_a_device_is_refused()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        await server.SendAsync(new Node("iq", [("from", Jid.Service), ("id", "ps-1"), ("type", "set")], new Node("pair-success", new Node("device-identity", new byte[9]))));
        await AssertRefusedAsync(server, "500", "internal-error");
        Assert.Equal(LinkingFailure.ProtocolBroken, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
    }

    [Fact]
    public async Task A_device_that_could_not_be_stored_does_not_sign()
    {
        await using var test = new TestClient(new FailingStore());
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        await server.SendAsync(test.Phone.Scan((await test.ExpectAsync<QrCodeShown>()).Text));
        await Assert.ThrowsAsync<StoreFailedException>(() => linking);
        await Assert.ThrowsAsync<EndOfStreamException>(server.ReadAsync);
        Assert.Equal(EndCause.Internal, (await test.ExpectAsync<Disconnected>()).End.Cause);
    }

    [Fact]
    public async Task An_outdated_client_learns_why_it_is_not_linked()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(new Node("failure", [("reason", "405"), ("location", "vll")]));
        var failed = await test.ExpectAsync<DeviceNotLinked>();
        Assert.Equal((LinkingFailure.ConnectionEnded, EndCause.ClientOutdated), (failed.Failure, failed.End!.Cause));
        await Assert.ThrowsAsync<LinkingException>(() => linking);
    }

    [Fact]
    public async Task A_server_that_forgets_to_restart_the_connection_is_left_after_a_while()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        await server.SendAsync(test.Phone.Scan((await test.ExpectAsync<QrCodeShown>()).Text));
        await test.ExpectAsync<DeviceLinked>();
        var next = test.Server.AcceptAsync();
        await test.Clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(30));
        await TestClient.ServeLoginAsync(await next);
        await linking;
    }

    [Fact]
    public async Task A_linked_device_is_not_linked_again_until_it_is_forgotten()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Client.LinkByQrAsync());
        await test.Client.ForgetAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Client.ConnectAsync());
        Assert.Equal(0, test.Server.Arrivals);
    }

    [Fact]
    public async Task Giving_up_hangs_up()
    {
        await using var test = new TestClient();
        using var patience = new CancellationTokenSource();
        var linking = test.Client.LinkByQrAsync(patience.Token);
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await test.ExpectAsync<QrCodeShown>();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => linking);
        await server.ExpectEndAsync();
        Assert.Equal(EndCause.Stopped, (await test.ExpectAsync<Disconnected>()).End.Cause);
        Assert.Equal(ConnectionState.Disconnected, test.Client.State);
    }

    private static (Jid, Jid) Deconstruct(DeviceLinked linked) => (linked.PhoneJid, linked.Lid!.Value);

    private static void AssertResult(Node answer, string id) =>
        Assert.Equal(("iq", "result", id, "@s.whatsapp.net"), (answer.Tag, answer["type"], answer["id"], answer["to"]));

    private static void AssertSignedBack(Node answer, byte[] stored, Phone phone, byte[] companion)
    {
        var identity = answer.Child("pair-device-sign")!.Child("device-identity")!;
        Assert.Equal("1", identity["key-index"]);
        var reply = ProtoReader.Parse<AdvSignedDeviceIdentity>(identity.Content.Bytes.Span);
        Assert.False(reply.HasAccountSignatureKey);
        var whole = ProtoReader.Parse<AdvSignedDeviceIdentity>(stored);
        Assert.Equal(phone.Identity.Public.ToArray(), whole.AccountSignatureKey.ToByteArray());
        Assert.True(DeviceIdentity.Verify(whole, companion));
        Assert.Equal(whole.DeviceSignature, reply.DeviceSignature);
    }

    private static async Task AssertRefusedAsync(ServerConnection server, string code, string text)
    {
        var answer = await server.ReadAsync();
        Assert.Equal(("iq", "error", "ps-1"), (answer.Tag, answer["type"], answer["id"]));
        Assert.Equal((code, text), (answer.Child("error")!["code"], answer.Child("error")!["text"]));
    }

    // Reads like an empty store, and stores nothing.
    private sealed class FailingStore : IDeviceStore
    {
        public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token) => default;

        public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token) => new([]);

        public ValueTask CommitAsync(DeviceChanges changes) => throw new InvalidDataException("The disk is full.");
    }
}
