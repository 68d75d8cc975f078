using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>The passkey step against a scripted server: each thing that can be missing, late or wrong.</summary>
public class PasskeyLinkingTests
{
    private static readonly byte[] Credential = [1, 2, 3];

    [Fact]
    public async Task The_passkey_signs_and_the_companion_proves_that_it_is_the_one_of_the_code()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var (server, code) = await BeginAsync(test);
        var asked = await AskAsync(test, server);
        Assert.Equal(("{\"a\":1}", test.Clock.GetUtcNow().AddMinutes(10)), (asked.Options, asked.ExpiresAt));

        test.Client.AnswerPasskey(Credential, "{}");
        await server.AnswerAsync(await server.ExpectRequestAsync("md", "get", "ref"), new Node("ref", "3@ref"u8.ToArray()));
        var request = await server.ExpectRequestAsync("md", "set", "passkey_prologue");
        var prologue = request.Child("passkey_prologue")!;
        Assert.Equal(Credential, prologue.Child("credential_id")!.Content.Bytes.ToArray());
        Assert.Equal("{}", Encoding.UTF8.GetString(prologue.Child("webauthn_assertion")!.Content.Bytes.Span));
        var payload = prologue.Child("prologue_payload")!.Content.Bytes.ToArray();
        Assert.Equal(PasskeyPairing.HandoffProof(PasskeyPairing.HandoffKey(code.AdvSecret), payload), prologue.Child("pairing_handoff_proof")!.Content.Bytes.ToArray());
        await server.AnswerAsync(request);

