using System.Security.Cryptography;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.Sandbox.Server;

/// <summary>The server's static key, vouched for by a root of its own that clients must be told.</summary>
internal sealed class ServerKeys
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);

    public ServerKeys(RandomNumberGenerator random, DateTimeOffset now)
    {
        var root = KeyPair.Generate(random);
        var intermediate = KeyPair.Generate(random);
        Static = KeyPair.Generate(random);
        RootPublic = root.Public;
        Span<byte> signing = stackalloc byte[128];
        random.GetBytes(signing);
        Certificates = CertificateChain.Create(NoiseCurve.Instance, root.Private.Span, intermediate.Private.Span, Static.Public.Span, now - Validity, now + Validity, signing);
    }

    public KeyPair Static { get; }

    public ReadOnlyMemory<byte> RootPublic { get; }

    public byte[] Certificates { get; }
}
