using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// The state that both sides of <c>Noise_XX_25519_AESGCM_SHA256</c> keep in step: a hash over everything sent so far and a key out of
/// everything agreed so far. Who sends what when is in <see cref="NoiseInitiator"/> and <see cref="NoiseResponder"/>.
/// (The Noise Protocol Framework, 5.2.)
/// </summary>
internal sealed class NoiseHandshake : IDisposable
{
    /// <summary>The bytes of a key, a shared secret, and the hash.</summary>
    public const int KeyLength = 32;

    /// <summary>The bytes by which what is encrypted grows.</summary>
    public const int TagLength = 16;

    private const int NonceLength = 12;

    private readonly byte[] _hash = new byte[KeyLength], _salt = new byte[KeyLength], _key = new byte[KeyLength];
    private uint _counter;

    /// <summary>Starts with what both sides know.</summary>
    /// <param name="prologue">The bytes that a client sends in front of the handshake.</param>
    public NoiseHandshake(ReadOnlySpan<byte> prologue)
    {
        // A name of 32 bytes is taken as it is.
        var name = "Noise_XX_25519_AESGCM_SHA256\0\0\0\0"u8;
        name.CopyTo(_hash);
        name.CopyTo(_salt);
        name.CopyTo(_key);
        Authenticate(prologue);
    }

    /// <summary>Takes what was sent into the hash.</summary>
    public void Authenticate(ReadOnlySpan<byte> data)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(_hash);
        sha.AppendData(data);
        sha.GetHashAndReset(_hash);
    }

    /// <summary>Takes what an own private key and a peer's public key agree on into the key, and starts its counter anew.</summary>
    /// <exception cref="ProtocolException">The peer's key is of the wrong length, or one that agrees on zero with everybody.</exception>
    public void Agree(INoiseCurve curve, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != KeyLength)
            throw new ProtocolException("A public key in the handshake has the wrong length.");

        Span<byte> secret = stackalloc byte[KeyLength];
        Span<byte> zero = stackalloc byte[KeyLength];
        zero.Clear();
        curve.Agree(privateKey, publicKey, secret);
        if (CryptographicOperations.FixedTimeEquals(secret, zero))
            throw new ProtocolException("A public key in the handshake is of low order.");
        Derive(secret, _salt, _key);
        _counter = 0;
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Encrypts what is sent next, and takes it into the hash.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _counter++);
        var sealedBytes = new byte[plaintext.Length + TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plaintext, sealedBytes.AsSpan(..^TagLength), sealedBytes.AsSpan(^TagLength..), _hash);
        Authenticate(sealedBytes);
        return sealedBytes;
    }

    /// <summary>Decrypts what has come, and takes it into the hash.</summary>
    /// <exception cref="ProtocolException">It was not encrypted by a peer in the same state.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < TagLength)
            throw new ProtocolException("Something encrypted in the handshake is too short.");

        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _counter++);
        var plaintext = new byte[sealedBytes.Length - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(nonce, sealedBytes[..^TagLength], sealedBytes[^TagLength..], plaintext, _hash);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new ProtocolException("The handshake does not decrypt.", mismatch);
        }

        Authenticate(sealedBytes);
        return plaintext;
    }

    /// <summary>Ends the handshake: the keys of the two directions.</summary>
    public void Split(Span<byte> clientToServer, Span<byte> serverToClient)
    {
        _salt.CopyTo(clientToServer);
        Derive([], clientToServer, serverToClient);
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_salt);
        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>The nonce of the n-th encryption with a key: <c>00 × 8 | n (4 bytes, big-endian)</c>.</summary>
    internal static void WriteNonce(Span<byte> nonce, uint number)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[^sizeof(uint)..], number);
    }

    // 64 bytes of HKDF: the first half replaces the salt, the second is the key. Extract is done by hand, for OpenSSL's HKDF
    // refuses the empty secret at the end.
    private static void Derive(ReadOnlySpan<byte> secret, Span<byte> salt, Span<byte> key)
    {
        Span<byte> both = stackalloc byte[2 * KeyLength];
        Span<byte> pseudoRandomKey = stackalloc byte[KeyLength];
        HMACSHA256.HashData(salt, secret, pseudoRandomKey);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandomKey, both, []);
        both[..KeyLength].CopyTo(salt);
        both[KeyLength..].CopyTo(key);
        CryptographicOperations.ZeroMemory(both);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
    }
}
