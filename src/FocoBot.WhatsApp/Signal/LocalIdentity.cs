using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Signal;

/// <summary>Who we are to all others: the identity key of this device, and the number drawn when it was registered.</summary>
internal sealed class LocalIdentity(KeyPair keyPair, uint registrationId)
{
    public KeyPair KeyPair { get; } = keyPair;

    public uint RegistrationId { get; } = registrationId;
}
