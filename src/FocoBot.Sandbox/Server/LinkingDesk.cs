using System.Buffers.Binary;
using System.Text;
using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Server;

/// <summary>Makes companions of clients: hands out what QR codes name, carries the messages of linking by code, and lets in who has signed.</summary>
internal sealed class LinkingDesk(SandboxNetwork network)
{
    private const int RefBytes = 32;

    private readonly Dictionary<string, ClientConnection> _byRef = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClientConnection> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClientConnection> _byIq = new(StringComparer.Ordinal);

    /// <summary>A client that has no account yet.</summary>
    public void Begin(ClientConnection client, byte[] noiseKey, DevicePairingRegistrationData registration)
    {
        var session = new LinkingSession(noiseKey, registration);
        client.Session = session;
        for (var i = 0; i < ServerLimits.Refs; i++)
        {
            var reference = "2@" + Convert.ToBase64String(RandomBytes(RefBytes));
            session.Refs.Add(reference);
            _byRef.Add(reference, client);
        }

        client.Send(new Node("iq", [("from", Jid.Service), ("id", network.NewId()), ("type", "set"), ("xmlns", "md")],
            new Node("pair-device", session.Refs.Select(reference => new Node("ref", Encoding.ASCII.GetBytes(reference))).ToArray())));
    }

    /// <summary>Who waits behind a scanned code; null when it is old.</summary>
    public LinkingSession? Find(string reference) => _byRef.GetValueOrDefault(reference)?.Session as LinkingSession;

    /// <summary>The code request that waits for a number's phone.</summary>
    public LinkingSession? FindCode(string number) =>
        _byNumber.GetValueOrDefault(number)?.Session is LinkingSession { Code: { } code } session && network.Clock.GetUtcNow() < code.EndsAt ? session : null;

    /// <summary>A phone vouches for a client: it becomes a companion once it has signed back.</summary>
    /// <returns>False when the client has gone.</returns>
    public bool Promise(LinkingSession session, Account account, int deviceId, uint keyIndex, byte[] vouched)
    {
        if (ClientOf(session) is not { } client) return false;
        var keys = session.Registration;
        session.Promised = new Device(account, deviceId)
        {
            NoiseKey = session.NoiseKey,
            KeyIndex = keyIndex,
            Keys = new KeyBundle
            {
                RegistrationId = BinaryPrimitives.ReadUInt32BigEndian(keys.RegistrationId.Span),
                Identity = keys.Identity.ToByteArray(),
                Signed = new SignedKey(UInt24(keys.SignedPrekeyId.Span), keys.SignedPrekey.ToByteArray(), keys.SignedPrekeySignature.ToByteArray()),
            },
        };
        var id = network.NewId();
        _byIq[id] = client;
        client.Send(new Node("iq", [("from", Jid.Service), ("id", id), ("type", "set"), ("xmlns", "md"), ("t", network.Now)], new Node("pair-success",
        [
            new("device-identity", vouched), new("platform", [("name", "android")]),
            new("device", [("jid", session.Promised.Pn), ("lid", session.Promised.Lid)]),
        ])));
        return true;
    }

    /// <summary>Asks the owner of a phone that has a passkey for it, before the phone may vouch.</summary>
    /// <returns>False when the client has gone.</returns>
    public bool AskForPasskey(LinkingSession session, Account account, byte[] scannedSecret)
    {
        if (ClientOf(session) is not { } client) return false;
        session.Passkey = new PasskeyRequest(account, scannedSecret, RandomBytes(RefBytes), network.PhoneOf(account).Passkey!.CredentialId);
        client.Send(new Node("notification", [("from", Jid.Service), ("id", network.NewId()), ("type", "passkey_prologue_request"), ("t", network.Now)], session.Passkey.OptionsNode));
        return true;
    }

