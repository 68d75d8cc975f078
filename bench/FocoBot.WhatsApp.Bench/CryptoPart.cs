using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Bench;

/// <summary>Curve25519 against libsodium, which signs as Ed25519: the same work but for the sign bit.</summary>
internal static class CryptoPart
{
    private const string Target = "≥ 0.5";
    private static readonly byte[] Message = new byte[100];

    public static async Task RunAsync()
    {
        Contest.Head("Curve25519", "libsodium");
        var (ours, theirs) = (new Local(Ours()), new Local(Theirs()));
        foreach (var operation in new[] { "agree", "public key", "sign", "verify" })
            await Contest.RunAsync(operation, ours, theirs, Target);
    }

    private static Dictionary<string, Work> Ours()
    {
        using var random = RandomNumberGenerator.Create();
        var (pair, peer) = (KeyPair.Generate(random), KeyPair.Generate(random));
        var key = SigningKey.FromPrivate(pair.Private.Span);
        var (shared, signature, noise) = (new byte[32], new byte[64], RandomNumberGenerator.GetBytes(64));
        XEdDsa.Sign(key, Message, noise, signature);
        return new()
        {
            ["agree"] = Work.Of(() => X25519.Agree(pair.Private.Span, peer.Public.Span, shared)),
            ["public key"] = Work.Of(() => X25519.PublicKey(pair.Private.Span, shared)),
            ["sign"] = Work.Of(() => XEdDsa.Sign(key, Message, noise, new byte[64])),
            ["verify"] = Work.Of(() => Check(XEdDsa.Verify(pair.Public.Span, Message, signature))),
        };
    }

    private static Dictionary<string, Work> Theirs()
    {
        var (secret, peer, shared) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), new byte[32]);
        var (edwards, signing, signature) = (new byte[32], new byte[64], new byte[64]);
        Check(Sodium.crypto_sign_ed25519_seed_keypair(edwards, signing, secret) == 0);
        void Sign() => Check(Sodium.crypto_sign_ed25519_detached(signature, 0, Message, (ulong)Message.Length, signing) == 0);
        Sign();
        return new()
        {
            ["agree"] = Work.Of(() => Check(Sodium.crypto_scalarmult_curve25519(shared, secret, peer) == 0)),
            ["public key"] = Work.Of(() => Check(Sodium.crypto_scalarmult_curve25519_base(shared, secret) == 0)),
            ["sign"] = Work.Of(Sign),
            ["verify"] = Work.Of(() => Check(Sodium.crypto_sign_ed25519_verify_detached(signature, Message, (ulong)Message.Length, edwards) == 0)),
        };
    }

    private static void Check(bool right)
    {
        if (!right)
            throw new InvalidOperationException("A figure of wrong results would mean nothing.");
    }
}
