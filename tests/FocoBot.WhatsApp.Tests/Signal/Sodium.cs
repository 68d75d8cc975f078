using System.Runtime.InteropServices;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>libsodium (Debian package libsodium23), as a second opinion on Curve25519. For tests only.</summary>
internal static class Sodium
{
    private const string Library = "libsodium.so.23";

    private static readonly bool Present = NativeLibrary.TryLoad(Library, out _);

    public static byte[] Agree(byte[] privateKey, byte[] publicKey)
    {
        AssertPresent();
        var shared = new byte[32];
        _ = crypto_scalarmult_curve25519(shared, privateKey, publicKey);
        return shared;
    }

    public static byte[] PublicKey(byte[] privateKey)
    {
        AssertPresent();
        var publicKey = new byte[32];
        Assert.Equal(0, crypto_scalarmult_curve25519_base(publicKey, privateKey));
        return publicKey;
    }

    public static (byte[] PublicKey, byte[] Signature) Sign(byte[] seed, byte[] message)
    {
        AssertPresent();
        var (publicKey, secretKey, signature) = (new byte[32], new byte[64], new byte[64]);
        Assert.Equal(0, crypto_sign_ed25519_seed_keypair(publicKey, secretKey, seed));
        Assert.Equal(0, crypto_sign_ed25519_detached(signature, 0, message, (ulong)message.Length, secretKey));
        return (publicKey, signature);
    }

    public static bool Verify(byte[] publicKey, byte[] message, byte[] signature)
    {
        AssertPresent();
        return crypto_sign_ed25519_verify_detached(signature, message, (ulong)message.Length, publicKey) == 0;
    }

    private static void AssertPresent() => Assert.True(Present, $"{Library} is missing: apt-get install -y libsodium23");

    [DllImport(Library)]
    private static extern int crypto_scalarmult_curve25519(byte[] q, byte[] n, byte[] p);

    [DllImport(Library)]
    private static extern int crypto_scalarmult_curve25519_base(byte[] q, byte[] n);

    [DllImport(Library)]
    private static extern int crypto_sign_ed25519_seed_keypair(byte[] pk, byte[] sk, byte[] seed);

    [DllImport(Library)]
    private static extern int crypto_sign_ed25519_detached(byte[] sig, nint length, byte[] m, ulong messageLength, byte[] sk);

    [DllImport(Library)]
    private static extern int crypto_sign_ed25519_verify_detached(byte[] sig, byte[] m, ulong messageLength, byte[] pk);
}