    /// <summary>The steps of a companion whose owner uses a passkey; null when the answer comes later.</summary>
    public Node? Passkey(ClientConnection client, Node query, Node step)
    {
        if (client.Session is not LinkingSession { Passkey: { } passkey } session) return Stanzas.Error(query, 400, "bad-request");
        var phone = network.PhoneOf(passkey.Account);
        switch (step.Tag)
        {
            case "passkey_request_options":
                return Stanzas.Result(query, passkey.OptionsNode);
            case "ref":
                passkey.Ref = "3@" + Convert.ToBase64String(RandomBytes(RefBytes));
                return Stanzas.Result(query, new Node("ref", Encoding.ASCII.GetBytes(passkey.Ref)));
            case "passkey_prologue":
                if (!phone.Passkey!.Verify(step.RequireChild("credential_id").Content.Bytes.Span, step.RequireChild("webauthn_assertion").Content.Bytes, passkey.Challenge)
                    || phone.Continue(passkey, step.RequireChild("prologue_payload").Content.Bytes, step.Child("pairing_handoff_proof")?.Content.Bytes) is not { } identity)
                    return Stanzas.Error(query, 401, "not-authorized");
                client.Send(Stanzas.Result(query));
                client.Send(new Node("notification", [("from", Jid.Service), ("id", network.NewId()), ("type", "crsc_continuation"), ("t", network.Now)], new Node("primary_ephemeral_identity", identity)));
                return null;
            case "companion_nonce" when phone.Learn(passkey, step.Content.Bytes.Span):
                return Stanzas.Result(query);
            case "encrypted_pairing_request" when passkey.Companion is not null:
                passkey.Pending = query;
                phone.Conclude(session);
                return null;
            default:
                return Stanzas.Error(query, 400, "bad-request");
        }
    }

    /// <summary>What the phone's owner has decided, as the answer to a companion that waits for it.</summary>
    public void AnswerPasskey(LinkingSession session, bool isAllowed)
    {
        if (session.Passkey?.Pending is { } query) ClientOf(session)?.Send(isAllowed ? Stanzas.Result(query) : Stanzas.Error(query, 403, "forbidden"));
    }

    /// <summary>Asks a client that shows a QR code to make its secret anew.</summary>
    /// <param name="reference">What the code names.</param>
    /// <param name="reason">The kind of request: <c>companion_reg_refresh</c> or <c>pair-device-rotate-qr</c>.</param>
    /// <returns>False when nobody waits behind the code.</returns>
    public bool Refresh(string reference, string reason)
    {
        if (_byRef.GetValueOrDefault(reference) is not { } client) return false;
        client.Send(new Node("notification", [("from", Jid.Service), ("id", network.NewId()), ("type", "companion_reg_refresh"), ("t", network.Now)], new Node(reason)));
        return true;
    }

    /// <summary>Tells a client that its link code is too old.</summary>
    /// <param name="number">The number that the code is for.</param>
    /// <param name="byHand">Whether the client's user must ask for another one.</param>
    /// <returns>False when no code is waited for.</returns>
    public bool RefreshCode(string number, bool byHand)
    {
        if (FindCode(number) is not { Code: { } code } || !_byNumber.TryGetValue(number, out var client)) return false;
        client.Send(new Node("notification", [("from", Jid.Service), ("id", network.NewId()), ("type", "link_code_companion_reg"), ("t", network.Now)],
            new Node("link_code_companion_reg", [("stage", "refresh_code"), ("force_manual_refresh", byHand ? "true" : null)], new Node("link_code_pairing_ref", code.Ref))));
        return true;
    }

    /// <summary>The answer to something the server asked: the signature at the end of linking.</summary>
    public void Answered(ClientConnection client, Node answer)
    {
        if (answer["id"] is not { } id || !_byIq.Remove(id) || client.Session is not LinkingSession { Promised: { } device } session) return;
        // An error instead of a signature: the client did not believe the phone, and leaves.
        if (answer.Child("pair-device-sign")?.Child("device-identity") is not { } signed) return;
        network.PhoneOf(device.Account).Signed(device, signed.Content.Bytes.Span, out var identity);
        var linked = new Device(device.Account, device.Id) { NoiseKey = device.NoiseKey, KeyIndex = device.KeyIndex, Keys = device.Keys, Identity = identity };
        device.Account.Devices[device.Id] = linked;
        End(session);
        network.Relay.AnnounceDevices(device.Account);
        client.Send(Stanzas.StreamError(515));
        client.Close();
    }

