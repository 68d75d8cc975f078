using System.Security.Cryptography;
using System.Text;

namespace FocoBot.Security;

/// <summary>
/// AES-256-GCM around one value: version (1) ‖ key id (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16). The associated data
/// names the column and row, so that a sealed value copied elsewhere does not open.
/// </summary>
internal static class Envelope
{
    private const byte Version = 1;
    private const int KeyIdLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + KeyIdLength + NonceLength;

    public static byte[] Seal(byte[] key, Guid keyId, ReadOnlySpan<byte> plain, string column, Guid row)
    {
        var sealedBytes = new byte[HeaderLength + plain.Length + TagLength];
        sealedBytes[0] = Version;
        keyId.TryWriteBytes(sealedBytes.AsSpan(1), bigEndian: true, out _);
        var nonce = sealedBytes.AsSpan(1 + KeyIdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> associated = stackalloc byte[AssociatedLength(column)];
        WriteAssociated(associated, column, row);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(HeaderLength, plain.Length), sealedBytes.AsSpan(^TagLength..), associated);
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">Not ours, altered, of another row, or under another key.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> sealedBytes, string column, Guid row)
    {
        if (sealedBytes.Length < HeaderLength + TagLength || sealedBytes[0] != Version)
            throw new CryptographicException("Not a sealed value of a known version.");
        Span<byte> associated = stackalloc byte[AssociatedLength(column)];
        WriteAssociated(associated, column, row);
        var plain = new byte[sealedBytes.Length - HeaderLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(sealedBytes.Slice(1 + KeyIdLength, NonceLength), sealedBytes[HeaderLength..^TagLength], sealedBytes[^TagLength..], plain, associated);
        return plain;
    }

    public static Guid KeyId(ReadOnlySpan<byte> sealedBytes) => new(sealedBytes.Slice(1, KeyIdLength), bigEndian: true);

    private static int AssociatedLength(string column) => Encoding.UTF8.GetByteCount(column) + 16;

    private static void WriteAssociated(Span<byte> target, string column, Guid row)
    {
        var length = Encoding.UTF8.GetBytes(column, target);
        row.TryWriteBytes(target[length..], bigEndian: true, out _);
    }
}
