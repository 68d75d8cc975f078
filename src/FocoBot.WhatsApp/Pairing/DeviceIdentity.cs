using System.Security.Cryptography;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>Why a companion does not accept what the phone vouches; the companion tells the server so (both with code 401).</summary>
internal enum DeviceIdentityCheck
{
    Accepted,
    HmacMismatch,
    SignatureMismatch,
}

/// <summary>
/// The account's device verification (ADV): the phone signs for a companion, the companion signs back.
/// <code>
/// hmac              = HMAC-SHA256(advSecret, [06 05 when the account is hosted] | signed identity)
/// account signature = sign(phone,     06 00 | details | companion identity)          06 05 when the device is hosted
/// device signature  = sign(companion, 06 01 | details | companion identity | phone identity)
/// </code>
/// </summary>
internal static class DeviceIdentity
{
    private const byte AccountSignature = 0;
    private const byte DeviceSignature = 1;
    private const byte HostedAccountSignature = 5;
    private const byte HostedDeviceSignature = 6;

    /// <summary>The phone's side: signs for a companion.</summary>
    /// <param name="details">What it vouches for.</param>
    /// <param name="phone">The phone's identity.</param>
    /// <param name="companionIdentity">The companion's identity public key.</param>
    /// <param name="random">64 random bytes for the signature.</param>
    public static AdvSignedDeviceIdentity Sign(AdvDeviceIdentity details, KeyPair phone, ReadOnlySpan<byte> companionIdentity, ReadOnlySpan<byte> random)
    {
        var bytes = details.ToByteArray();
        var signature = new byte[XEdDsa.SignatureSize];
        XEdDsa.Sign(phone.Private.Span, Signed(AccountPrefix(details), bytes, companionIdentity), random, signature);
        return new AdvSignedDeviceIdentity
        {
            Details = ByteString.CopyFrom(bytes),
            AccountSignatureKey = ByteString.CopyFrom(phone.Public.Span),
            AccountSignature = ByteString.CopyFrom(signature),
        };
    }

    /// <summary>The phone's side: the content of <c>device-identity</c> in <c>pair-success</c>.</summary>
    public static byte[] Seal(AdvSignedDeviceIdentity identity, bool hostedAccount, ReadOnlySpan<byte> advSecret)
    {
        var details = identity.ToByteArray();
        var sealedIdentity = new AdvSignedDeviceIdentityHmac
        {
            Details = ByteString.CopyFrom(details),
            Hmac = ByteString.CopyFrom(Hmac(advSecret, details, hostedAccount)),
        };
        if (hostedAccount)
            sealedIdentity.AccountType = AdvEncryptionType.Hosted;
        return sealedIdentity.ToByteArray();
    }

    /// <summary>The companion's side: verifies what the phone vouches and signs back.</summary>
    /// <param name="content">Content of <c>device-identity</c> in <c>pair-success</c>.</param>
    /// <param name="advSecret">The secret that only the phone can have got, through QR code or linking code.</param>
    /// <param name="companion">The companion's identity.</param>
    /// <param name="random">64 random bytes for the signature.</param>
    /// <param name="accepted">What to keep; null unless accepted.</param>
    /// <exception cref="ProtocolException">The content is malformed.</exception>
    public static DeviceIdentityCheck Accept(
        ReadOnlySpan<byte> content, ReadOnlySpan<byte> advSecret, KeyPair companion, ReadOnlySpan<byte> random, out AcceptedIdentity? accepted)
    {
        accepted = null;
        var outer = ProtoReader.Parse<AdvSignedDeviceIdentityHmac>(content);
        var hmac = Hmac(advSecret, outer.Details.Span, outer.AccountType == AdvEncryptionType.Hosted);
        if (!CryptographicOperations.FixedTimeEquals(hmac, outer.Hmac.Span))
            return DeviceIdentityCheck.HmacMismatch;

        var identity = ProtoReader.Parse<AdvSignedDeviceIdentity>(outer.Details.Span);
        if (!VerifyAccountSignature(identity, companion.Public.Span, out var details))
            return DeviceIdentityCheck.SignatureMismatch;

        var signature = new byte[XEdDsa.SignatureSize];
        byte[] signed = [.. Signed(DeviceSignature, identity.Details.Span, companion.Public.Span), .. identity.AccountSignatureKey.Span];
        XEdDsa.Sign(companion.Private.Span, signed, random, signature);
        identity.DeviceSignature = ByteString.CopyFrom(signature);
        accepted = new AcceptedIdentity(identity, details.KeyIndex);
        return DeviceIdentityCheck.Accepted;
    }

    /// <summary>Anybody's side: verifies both signatures of a device, as its key bundle and first messages carry them.</summary>
    /// <param name="identity">The device's identity.</param>
    /// <param name="device">The device's identity public key.</param>
    /// <exception cref="ProtocolException">The identity's details are malformed.</exception>
    public static bool Verify(AdvSignedDeviceIdentity identity, ReadOnlySpan<byte> device)
    {
        if (!VerifyAccountSignature(identity, device, out var details))
            return false;
        // Hosted devices have been seen to sign with either prefix.
        return VerifyDeviceSignature(DeviceSignature, identity, device)
            || (details.DeviceType == AdvEncryptionType.Hosted && VerifyDeviceSignature(HostedDeviceSignature, identity, device));
    }

    private static bool VerifyAccountSignature(AdvSignedDeviceIdentity identity, ReadOnlySpan<byte> device, out AdvDeviceIdentity details)
    {
        details = ProtoReader.Parse<AdvDeviceIdentity>(identity.Details.Span);
        var signed = Signed(AccountPrefix(details), identity.Details.Span, device);
        return XEdDsa.Verify(identity.AccountSignatureKey.Span, signed, identity.AccountSignature.Span);
    }

    private static bool VerifyDeviceSignature(byte prefix, AdvSignedDeviceIdentity identity, ReadOnlySpan<byte> device)
    {
        byte[] signed = [.. Signed(prefix, identity.Details.Span, device), .. identity.AccountSignatureKey.Span];
        return XEdDsa.Verify(device, signed, identity.DeviceSignature.Span);
    }

    private static byte AccountPrefix(AdvDeviceIdentity details) =>
        details.DeviceType == AdvEncryptionType.Hosted ? HostedAccountSignature : AccountSignature;

    private static byte[] Signed(byte prefix, ReadOnlySpan<byte> details, ReadOnlySpan<byte> device) => [6, prefix, .. details, .. device];

    private static byte[] Hmac(ReadOnlySpan<byte> advSecret, ReadOnlySpan<byte> details, bool hosted) =>
        HMACSHA256.HashData(advSecret, hosted ? [6, HostedAccountSignature, .. details] : details);
}

/// <summary>What a companion keeps of its linking.</summary>
/// <param name="Account">The whole identity, as it goes into <c>device-identity</c> of first messages.</param>
/// <param name="KeyIndex">The <c>key-index</c> of the reply.</param>
internal sealed record AcceptedIdentity(AdvSignedDeviceIdentity Account, uint KeyIndex)
{
    /// <summary>The content of the reply's <c>device-identity</c>: all but the phone's key, which the server knows.</summary>
    public byte[] Reply()
    {
        var reply = Account.Clone();
        reply.ClearAccountSignatureKey();
        return reply.ToByteArray();
    }
}