        var (phone, identity) = PhoneKeys();
        await server.SendAsync(Continuation(identity));
        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        var told = await server.ExpectRequestAsync("md", "set", "companion_nonce");
        var companion = PasskeyPairing.OpenPrologue(payload, told.Child("companion_nonce")!.Content.Bytes.Span);
        Assert.Equal(("3@ref", DeviceProps.Types.PlatformType.Chrome), (companion.Ref, companion.DeviceType));
        await server.AnswerAsync(told);
        var last = await server.ExpectRequestAsync("md", "set", "encrypted_pairing_request");
        var key = PasskeyPairing.RequestKey(phone, companion.PublicKey.Span, companion.DeviceType, companion.Ref);
        var pairing = PasskeyPairing.OpenRequest(key, last.Child("encrypted_pairing_request")!.Content.Bytes.Span);
        Assert.Equal((server.NoiseKey.ToHex(), code.IdentityKey.ToHex()), (pairing.CompanionPublicKey.ToByteArray().ToHex(), pairing.CompanionIdentityKey.ToByteArray().ToHex()));
        Assert.NotEqual(code.AdvSecret, pairing.AdvSecret.ToByteArray());
        await server.AnswerAsync(last);
        await server.SendAsync(test.Phone.Success(code.IdentityKey, pairing.AdvSecret.ToByteArray()));
        Assert.Equal("result", (await server.ReadAsync())["type"]);
        await test.ExpectAsync<DeviceLinked>();
        Assert.Equal(pairing.AdvSecret.ToByteArray(), (await test.StoredAsync())!.AdvSecret);
        Assert.False(linking.IsFaulted);
    }

    [Fact]
    public async Task After_five_minutes_there_is_no_proof_and_the_codes_are_compared()
    {
        await using var test = new TestClient();
        _ = test.Client.LinkByQrAsync();
        var (server, _) = await BeginAsync(test);
        await AskAsync(test, server);
        test.Clock.Jump(TimeSpan.FromMinutes(5));
        var (payload, hasProof) = await AnswerAsync(test, server);
        Assert.False(hasProof);
        var (_, identity) = PhoneKeys();
        await server.SendAsync(Continuation(identity));
        var told = await ExpectAsync(server, "companion_nonce");
        var nonce = told.Child("companion_nonce")!.Content.Bytes.ToArray();
        await server.AnswerAsync(told);
        var shown = await test.ExpectAsync<PasskeyCodeShown>();
        PasskeyPairing.OpenPrologue(payload, nonce);
        Assert.Equal(LinkCode.Display(PasskeyPairing.Code(identity, nonce)), shown.Code);
        Assert.Throws<InvalidOperationException>(() => test.Client.AnswerPasskey(Credential, "{}"));
        test.Client.ConfirmPasskey(isSame: true);
        await ExpectAsync(server, "encrypted_pairing_request");
        Assert.Throws<InvalidOperationException>(() => test.Client.ConfirmPasskey(isSame: true));
    }

    [Fact]
    public async Task A_code_that_differs_ends_it()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var server = await ShowCodeAsync(test);
        test.Client.ConfirmPasskey(isSame: false);
        Assert.Equal(LinkingFailure.PasskeyNotConfirmed, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        await server.ExpectEndAsync();
        Assert.Null(await test.StoredAsync());
    }

    [Theory]
    [InlineData("asked")]
    [InlineData("answered")]
    [InlineData("sent")]
    [InlineData("shown")]
    public async Task What_is_waited_for_in_vain_ends_it(string at)
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var (server, atMost) = at is "shown" ? (await ShowCodeAsync(test), 200) : ((await BeginAsync(test)).Server, 700);
        if (at is not "shown") await AskAsync(test, server);
        if (at is "sent") await AnswerAsync(test, server);
        if (at is "answered") test.Client.AnswerPasskey(Credential, "{}");
        // All but the client's pings goes unanswered.
        var pings = AnswerPingsAsync(server);
        await test.Clock.AdvanceUntilAsync(Task.WhenAny(linking), TimeSpan.FromSeconds(atMost));
        Assert.Equal(LinkingFailure.PasskeyExpired, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        await pings;
        Assert.Null(await test.StoredAsync());
    }

    [Theory]
    [InlineData("ref")]
    [InlineData("passkey_prologue")]
    [InlineData("companion_nonce")]
    [InlineData("encrypted_pairing_request")]
    public async Task What_the_server_refuses_ends_it(string refused)
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var (server, _) = await BeginAsync(test);
        await AskAsync(test, server);
        test.Client.AnswerPasskey(Credential, "{}");
        foreach (var step in (string[])["ref", "passkey_prologue", "companion_nonce", "encrypted_pairing_request"])
        {
            if (step == "companion_nonce") await server.SendAsync(Continuation(PhoneKeys().Identity));
            var request = await ExpectAsync(server, step);
            if (step == refused)
            {
                await server.RefuseAsync(request, "401", "not-authorized");
                break;
            }

            await server.AnswerAsync(request, step == "ref" ? new Node("ref", "3@ref"u8.ToArray()) : default(NodeContent));
        }

        Assert.Equal(LinkingFailure.PasskeyRefused, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
    }

    [Fact]
    public async Task Options_that_did_not_come_are_asked_for()
    {
        await using var test = new TestClient();
        _ = test.Client.LinkByQrAsync();
        var (server, _) = await BeginAsync(test);
        await server.SendAsync(Notification("passkey_prologue_request", null));
        await server.AnswerAsync(await ExpectAsync(server, "passkey_request_options"), new Node("passkey_request_options", "{\"b\":2}"u8.ToArray()));
        Assert.Equal("{\"b\":2}", (await test.ExpectAsync<PasskeyRequested>()).Options);
    }

    [Fact]
    public async Task Options_without_measure_break_the_protocol()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByQrAsync();
        var (server, _) = await BeginAsync(test);
        await server.SendAsync(Notification("passkey_prologue_request", new Node("passkey_request_options", new byte[Limits.PasskeyOptions + 1])));
        Assert.Equal(LinkingFailure.ProtocolBroken, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
    }

    [Fact]
    public async Task What_the_phone_says_without_meaning_breaks_the_protocol()
    {
        foreach (var identity in (PrimaryEphemeralIdentity[])[new(), new() { PublicKey = ByteString.CopyFrom(new byte[32]), Nonce = ByteString.CopyFrom(new byte[32]) }])
        {
            await using var test = new TestClient();
            var linking = test.Client.LinkByQrAsync();
            var (server, _) = await BeginAsync(test);
            await AskAsync(test, server);
            await AnswerAsync(test, server);
            await server.SendAsync(Continuation(identity));
            Assert.Equal(LinkingFailure.ProtocolBroken, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        }
    }

    [Fact]
    public async Task Out_of_turn_nothing_is_taken()
    {
        await using var test = new TestClient();
        Assert.Throws<InvalidOperationException>(() => test.Client.AnswerPasskey(Credential, "{}"));
        _ = test.Client.LinkByQrAsync();
        var (server, before) = await BeginAsync(test);
        Assert.Throws<InvalidOperationException>(() => test.Client.AnswerPasskey(Credential, "{}"));
        Assert.Throws<InvalidOperationException>(() => test.Client.ConfirmPasskey(isSame: true));
        await server.SendAsync(Continuation(PhoneKeys().Identity));
        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        await AskAsync(test, server);
        // The secret is no longer that of a QR code: none is shown any more.
        await server.SendAsync(Notification("companion_reg_refresh", new Node("companion_reg_refresh")));
        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        // Asked again, it is still the first code's secret that proves who this is.
        await AskAsync(test, server);
        test.Client.AnswerPasskey(Credential, "{}");
        Assert.Throws<InvalidOperationException>(() => test.Client.AnswerPasskey(Credential, "{}"));
        await server.AnswerAsync(await ExpectAsync(server, "ref"), new Node("ref", "3@ref"u8.ToArray()));
        var prologue = (await ExpectAsync(server, "passkey_prologue")).Child("passkey_prologue")!;
        var proof = PasskeyPairing.HandoffProof(PasskeyPairing.HandoffKey(before.AdvSecret), prologue.Child("prologue_payload")!.Content.Bytes.Span);
        Assert.Equal(proof, prologue.Child("pairing_handoff_proof")!.Content.Bytes.ToArray());
    }

    private static (KeyPair Ephemeral, PrimaryEphemeralIdentity Identity) PhoneKeys()
    {
        var ephemeral = KeyPair.Generate(RandomNumberGenerator.Create());
        return (ephemeral, new() { PublicKey = ByteString.CopyFrom(ephemeral.Public.Span), Nonce = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)) });
    }

    private static Node Notification(string type, Node? content) =>
        new("notification", [("from", Jid.Service), ("id", "pk1"), ("type", type), ("t", "1795202132")], content);

    private static Node Continuation(PrimaryEphemeralIdentity identity) =>
        Notification("crsc_continuation", new Node("primary_ephemeral_identity", identity.ToByteArray()));

    private static async Task<(ServerConnection Server, QrCode Code)> BeginAsync(TestClient test)
    {
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        return (server, QrCode.Parse((await test.ExpectAsync<QrCodeShown>()).Text));
    }

    private static async Task<PasskeyRequested> AskAsync(TestClient test, ServerConnection server)
    {
        await server.SendAsync(Notification("passkey_prologue_request", new Node("passkey_request_options", "{\"a\":1}"u8.ToArray())));
        Assert.Equal("ack", (await server.ReadAsync()).Tag);
        return await test.ExpectAsync<PasskeyRequested>();
    }

    private static async Task<(byte[] Prologue, bool HasProof)> AnswerAsync(TestClient test, ServerConnection server)
    {
        test.Client.AnswerPasskey(Credential, "{}");
        await server.AnswerAsync(await ExpectAsync(server, "ref"), new Node("ref", "3@ref"u8.ToArray()));
        var request = await ExpectAsync(server, "passkey_prologue");
        await server.AnswerAsync(request);
        var prologue = request.Child("passkey_prologue")!;
        return (prologue.Child("prologue_payload")!.Content.Bytes.ToArray(), prologue.Child("pairing_handoff_proof") is not null);
    }

    private static async Task<ServerConnection> ShowCodeAsync(TestClient test)
    {
        var (server, _) = await BeginAsync(test);
        await AskAsync(test, server);
        test.Clock.Jump(TimeSpan.FromMinutes(5));
        await AnswerAsync(test, server);
        await server.SendAsync(Continuation(PhoneKeys().Identity));
        await server.AnswerAsync(await ExpectAsync(server, "companion_nonce"));
        await test.ExpectAsync<PasskeyCodeShown>();
        return server;
    }

    // The next request with this in it; acknowledgements and pings in front of it are passed over.
    private static async Task<Node> ExpectAsync(ServerConnection server, string content)
    {
        while (true)
        {
            var stanza = await server.ReadAsync();
            if (stanza.Child(content) is not null) return stanza;
            if (stanza["xmlns"] == "w:p") await server.AnswerAsync(stanza);
            else Assert.Equal("ack", stanza.Tag);
        }
    }

    private static async Task AnswerPingsAsync(ServerConnection server)
    {
        try
        {
            while (true)
            {
                var stanza = await server.ReadAsync();
                if (stanza["xmlns"] == "w:p") await server.AnswerAsync(stanza);
            }
        }
        catch (Exception gone) when (gone is EndOfStreamException or System.Net.WebSockets.WebSocketException or IOException)
        {
            // As it should.
        }
    }
}
