using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>What the server hands out of a device to start a session with it. Public keys are 32 bytes, without the type.</summary>
internal sealed class PreKeyBundle
{
    public required uint RegistrationId { get; init; }

    public required byte[] IdentityKey { get; init; }

    public required uint SignedPreKeyId { get; init; }

    public required byte[] SignedPreKey { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>The one-time prekey, unless the device has run out of them.</summary>
    public (uint Id, byte[] Key)? PreKey { get; init; }

    /// <exception cref="SignalException">A key isn't one, or the signed prekey (with its type byte) isn't signed by the identity.</exception>
    public void Verify()
    {
        if (!X25519.IsCanonical(IdentityKey) || !X25519.IsCanonical(SignedPreKey) || (PreKey is { } preKey && !X25519.IsCanonical(preKey.Key)))
            throw new SignalException(SignalError.InvalidKey, "A public key has another form.");
        Span<byte> signed = stackalloc byte[WireFormat.KeySize];
        WireFormat.WriteKey(SignedPreKey, signed);
        if (!XEdDsa.Verify(IdentityKey, signed, Signature))
            throw new SignalException(SignalError.BadSignature, "The signature of a signed prekey is wrong.");
    }
}