    /// <summary>The first stage of linking by code.</summary>
    public Node Hello(ClientConnection client, Node query, Node request)
    {
        var number = request.RequireJid("jid").User;
        if (client.Session is not LinkingSession session) return Stanzas.Error(query, 400, "bad-request");
        if (network.Accounts.Find(number) is null) return Stanzas.Error(query, 404, "item-not-found");
        var display = request.Child("companion_platform_display")?.Content.Text ?? "";
        if (!IsWellKnown(display)) return Stanzas.Error(query, 400, "bad-request");
        session.Code = new LinkCodeRequest(number, RandomBytes(RefBytes), request.RequireChild("link_code_pairing_wrapped_companion_ephemeral_pub").Content.Bytes.ToArray(),
            request.RequireChild("companion_server_auth_key_pub").Content.Bytes.ToArray(), display, network.Clock.GetUtcNow() + ServerLimits.LinkCode);
        _byNumber[number] = client;
        return Stanzas.Result(query, new Node("link_code_companion_reg", new Node("link_code_pairing_ref", session.Code.Ref)));
    }

    /// <summary>The phone's part of linking by code, after somebody has typed it in.</summary>
    public bool PhoneHello(LinkCodeRequest code, byte[] wrappedEphemeral, byte[] identity)
    {
        if (code.Hellos >= ServerLimits.HellosACode || !_byNumber.TryGetValue(code.Number, out var client)) return false;
        code.Hellos++;
        client.Send(new Node("notification", [("from", Jid.Service), ("id", network.NewId()), ("type", "link_code_companion_reg"), ("t", network.Now)],
            new Node("link_code_companion_reg", [("stage", "primary_hello")],
            [
                new Node("link_code_pairing_ref", code.Ref),
                new Node("link_code_pairing_wrapped_primary_ephemeral_pub", wrappedEphemeral),
                new Node("primary_identity_pub", identity),
            ])));
        return true;
    }

    /// <summary>The companion's last part: its keys for the phone alone.</summary>
    public Node? Finish(ClientConnection client, Node query, Node request)
    {
        if (client.Session is not LinkingSession { Code: { } code } session || !request.RequireChild("link_code_pairing_ref").Content.Bytes.Span.SequenceEqual(code.Ref))
            return Stanzas.Error(query, 400, "bad-request");
        // The answer goes before what the phone makes of it.
        client.Send(Stanzas.Result(query));
        if (network.Accounts.Find(code.Number) is { } account)
            network.PhoneOf(account).Finish(session, request.RequireChild("link_code_pairing_wrapped_key_bundle").Content.Bytes.Span, request.RequireChild("companion_identity_public").Content.Bytes.Span);
        return null;
    }

    /// <summary>Forgets a client that has gone or was linked.</summary>
    public void End(LinkingSession session)
    {
        foreach (var reference in session.Refs) _byRef.Remove(reference);
        if (session.Code is { } code && _byNumber.GetValueOrDefault(code.Number)?.Session == session) _byNumber.Remove(code.Number);
    }

    private ClientConnection? ClientOf(LinkingSession session) => session.Refs.Select(_byRef.GetValueOrDefault).FirstOrDefault(found => found is not null);

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        network.Random.GetBytes(bytes);
        return bytes;
    }

    private static uint UInt24(ReadOnlySpan<byte> bytes) => (uint)((bytes[0] << 16) | (bytes[1] << 8) | bytes[2]);

    // "Browser (OS)", both of names that the real server knows.
    private static bool IsWellKnown(string display) =>
        display.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at && display.EndsWith(')')
        && display[..at] is "Chrome" or "Edge" or "Firefox" or "IE" or "Opera" or "Safari" or "Electron";
}
