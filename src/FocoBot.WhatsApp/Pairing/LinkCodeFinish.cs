using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>
/// The last step of pairing by code, after each side has unwrapped the other's ephemeral key.
/// <code>
/// bundle    = salt(32) | iv(12) | AES-256-GCM(key, iv)(companion identity(32) | phone identity(32) | random(32))
/// key       = HKDF(X25519(ephemerals), salt, "link_code_pairing_key_bundle_encryption_key", 32)
/// advSecret = HKDF(X25519(ephemerals) | X25519(identities) | random, "adv_secret", 32)
/// </code>
/// </summary>
internal static class LinkCodeFinish
{
    public const int BundleLength = 156;

    /// <summary>The companion's side: seals the key bundle and derives the ADV secret.</summary>
    /// <param name="ephemeral">The companion's ephemeral key pair.</param>
    /// <param name="identity">The companion's identity key pair.</param>
    /// <param name="phoneEphemeral">The phone's ephemeral public key.</param>
    /// <param name="phoneIdentity">The phone's identity public key.</param>
    /// <param name="random">76 random bytes: salt 32, IV 12, and 32 for the secret.</param>
    /// <exception cref="ProtocolException">A key of the phone is unusable.</exception>
    public static (byte[] Bundle, byte[] AdvSecret) Companion(
        KeyPair ephemeral, KeyPair identity, ReadOnlySpan<byte> phoneEphemeral, ReadOnlySpan<byte> phoneIdentity, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, 76);
        var shared = KeyAgreement.Agree(ephemeral.Private.Span, phoneEphemeral);
        var identityShared = KeyAgreement.Agree(identity.Private.Span, phoneIdentity);
        byte[] plaintext = [.. identity.Public.Span, .. phoneIdentity, .. random[44..]];
        var salt = random[..32];
        var iv = random[32..44];
        byte[] bundle = [.. salt, .. iv, .. GcmBox.Seal(BundleKey(shared, salt), iv, plaintext)];
        return (bundle, AdvSecret(shared, identityShared, random[44..]));
    }

    /// <summary>The phone's side: opens the key bundle, checks that it names both identities, and derives the ADV secret.</summary>
    /// <param name="ephemeral">The phone's ephemeral key pair.</param>
    /// <param name="identity">The phone's identity key pair.</param>
    /// <param name="companionEphemeral">The companion's ephemeral public key.</param>
    /// <param name="companionIdentity">The companion's identity public key, as it came beside the bundle.</param>
    /// <param name="bundle">The key bundle.</param>
    /// <exception cref="ProtocolException">The code was typed wrongly, or somebody stands between.</exception>
    public static byte[] Phone(
        KeyPair ephemeral, KeyPair identity, ReadOnlySpan<byte> companionEphemeral, ReadOnlySpan<byte> companionIdentity, ReadOnlySpan<byte> bundle)
    {
        if (bundle.Length != BundleLength)
            throw new ProtocolException("A key bundle has 156 bytes");
        var shared = KeyAgreement.Agree(ephemeral.Private.Span, companionEphemeral);
        var identityShared = KeyAgreement.Agree(identity.Private.Span, companionIdentity);
        var plaintext = GcmBox.Open(BundleKey(shared, bundle[..32]), bundle[32..44], bundle[44..]);
        if (!plaintext.AsSpan(0, 32).SequenceEqual(companionIdentity) || !plaintext.AsSpan(32, 32).SequenceEqual(identity.Public.Span))
            throw new ProtocolException("A key bundle names other identities");
        return AdvSecret(shared, identityShared, plaintext.AsSpan(64));
    }

    private static byte[] BundleKey(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> salt)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, key, salt, "link_code_pairing_key_bundle_encryption_key"u8);
        return key;
    }

    private static byte[] AdvSecret(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> identityShared, ReadOnlySpan<byte> random)
    {
        var secret = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. shared, .. identityShared, .. random], secret, salt: default, "adv_secret"u8);
        return secret;
    }
}
