using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>A Curve25519 key pair. It says nothing of itself in text.</summary>
internal sealed class KeyPair
{
    private readonly byte[] _private = new byte[X25519.KeySize];
    private readonly byte[] _public = new byte[X25519.KeySize];

    private KeyPair()
    {
    }

    public ReadOnlyMemory<byte> Private => _private;

    public ReadOnlyMemory<byte> Public => _public;

    /// <summary>Makes a key pair of 32 random bytes from <paramref name="random"/>.</summary>
    public static KeyPair Generate(RandomNumberGenerator random)
    {
        Span<byte> seed = stackalloc byte[X25519.KeySize];
        random.GetBytes(seed);
        var pair = FromPrivate(seed);
        CryptographicOperations.ZeroMemory(seed);
        return pair;
    }

    /// <summary>Makes the key pair of a private key, which is clamped first.</summary>
    public static KeyPair FromPrivate(ReadOnlySpan<byte> privateKey)
    {
        var pair = new KeyPair();
        X25519.Clamp(privateKey, pair._private);
        X25519.PublicKey(pair._private, pair._public);
        return pair;
    }

    /// <summary>Takes both halves as they were stored, without computing the public one again.</summary>
    public static KeyPair FromStored(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        if (privateKey.Length != X25519.KeySize || publicKey.Length != X25519.KeySize)
            throw new ArgumentException("A key has 32 bytes.");
        var pair = new KeyPair();
        privateKey.CopyTo(pair._private);
        publicKey.CopyTo(pair._public);
        return pair;
    }
}
