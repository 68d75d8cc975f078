using System.Buffers.Text;
using System.Security.Cryptography;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.Sandbox.Phones;

// The passkey step of linking, as the phone's owner and the phone do it.
public sealed partial class VirtualPhone
{
    private LinkingSession? _deciding;
    private bool? _decision;

    /// <summary>The account's passkey; null when companions need none.</summary>
    public VirtualPasskey? Passkey { get; }

    /// <summary>The code to be compared with the companion's, as <c>XXXX-XXXX</c>; null when there is none.</summary>
    public string? PasskeyCode { get; private set; }

    /// <summary>Lets the passkey sign what a companion shows.</summary>
    /// <param name="options">WebAuthn's options as JSON.</param>
    /// <exception cref="SandboxException">The account has no passkey.</exception>
    public PasskeyAnswer UsePasskey(string options) => Passkey is { } passkey
        ? new PasskeyAnswer(Base64Url.EncodeToString(passkey.CredentialId), passkey.Assert(options))
        : throw new SandboxException("NOT_FOUND", "This account has no passkey.");

    /// <summary>The owner agrees to the companion that has used the passkey, or does not; also ahead of its answer.</summary>
    /// <param name="isAllowed">Whether it may be linked.</param>
    public void ConfirmPasskey(bool isAllowed)
    {
        lock (_network.Gate)
        {
            _decision = isAllowed;
            if (_deciding is { } session) Conclude(session);
        }
    }

    /// <summary>Goes on after the companion's first word.</summary>
    /// <returns>The phone's key and nonce; null when the companion's proof is wrong.</returns>
    internal byte[]? Continue(PasskeyRequest request, ReadOnlyMemory<byte> prologue, ReadOnlyMemory<byte>? proof)
    {
        if (proof is { } given && !CryptographicOperations.FixedTimeEquals(PasskeyPairing.HandoffProof(PasskeyPairing.HandoffKey(request.ScannedSecret), prologue.Span), given.Span)) return null;
        var ephemeral = _keys.NewPair();
        var identity = new PrimaryEphemeralIdentity { PublicKey = ByteString.CopyFrom(ephemeral.Public.Span), Nonce = ByteString.CopyFrom(_keys.RandomBytes(32)) };
        (request.Prologue, request.IsProven, request.Phone) = (prologue.ToArray(), proof is not null, (ephemeral, identity));
        return identity.ToByteArray();
    }

    /// <summary>Takes what the companion had committed to, and shows the code unless the companion is proven.</summary>
    internal bool Learn(PasskeyRequest request, ReadOnlySpan<byte> nonce)
    {
        if (request.Phone is not var (_, identity)) return false;
        var companion = PasskeyPairing.OpenPrologue(request.Prologue, nonce);
        if (companion.Ref != request.Ref) return false;
        request.Companion = companion;
        if (!request.IsProven) PasskeyCode = LinkCode.Display(PasskeyPairing.Code(identity, nonce));
        return true;
    }

    /// <summary>Vouches for the companion if its last word is right and the owner agrees; waits for the owner otherwise.</summary>
    internal void Conclude(LinkingSession session)
    {
        _deciding = session;
        if (_decision is not { } isAllowed || session.Passkey is not { Phone: var (ephemeral, _), Companion: { } companion, Pending: { } last }) return;
        _deciding = null;
        var key = PasskeyPairing.RequestKey(ephemeral, companion.PublicKey.Span, companion.DeviceType, companion.Ref);
        var request = PasskeyPairing.OpenRequest(key, last.RequireChild("encrypted_pairing_request").Content.Bytes.Span);
        isAllowed &= request.CompanionPublicKey.Span.SequenceEqual(session.NoiseKey) && request.CompanionIdentityKey == session.Registration.Identity;
        _network.Linking.AnswerPasskey(session, isAllowed);
        if (isAllowed) Vouch(session, request.AdvSecret.Span);
    }
}

/// <summary>What a passkey has signed.</summary>
/// <param name="CredentialId">Which passkey it is, in base64url.</param>
/// <param name="Assertion">WebAuthn's <c>PublicKeyCredential</c> as JSON.</param>
public sealed record PasskeyAnswer(string CredentialId, string Assertion);
