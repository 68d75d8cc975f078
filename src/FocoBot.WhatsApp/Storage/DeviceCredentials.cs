using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// What makes this client the device that it is: its keys, and who it is linked to. Immutable; holds secrets and shows none of them
/// as text.
/// </summary>
public sealed partial record DeviceCredentials
{
    private const uint FirstKeyId = 1;

    // What registration ids of the Signal protocol are below.
    private const uint RegistrationIds = 16380;

    internal DeviceCredentials(KeyPair noise, KeyPair identity, uint registrationId, SignedPreKey signedPreKey, byte[] advSecret)
    {
        Noise = noise;
        Identity = identity;
        RegistrationId = registrationId;
        SignedPreKey = signedPreKey;
        AdvSecret = advSecret;
    }

    /// <summary>The device's own address by phone number, with its device number; null until it is linked.</summary>
    public Jid? PhoneJid { get; internal init; }

    /// <summary>The device's own address by hidden identity; null when it is not known.</summary>
    public Jid? Lid { get; internal init; }

    /// <summary>What the phone runs on, in the server's words (<c>android</c>, <c>iphone</c>, <c>smba</c>…).</summary>
    public string? Platform { get; internal init; }

    /// <summary>The name of the business, if the account is one.</summary>
    public string? BusinessName { get; internal init; }

    /// <summary>The name that others see.</summary>
    public string? PushName { get; internal init; }

    /// <summary>Whether the device is linked to an account.</summary>
    public bool IsLinked => PhoneJid is not null;

    /// <summary>How often this device has logged in.</summary>
    public int LoginCounter { get; internal init; }

    internal KeyPair Noise { get; init; }

    internal KeyPair Identity { get; init; }

    internal uint RegistrationId { get; init; }

    internal SignedPreKey SignedPreKey { get; init; }

    /// <summary>The secret that only the phone gets, by QR code or linking code.</summary>
    internal byte[] AdvSecret { get; init; }

    /// <summary>The id that the next one-time prekey gets: 24 bits, never 0.</summary>
    internal uint NextPreKeyId { get; init; } = FirstKeyId;

    /// <summary>What the phone vouched and we signed: an <c>AdvSignedDeviceIdentity</c>, as it goes into first messages.</summary>
    internal byte[]? Account { get; init; }

    /// <summary>By which the server finds the edge of the connection before.</summary>
    internal byte[] RoutingInfo { get; init; } = [];

    /// <summary>Makes the keys of a new device.</summary>
    internal static DeviceCredentials Create(RandomNumberGenerator random, DateTimeOffset now)
    {
        var identity = KeyPair.Generate(random);
        return new(
            KeyPair.Generate(random), identity, random.UInt32() % RegistrationIds + 1, SignedPreKey.Create(FirstKeyId, identity, random, now), random.Take(32));
    }

    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(DeviceCredentials);
}

/// <summary>A signed prekey: what others start sessions with when no one-time prekey is left.</summary>
/// <param name="Id">Its id: 24 bits.</param>
/// <param name="Pair">The keys.</param>
/// <param name="Signature">The identity's signature over <c>05 | public key</c>, 64 bytes.</param>
/// <param name="Made">When it was made.</param>
internal sealed record SignedPreKey(uint Id, KeyPair Pair, byte[] Signature, DateTimeOffset Made)
{
    public static SignedPreKey Create(uint id, KeyPair identity, RandomNumberGenerator random, DateTimeOffset now)
    {
        var pair = KeyPair.Generate(random);
        var signature = new byte[XEdDsa.SignatureSize];
        XEdDsa.Sign(identity.Private.Span, [5, .. pair.Public.Span], random.Take(XEdDsa.RandomSize), signature);
        return new(id, pair, signature, now);
    }
}
