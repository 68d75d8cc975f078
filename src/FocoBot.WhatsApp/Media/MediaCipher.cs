using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// Encrypts and decrypts files from stream to stream, holding one chunk at a time.
/// <code>
/// enc  = AES-256-CBC(cipherKey, iv, PKCS7(plain))
/// file = enc | HMAC-SHA256(macKey, iv | enc)[0:10]
/// </code>
/// </summary>
internal static class MediaCipher
{
    private const int MacLength = 10;
    private const int BlockLength = 16;
    private const int ChunkLength = 64 * 1024;

    /// <summary>The least an encrypted file can have: one block of padding and the MAC.</summary>
    public const int MinimumLength = BlockLength + MacLength;

    /// <summary>Bytes of the encrypted file for a plain file of <paramref name="fileLength"/> bytes.</summary>
    public static long EncryptedLength(long fileLength) => (fileLength / BlockLength + 1) * BlockLength + MacLength;

    /// <summary>Reads <paramref name="plain"/> to its end and writes the encrypted file to <paramref name="sink"/>.</summary>
    /// <exception cref="ArgumentException">It is too large.</exception>
    public static async Task<MediaFile> EncryptAsync(Stream plain, Stream sink, MediaKeys keys, CancellationToken cancel = default)
    {
        using var cbc = new CbcChain(keys);
        using var plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var fileHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var mac = StartMac(keys);
        var input = new byte[ChunkLength];
        var output = new byte[ChunkLength + BlockLength];
        long length = 0;
        int read;
        do
        {
            read = await plain.ReadAtLeastAsync(input, ChunkLength, throwOnEndOfStream: false, cancel);
            length += read;
            if (length > Limits.MediaFileBytes)
                throw new ArgumentException("A file is larger than can be sent.", nameof(plain));
            plainHash.AppendData(input, 0, read);
            var written = cbc.Encrypt(input.AsSpan(0, read), output, last: read < ChunkLength);
            mac.AppendData(output, 0, written);
            fileHash.AppendData(output, 0, written);
            await sink.WriteAsync(output.AsMemory(0, written), cancel);
        }
        while (read == ChunkLength);

        var tag = mac.GetHashAndReset().AsMemory(0, MacLength);
        fileHash.AppendData(tag.Span);
        await sink.WriteAsync(tag, cancel);
        return new MediaFile(plainHash.GetHashAndReset(), fileHash.GetHashAndReset(), length);
    }

    /// <summary>
    /// Decrypts <paramref name="file"/> into <paramref name="sink"/>. Only when this returns is what the sink holds verified:
    /// after an exception the caller throws it away.
    /// </summary>
    /// <exception cref="ProtocolException">The length, either hash, the MAC or the padding is wrong.</exception>
    public static async Task DecryptAsync(Stream file, Stream sink, MediaKeys keys, MediaFile expected, CancellationToken cancel = default)
    {
        var limit = EncryptedLength(Math.Clamp(expected.FileLength ?? Limits.MediaFileBytes, 0, Limits.MediaFileBytes));
        using var cbc = new CbcChain(keys);
        using var plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var fileHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var mac = StartMac(keys);
        // The last bytes read may be the padded block and the MAC: they wait at the head of the buffer until more have come.
        var input = new byte[ChunkLength + MinimumLength];
        var output = new byte[ChunkLength + BlockLength];
        var held = 0;
        long length = 0;
        while (true)
        {
            var read = await file.ReadAtLeastAsync(input.AsMemory(held), input.Length - held, throwOnEndOfStream: false, cancel);
            fileHash.AppendData(input, held, read);
            held += read;
            length += read;
            if (length > limit)
                throw new ProtocolException("A file is longer than its message says");
            if (held < input.Length)
                break;
            mac.AppendData(input, 0, ChunkLength);
            cbc.Decrypt(input.AsSpan(0, ChunkLength), output);
            plainHash.AppendData(output, 0, ChunkLength);
            await sink.WriteAsync(output.AsMemory(0, ChunkLength), cancel);
            input.AsSpan(ChunkLength).CopyTo(input);
            held = MinimumLength;
        }

        var rest = held - MacLength;
        if (rest < BlockLength || rest % BlockLength != 0)
            throw new ProtocolException("A file is cut short");
        if (!CryptographicOperations.FixedTimeEquals(fileHash.GetHashAndReset(), expected.FileEncSha256))
            throw new ProtocolException("A file is not the one that its message names");
        mac.AppendData(input, 0, rest);
        if (!CryptographicOperations.FixedTimeEquals(mac.GetHashAndReset().AsSpan(0, MacLength), input.AsSpan(rest, MacLength)))
            throw new ProtocolException("A file has a wrong MAC");
        var tail = cbc.DecryptLast(input.AsSpan(0, rest), output);
        plainHash.AppendData(output, 0, tail);
        if (!CryptographicOperations.FixedTimeEquals(plainHash.GetHashAndReset(), expected.FileSha256))
            throw new ProtocolException("A decrypted file is not the one that its message names");
        await sink.WriteAsync(output.AsMemory(0, tail), cancel);
    }

    private static IncrementalHash StartMac(MediaKeys keys)
    {
        var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.MacKey);
        mac.AppendData(keys.Iv);
        return mac;
    }

    /// <summary>CBC over chunks: the last block of one is the IV of the next.</summary>
    private sealed class CbcChain : IDisposable
    {
        private readonly Aes _aes = Aes.Create();
        private readonly byte[] _iv;

        public CbcChain(MediaKeys keys)
        {
            _aes.Key = keys.CipherKey.ToArray();
            _iv = keys.Iv.ToArray();
        }

        public int Encrypt(ReadOnlySpan<byte> plain, Span<byte> output, bool last)
        {
            var written = _aes.EncryptCbc(plain, _iv, output, last ? PaddingMode.PKCS7 : PaddingMode.None);
            output[(written - BlockLength)..written].CopyTo(_iv);
            return written;
        }

        public void Decrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
        {
            _aes.DecryptCbc(blocks, _iv, output, PaddingMode.None);
            blocks[^BlockLength..].CopyTo(_iv);
        }

        public int DecryptLast(ReadOnlySpan<byte> blocks, Span<byte> output)
        {
            try
            {
                return _aes.DecryptCbc(blocks, _iv, output, PaddingMode.PKCS7);
            }
            catch (CryptographicException e)
            {
                throw new ProtocolException("A file is padded wrongly", e);
            }
        }

        public void Dispose() => _aes.Dispose();
    }
}
