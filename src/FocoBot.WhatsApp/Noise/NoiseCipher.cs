using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// One direction of a connection: every frame is <c>AES-256-GCM(key, nonce of its number, bytes) | tag (16 bytes)</c>, without
/// additional data. Frames are numbered from 0 in 32 bits.
/// </summary>
internal sealed class NoiseCipher(ReadOnlySpan<byte> key, uint first = 0) : IDisposable
{
    /// <summary>The bytes by which a frame is longer than what is in it.</summary>
    public const int TagLength = NoiseHandshake.TagLength;

    private readonly AesGcm _aes = new(key, TagLength);
    private ulong _next = first;

    /// <summary>Encrypts the next frame.</summary>
    /// <param name="plaintext">The bytes.</param>
    /// <param name="frame">As many bytes and <see cref="TagLength"/> more; not the same memory.</param>
    /// <exception cref="ProtocolException">The numbers are used up: the same one must not come twice.</exception>
    public void Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> frame)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceByteSizes.MaxSize];
        NoiseHandshake.WriteNonce(nonce, Number());
        _aes.Encrypt(nonce, plaintext, frame[..^TagLength], frame[^TagLength..]);
        _next++;
    }

    /// <summary>Decrypts the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="plaintext">At least as many bytes as the frame has without its tag; not the same memory.</param>
    /// <returns>How many bytes it were.</returns>
    /// <exception cref="ProtocolException">The peer did not send this as its next frame, or the numbers are used up. The connection is of no more use.</exception>
    public int Decrypt(ReadOnlySpan<byte> frame, Span<byte> plaintext)
    {
        var length = frame.Length - TagLength;
        if (length < 0)
            throw new ProtocolException("A frame is too short to be encrypted.");

        Span<byte> nonce = stackalloc byte[AesGcm.NonceByteSizes.MaxSize];
        NoiseHandshake.WriteNonce(nonce, Number());
        try
        {
            _aes.Decrypt(nonce, frame[..length], frame[length..], plaintext[..length]);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new ProtocolException("A frame does not decrypt.", mismatch);
        }

        _next++;
        return length;
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _aes.Dispose();

    private uint Number() => _next <= uint.MaxValue ? (uint)_next : throw new ProtocolException("The connection has used up its frame numbers.");
}
