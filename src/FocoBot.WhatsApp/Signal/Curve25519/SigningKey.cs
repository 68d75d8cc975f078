using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Curve25519;

/// <summary>A private key to sign with, beside the Edwards form of its public key: computing that is half the work of a signature.</summary>
internal sealed class SigningKey
{
    private readonly byte[] _private = new byte[X25519.KeySize];
    private readonly byte[] _edwards = new byte[X25519.KeySize];

    private SigningKey()
    {
    }

    public ReadOnlySpan<byte> Private => _private;

    /// <summary>The public key as Ed25519 has it: y and the sign of x.</summary>
    public ReadOnlySpan<byte> Edwards => _edwards;

    /// <summary>Makes the signing key of a private key, which is clamped first.</summary>
    public static SigningKey FromPrivate(ReadOnlySpan<byte> privateKey)
    {
        var key = new SigningKey();
        X25519.Clamp(privateKey, key._private);
        EdwardsBase.Multiply(key._private).Write(key._edwards);
        return key;
    }

    /// <summary>Takes both as they were stored, without computing the public one again.</summary>
    public static SigningKey FromStored(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> edwards)
    {
        if (privateKey.Length != X25519.KeySize || edwards.Length != X25519.KeySize)
            throw new ArgumentException("A key has 32 bytes.");
        var key = new SigningKey();
        privateKey.CopyTo(key._private);
        edwards.CopyTo(key._edwards);
        return key;
    }

    /// <summary>Clears the private key from memory.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(_private);
}
