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

    /// <summary>Checks that the device's identity signed the signed prekey (with its type byte).</summary>
    public bool IsSigned()
    {
        Span<byte> signed = stackalloc byte[WireFormat.KeySize];
        WireFormat.WriteKey(SignedPreKey, signed);
        return XEdDsa.Verify(IdentityKey, signed, Signature);
    }
}
