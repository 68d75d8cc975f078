using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Server;

/// <summary>What the server knows of a connection: a client that waits to be linked, or a device.</summary>
internal abstract record Session;

/// <summary>A client that is to become somebody's companion.</summary>
internal sealed record LinkingSession(byte[] NoiseKey, DevicePairingRegistrationData Registration) : Session
{
    /// <summary>What its QR codes name, all at once good.</summary>
    public HashSet<string> Refs { get; } = [];

    /// <summary>The link code it has asked for.</summary>
    public LinkCodeRequest? Code { get; set; }

    /// <summary>The passkey that it has been asked for; null when it has not.</summary>
    public PasskeyRequest? Passkey { get; set; }

    /// <summary>The device it becomes once it has signed; null before somebody has scanned.</summary>
    public Device? Promised { get; set; }
}

/// <summary>A linked device that is logged in.</summary>
internal sealed record DeviceSession(Device Device) : Session;
