using System.Security.Cryptography;
using System.Threading.Channels;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Storage;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>How to link: by QR code, or by a code typed into the phone.</summary>
/// <param name="Phone">The account's number in digits, for a code; null for QR codes.</param>
/// <param name="Code">A code of the caller's own choice, normalized; null to have one made.</param>
internal sealed record LinkMethod(string? Phone = null, string? Code = null);

/// <summary>
/// Links a new device over one connection.
/// <code>
/// S pair-device (references)      → QR codes, one reference after the other; or a code request
/// S companion_reg_refresh?        → new secret, same reference
/// S pair-success                  → verified, stored, signed; the server then restarts the connection
/// </code>
/// </summary>
internal sealed partial class Linking(
    StanzaConnection connection, LinkMethod method, DeviceCredentials device, DeviceUnits units, RandomNumberGenerator random, TimeProvider clock, Func<ClientEvent, ValueTask> publish)
{
    private static readonly TimeSpan BeginTimeout = TimeSpan.FromSeconds(60);
    /// <summary>What every device linked by this library says it is.</summary>
    public static readonly CompanionPlatform Platform = CompanionPlatform.Chrome;

    // What there is to do, one thing after the other: with a stanza, or with what the caller said. It gives the credentials when the device is linked.
    private readonly Channel<Func<CancellationToken, Task>> _inbox = Channel.CreateBounded<Func<CancellationToken, Task>>(Limits.LinkingInbox);
    private Task<Func<CancellationToken, Task>>? _next;
    private DeviceCredentials? _linked;
    private bool _hasBegun;
    private byte[] _advSecret = device.AdvSecret;
    private DateTimeOffset _deadline;

    /// <summary>Takes what the server sends.</summary>
    /// <exception cref="ProtocolException">More than linking ever needs.</exception>
    public ValueTask ReceiveAsync(Node stanza) =>
        _inbox.Writer.TryWrite(token => HandleAsync(stanza, token)) ? default : throw new ProtocolException("The server sends too much while linking.");

    /// <summary>Links the device and stores its credentials.</summary>
    /// <returns>The credentials.</returns>
    /// <exception cref="LinkingException">It did not work out; the connection is of no more use.</exception>
    /// <exception cref="ConnectionEndedException">This side ended the connection.</exception>
    public async Task<DeviceCredentials> RunAsync(CancellationToken token)
    {
        try
        {
            _deadline = clock.GetUtcNow() + BeginTimeout;
            while (_linked is null)
                await (await NextAsync(token) ?? Expire)(token);
            return _linked;
        }
        catch (ProtocolException broken)
        {
            throw new LinkingException(LinkingFailure.ProtocolBroken, broken);
        }
        catch (Exception over) when (over is ConnectionEndedException { End.Cause: not EndCause.Stopped } or RequestTimeoutException)
        {
            throw new LinkingException(LinkingFailure.ConnectionEnded, over);
        }
    }

    // The server speaks first: <iq type="set" xmlns="md"><pair-device><ref/>…</pair-device></iq>
    private async Task BeginAsync(Node stanza, Node pairing, CancellationToken token)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        await connection.SendAsync(Stanzas.Result(stanza), token);
        if (method.Phone is { } phone)
            await RequestCodeAsync(phone, token);
        else
            await ShowReferencesAsync(pairing);
    }

    // The next thing to do, or null at the deadline.
    private async Task<Func<CancellationToken, Task>?> NextAsync(CancellationToken token)
    {
        _next ??= _inbox.Reader.ReadAsync(CancellationToken.None).AsTask();
        var left = _deadline - clock.GetUtcNow();
        if (!_next.IsCompleted && left > TimeSpan.Zero)
        {
            var first = Task.WhenAny(_next, connection.Ended).WaitAsync(left, clock, token);
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        token.ThrowIfCancellationRequested();
        if (_next.IsCompleted)
        {
            var work = await _next;
            _next = null;
            return work;
        }

        return connection.Ended.IsCompleted ? throw new ConnectionEndedException(await connection.Ended) : null;
    }

    private Task Expire(CancellationToken token) =>
        _passkeyStep is not PasskeyStep.None ? throw new LinkingException(LinkingFailure.PasskeyExpired)
        : !_hasBegun ? throw new LinkingException(LinkingFailure.ConnectionEnded)
        : method.Phone is null ? ShowNextReferenceAsync() : CodeExpiredAsync(token);

    private Task HandleAsync(Node stanza, CancellationToken token) => stanza.Tag switch
    {
        "iq" when stanza.Child("pair-device") is { } pairing => BeginAsync(stanza, pairing, token),
        "iq" when stanza.Child("pair-success") is { } success => AcceptAsync(stanza, success, token),
        "notification" => HandleNotificationAsync(stanza, token),
        _ => Task.CompletedTask,
    };

    private async Task HandleNotificationAsync(Node stanza, CancellationToken token)
    {
        // First of all: what follows takes time, and the server would send it again.
        if (Stanzas.Ack(stanza) is { } ack)
            await connection.SendAsync(ack, token);
        switch (stanza["type"])
        {
            case "companion_reg_refresh":
                await RotateSecretAsync();
                break;
            case "link_code_companion_reg" when stanza.Child("link_code_companion_reg") is { } registration:
                await HandleCodeAsync(registration, token);
                break;
            case "passkey_prologue_request":
                await AskForPasskeyAsync(stanza, token);
                break;
            case "crsc_continuation":
                await ContinuePasskeyAsync(stanza, token);
                break;
        }
    }

    // <pair-success> <device-identity/> <device jid lid/> <platform name/>? <biz name/>? </pair-success>
    private async Task AcceptAsync(Node stanza, Node success, CancellationToken token)
    {
        if (success.Child("device-identity") is not { } content || success.Child("device")?.GetJid("jid") is not { Server: JidServer.User, Device: > 0 } phone)
            throw await RefuseAsync(stanza, 500, "internal-error", LinkingFailure.ProtocolBroken);
        var check = DeviceIdentity.Accept(content.Content.Bytes.Span, _advSecret, device.Identity, random.Take(64), out var accepted);
        if (check is DeviceIdentityCheck.HmacMismatch)
            throw await RefuseAsync(stanza, 401, "hmac-mismatch", LinkingFailure.HmacMismatch);
        if (accepted is null)
            throw await RefuseAsync(stanza, 401, "signature-mismatch", LinkingFailure.SignatureMismatch);

        var accepting = device with
        {
            PhoneJid = phone,
            Lid = success.Child("device")?.GetJid("lid") is { Server: JidServer.Lid } lid ? lid : null,
            AdvSecret = _advSecret,
            Account = Google.Protobuf.MessageExtensions.ToByteArray(accepted.Account),
            Platform = success.Child("platform")?["name"],
            BusinessName = success.Child("biz")?["name"],
        };
        await SaveAsync(accepting, accepted.Account.AccountSignatureKey.ToByteArray(), token);

        // From here on the server takes this device for linked: nothing may stop us half-way.
        var identity = new Node("device-identity", [("key-index", $"{accepted.KeyIndex}")], accepted.Reply());
        try
        {
            await connection.SendAsync(Stanzas.Result(stanza, new Node("pair-device-sign", identity)), CancellationToken.None);
            await connection.SendAsync(Stanzas.UnifiedSession(stanza.GetTime("t") ?? clock.GetUtcNow()), CancellationToken.None);
        }
        catch (ConnectionEndedException over) when (over.End.Cause is EndCause.Restart)
        {
            // With the signature the server has all it wants, and may ask for a new connection before our last bytes are out.
        }

        _linked = accepting;
    }

    private async Task SaveAsync(DeviceCredentials made, byte[] phoneIdentity, CancellationToken token)
    {
        var phone = made.Lid is { } lid
            ? SignalAddress.Of(lid.User, SignalDomain.HiddenIdentity, 0)
            : SignalAddress.Of(made.PhoneJid!.Value.User, SignalDomain.PhoneNumber, 0);
        await units.RunAsync(
            async unit =>
            {
                unit.StoreCredentials(made);
                await unit.StoreSignedPreKeyAsync(made.SignedPreKey.Id, InMemorySignalStore.Pack(made.SignedPreKey.Pair), token);
                await unit.StoreIdentityAsync(phone, phoneIdentity, token);
            },
            token);
    }

    private async Task<LinkingException> RefuseAsync(Node stanza, int code, string text, LinkingFailure failure)
    {
        await connection.SendAsync(Stanzas.Error(stanza, code, text));
        return new(failure);
    }
}
