using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using FocoBot.Http;
using FocoBot.Security;

namespace FocoBot.Devices.Files;

/// <summary>
/// A file that lies sealed, read and written a chunk at a time:
/// <code>
/// file  = chunk+
/// chunk = length of the envelope (4, big-endian) | envelope of up to 64 KiB
/// </code>
/// Each envelope (AES-256-GCM under the device's key) is bound to the file's id, the chunk's number and whether it is the last: none can be left out, moved or put into another file.
/// </summary>
internal static class SealedFile
{
    private const int Chunk = 64 * 1024;
    private const int MaxEnvelope = Chunk + 128;

    /// <summary>Writes all of a stream; what it was.</summary>
    /// <returns>Null when it is longer than it may be; what was written is then to be thrown away.</returns>
    public static async Task<(long Size, byte[] Sha256, byte[] Head)?> WriteAsync(FileStream target, DataKey key, Guid id, Stream source, long most, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Chunk];
        var length = new byte[sizeof(int)];
        byte[] head = [];
        long size = 0;
        int read;
        do
        {
            read = await source.ReadAtLeastAsync(buffer, Chunk, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (size + read > most) return null;
            if (size == 0) head = buffer[..Math.Min(read, MediaLimits.Head)];
            hash.AppendData(buffer, 0, read);
            var envelope = key.Seal(ColumnOf(size / Chunk, isLast: read < Chunk), id, buffer.AsSpan(0, read));
            BinaryPrimitives.WriteInt32BigEndian(length, envelope.Length);
            await target.WriteAsync(length, cancellation).ConfigureAwait(false);
            await target.WriteAsync(envelope, cancellation).ConfigureAwait(false);
            size += read;
        }
        while (read == Chunk);

        target.Flush(flushToDisk: true);
        return (size, hash.GetHashAndReset(), head);
    }

    /// <summary>Reads what was written. It throws <see cref="CryptographicException"/> where the file is not as it was.</summary>
    public static Stream Read(FileStream file, DataKey key, Guid id) => new Opened(file, key, id);

    private static string ColumnOf(long number, bool isLast) => string.Create(CultureInfo.InvariantCulture, $"media {number}{(isLast ? " last" : "")}");

    private sealed class Opened(FileStream file, DataKey key, Guid id) : ReadStream
    {
        private ReadOnlyMemory<byte> _left;
        private long _number;
        private bool _isOver;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left.IsEmpty && !_isOver) _left = await NextAsync(cancellationToken).ConfigureAwait(false);
            var read = Math.Min(buffer.Length, _left.Length);
            _left[..read].CopyTo(buffer);
            _left = _left[read..];
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }

        private async Task<byte[]> NextAsync(CancellationToken cancellation)
        {
            try
            {
                var length = new byte[sizeof(int)];
                await file.ReadExactlyAsync(length, cancellation).ConfigureAwait(false);
                var size = BinaryPrimitives.ReadInt32BigEndian(length);
                if (size is < 0 or > MaxEnvelope) throw new CryptographicException("Not a sealed file.");
                var envelope = new byte[size];
                await file.ReadExactlyAsync(envelope, cancellation).ConfigureAwait(false);
                _isOver = file.Position == file.Length;
                return key.OpenBytes(ColumnOf(_number++, _isOver), id, envelope);
            }
            catch (EndOfStreamException e)
            {
                throw new CryptographicException("A sealed file is cut short.", e);
            }
        }
    }
}
