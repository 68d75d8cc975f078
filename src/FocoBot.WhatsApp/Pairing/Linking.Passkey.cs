using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Pairing;

// The passkey of the account, when the server asks for it after a code was scanned or typed in:
//   S passkey_prologue_request (what to ask the passkey)          → the caller
//   C ref; passkey_prologue (assertion, our ephemeral key and commitment, proof that we are the companion of the code)
//   S crsc_continuation (the phone's ephemeral key and nonce)
//   C companion_nonce                                             → a code to be compared, unless the proof was sent
//   C encrypted_pairing_request (our keys and a new secret)       S result, then pair-success
internal sealed partial class Linking
{
    private static readonly TimeSpan HandoffLasts = TimeSpan.FromMinutes(5), PasskeyLasts = TimeSpan.FromMinutes(10), PhoneTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _stepping = new();
    private PasskeyStep _passkeyStep;
    private byte[]? _handoffKey;
    private DateTimeOffset _handoffEnds;
    private KeyPair _passkeyEphemeral = device.Noise;
    private byte[] _passkeyNonce = [], _pairingKey = [];
    private string _passkeyReference = "";
    private bool _isProven;

    private enum PasskeyStep
    {
        None,
        Asked,
        Answered,
        Sent,
        CodeShown,
        Confirmed,
    }

    /// <summary>The caller's passkey has signed.</summary>
    /// <exception cref="InvalidOperationException">No passkey is asked for.</exception>
    public void AnswerPasskey(byte[] credentialId, byte[] assertion)
    {
        Advance(PasskeyStep.Asked, PasskeyStep.Answered);
        _inbox.Writer.TryWrite(token => SendPrologueAsync(credentialId, assertion, token));
    }

    /// <summary>The caller has compared the codes.</summary>
    /// <exception cref="InvalidOperationException">There is no code to be compared.</exception>
    public void ConfirmPasskey(bool isSame)
    {
        Advance(PasskeyStep.CodeShown, PasskeyStep.Confirmed);
        _inbox.Writer.TryWrite(token => isSame ? SendPairingRequestAsync(token) : throw new LinkingException(LinkingFailure.PasskeyNotConfirmed));
    }

    // <notification type="passkey_prologue_request"><passkey_request_options>JSON</></notification>, or without them, to be asked for.
    private async Task AskForPasskeyAsync(Node notification, CancellationToken token)
    {
        var options = notification.Child("passkey_request_options")
            ?? (await RequestAsync("get", new Node("passkey_request_options"), token)).RequireChild("passkey_request_options");
        if (options.Content.Bytes.Length > Limits.PasskeyOptions)
            throw new ProtocolException("The options of a passkey are too long.");
        var now = clock.GetUtcNow();
        if (_handoffKey is null)
        {
            _handoffKey = PasskeyPairing.HandoffKey(_advSecret);
            _handoffEnds = now + HandoffLasts;
        }

        // Whoever has seen the code knows the old one.
        _advSecret = random.Take(32);
        _deadline = now + PasskeyLasts;
        Set(PasskeyStep.Asked);
        await publish(new PasskeyRequested(options.Content.Text, _deadline));
    }

    private async Task SendPrologueAsync(byte[] credentialId, byte[] assertion, CancellationToken token)
    {
        _passkeyReference = (await RequestAsync("get", new Node("ref"), token)).RequireChild("ref").Content.Text;
        _passkeyEphemeral = KeyPair.Generate(random);
        _passkeyNonce = random.Take(32);
        var prologue = PasskeyPairing.Prologue(_passkeyEphemeral.Public.Span, Platform.Type, _passkeyReference, _passkeyNonce);
        var content = new List<Node> { new("credential_id", credentialId), new("webauthn_assertion", assertion), new("prologue_payload", prologue) };
        _isProven = clock.GetUtcNow() < _handoffEnds;
        if (_isProven)
            content.Add(new("pairing_handoff_proof", PasskeyPairing.HandoffProof(_handoffKey, prologue)));
        await RequestAsync("set", new Node("passkey_prologue", content.ToArray()), token);
        Set(PasskeyStep.Sent);
        _deadline = clock.GetUtcNow() + PhoneTimeout;
    }

    // <notification type="crsc_continuation"><primary_ephemeral_identity>PrimaryEphemeralIdentity</></notification>
    private async Task ContinuePasskeyAsync(Node notification, CancellationToken token)
    {
        if (_passkeyStep is not PasskeyStep.Sent)
            return;
        var phone = ProtoReader.Parse<PrimaryEphemeralIdentity>(notification.RequireChild("primary_ephemeral_identity").Content.Bytes.Span);
        var shown = PasskeyPairing.Code(phone, _passkeyNonce);
        _pairingKey = PasskeyPairing.RequestKey(_passkeyEphemeral, phone.PublicKey.Span, Platform.Type, _passkeyReference);
        await RequestAsync("set", new Node("companion_nonce", _passkeyNonce), token);
        if (_isProven)
        {
            await SendPairingRequestAsync(token);
            return;
        }

        _deadline = clock.GetUtcNow() + CodeLasts;
        Set(PasskeyStep.CodeShown);
        await publish(new PasskeyCodeShown(LinkCode.Display(shown), _deadline));
    }

    private async Task SendPairingRequestAsync(CancellationToken token)
    {
        Set(PasskeyStep.Confirmed);
        var request = new PairingRequest
        {
            CompanionPublicKey = ByteString.CopyFrom(device.Noise.Public.Span),
            CompanionIdentityKey = ByteString.CopyFrom(device.Identity.Public.Span),
            AdvSecret = ByteString.CopyFrom(_advSecret),
        };
        var sealedRequest = PasskeyPairing.SealRequest(_pairingKey, request, random.Take(GcmBox.IvLength));
        // Somebody may have to agree at the phone first.
        await RequestAsync("set", new Node("encrypted_pairing_request", sealedRequest), token, CodeLasts);
        _deadline = clock.GetUtcNow() + SuccessTimeout;
    }

    private async Task<Node> RequestAsync(string type, Node content, CancellationToken token, TimeSpan? timeout = null)
    {
        try
        {
            return await connection.RequestAsync("md", type, content, token, timeout: timeout);
        }
        catch (RequestRefusedException refused)
        {
            throw new LinkingException(LinkingFailure.PasskeyRefused, refused);
        }
        catch (RequestTimeoutException late)
        {
            throw new LinkingException(LinkingFailure.PasskeyExpired, late);
        }
    }

    private void Advance(PasskeyStep from, PasskeyStep to)
    {
        lock (_stepping)
            _passkeyStep = _passkeyStep == from ? to : throw new InvalidOperationException("Nothing of the kind is waited for.");
    }

    private void Set(PasskeyStep to)
    {
        lock (_stepping)
            _passkeyStep = to;
    }
}
