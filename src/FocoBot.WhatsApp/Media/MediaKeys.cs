using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Media;

/// <summary>What a file's 32-byte media key expands to.</summary>
internal sealed class MediaKeys
{
    // HKDF(mediaKey, info of the kind, 112) = iv(16) | cipher key(32) | mac key(32) | ref key(32)
    private readonly byte[] _bytes = new byte[112];

    private MediaKeys()
    {
    }

    public ReadOnlySpan<byte> Iv => _bytes.AsSpan(0, 16);

    public ReadOnlySpan<byte> CipherKey => _bytes.AsSpan(16, 32);

    public ReadOnlySpan<byte> MacKey => _bytes.AsSpan(48, 32);

    public ReadOnlySpan<byte> RefKey => _bytes.AsSpan(80, 32);

    /// <exception cref="ProtocolException">The media key, which a message brings along, does not have 32 bytes.</exception>
    public static MediaKeys Expand(ReadOnlySpan<byte> mediaKey, MediaKind kind)
    {
        if (mediaKey.Length != 32)
            throw new ProtocolException("A media key has 32 bytes");
        var keys = new MediaKeys();
        HKDF.DeriveKey(HashAlgorithmName.SHA256, mediaKey, keys._bytes, salt: default, kind.KeyInfo());
        return keys;
    }
}
