using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>
/// The passkey step of linking: both sides agree on a key over the server, and a code shown on both proves that nobody stands
/// between. The companion commits to its nonce first, so that it cannot choose it to make the codes match.
/// <code>
/// ident      = CompanionEphemeralIdentity          commitment = SHA256(ident | companion nonce)
/// prologue   = ProloguePayload { ident, commitment }
/// key        = HKDF(X25519(ephemerals), salt = "Companion Pairing {deviceType} with ref {ref}", "Pairing Information Encryption Key", 32)
/// code       = base32(phone nonce[0:5] XOR SHA256(companion nonce | phone ephemeral)[0:5])
/// </code>
/// </summary>
internal static class PasskeyPairing
{
    private const int NonceLength = 32;

    /// <summary>The key that proves that the same companion had begun to link before; good for five minutes.</summary>
    public static byte[] HandoffKey(ReadOnlySpan<byte> advSecret)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, advSecret, key, salt: default, "shortcake-passkey-handoff-v1"u8);
        return key;
    }

    public static byte[] HandoffProof(ReadOnlySpan<byte> handoffKey, ReadOnlySpan<byte> prologue) => HMACSHA256.HashData(handoffKey, prologue);

    /// <summary>The companion's side: the <c>prologue_payload</c>.</summary>
    public static byte[] Prologue(ReadOnlySpan<byte> ephemeral, DeviceProps.Types.PlatformType deviceType, string reference, ReadOnlySpan<byte> nonce)
    {
        var identity = new CompanionEphemeralIdentity
        {
            PublicKey = ByteString.CopyFrom(ephemeral),
            DeviceType = deviceType,
            Ref = reference,
        }.ToByteArray();
        return new ProloguePayload
        {
            CompanionEphemeralIdentity = ByteString.CopyFrom(identity),
            Commitment = new CompanionCommitment { Hash = ByteString.CopyFrom(Commitment(identity, nonce)) },
        }.ToByteArray();
    }

    /// <summary>The phone's side: checks the companion's nonce, once it is told, against its commitment.</summary>
    /// <exception cref="ProtocolException">It is not the nonce committed to, or the prologue is malformed.</exception>
    public static CompanionEphemeralIdentity OpenPrologue(ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> nonce)
    {
        var payload = ProtoReader.Parse<ProloguePayload>(prologue);
        var identity = payload.CompanionEphemeralIdentity.Span;
        var commitment = (payload.Commitment?.Hash ?? ByteString.Empty).Span;
        if (nonce.Length != NonceLength || !CryptographicOperations.FixedTimeEquals(commitment, Commitment(identity, nonce)))
            throw new ProtocolException("A companion's nonce is not the one it committed to");
        return ProtoReader.Parse<CompanionEphemeralIdentity>(identity);
    }

    /// <summary>Either side: the code that both show.</summary>
    /// <exception cref="ProtocolException">The phone's nonce or key has a wrong length.</exception>
    public static string Code(PrimaryEphemeralIdentity phone, ReadOnlySpan<byte> companionNonce)
    {
        var phoneNonce = phone.Nonce.Exactly(NonceLength, "A phone's nonce");
        var digest = SHA256.HashData([.. companionNonce, .. phone.PublicKey.Exactly(32, "A phone's key")]);
        Span<byte> code = stackalloc byte[LinkCode.RandomLength];
        for (var i = 0; i < code.Length; i++)
            code[i] = (byte)(phoneNonce[i] ^ digest[i]);
        return LinkCode.FromBytes(code);
    }

    /// <summary>Either side: the key of the pairing request.</summary>
    /// <exception cref="ProtocolException">The peer's key is unusable.</exception>
    public static byte[] RequestKey(KeyPair ephemeral, ReadOnlySpan<byte> peerEphemeral, DeviceProps.Types.PlatformType deviceType, string reference)
    {
        var salt = Encoding.ASCII.GetBytes($"Companion Pairing {(int)deviceType} with ref {reference}");
        var key = new byte[32];
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256, KeyAgreement.Agree(ephemeral.Private.Span, peerEphemeral), key, salt, "Pairing Information Encryption Key"u8);
        return key;
    }

    /// <summary>The companion's side: what the QR code would have told.</summary>
    public static byte[] SealRequest(ReadOnlySpan<byte> requestKey, PairingRequest request, ReadOnlySpan<byte> iv) => new EncryptedPairingRequest
    {
        EncryptedPayload = ByteString.CopyFrom(GcmBox.Seal(requestKey, iv, request.ToByteArray())),
        Iv = ByteString.CopyFrom(iv),
    }.ToByteArray();

    /// <summary>The phone's side.</summary>
    /// <exception cref="ProtocolException">The request does not open, or its keys have wrong lengths.</exception>
    public static PairingRequest OpenRequest(ReadOnlySpan<byte> requestKey, ReadOnlySpan<byte> content)
    {
        var box = ProtoReader.Parse<EncryptedPairingRequest>(content);
        var request = ProtoReader.Parse<PairingRequest>(GcmBox.Open(requestKey, box.Iv.Span, box.EncryptedPayload.Span));
        request.CompanionPublicKey.Exactly(32, "A companion's noise key");
        request.CompanionIdentityKey.Exactly(32, "A companion's identity key");
        request.AdvSecret.Exactly(32, "An ADV secret");
        return request;
    }

    private static byte[] Commitment(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> nonce) => SHA256.HashData([.. identity, .. nonce]);
}
