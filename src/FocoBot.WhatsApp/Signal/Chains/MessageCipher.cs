using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal.Chains;

/// <summary>AES-256-CBC with PKCS #7, as all messages have it. What is decrypted was authenticated before.</summary>
internal static class MessageCipher
{
    public const int KeySize = 32;
    public const int IvSize = 16;

    public static byte[] Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> plaintext)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        return aes.EncryptCbc(plaintext, iv);
    }

    /// <exception cref="SignalException">It isn't made of whole blocks, or the padding of the last is wrong.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        try
        {
            return aes.DecryptCbc(ciphertext, iv);
        }
        catch (CryptographicException)
        {
            throw SignalException.Malformed("A ciphertext isn't padded to whole blocks.");
        }
    }
}
