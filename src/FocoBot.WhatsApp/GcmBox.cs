using System.Security.Cryptography;

namespace FocoBot.WhatsApp;

/// <summary>AES-256-GCM as the protocol lays it out wherever it stands alone: <c>ciphertext | tag(16)</c>, the 12-byte IV beside it.</summary>
internal static class GcmBox
{
    public const int IvLength = 12;
    public const int TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated = default)
    {
        var box = new byte[plaintext.Length + TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(iv, plaintext, box.AsSpan(0, plaintext.Length), box.AsSpan(plaintext.Length), associated);
        return box;
    }

    /// <exception cref="ProtocolException">The IV or the box has an impossible length, or the tag is wrong.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated = default)
    {
        if (iv.Length != IvLength || box.Length < TagLength)
            throw new ProtocolException("Not a sealed box");
        var plaintext = new byte[box.Length - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(iv, box[..^TagLength], box[^TagLength..], plaintext, associated);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ProtocolException("A sealed box does not open with its key", e);
        }

        return plaintext;
    }
}
