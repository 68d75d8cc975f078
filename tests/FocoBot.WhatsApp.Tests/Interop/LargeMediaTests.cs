using System.Security.Cryptography;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Alone, because what the whole process allocates is counted.</summary>
[CollectionDefinition(nameof(LargeMediaTests), DisableParallelization = true)]
[Collection(nameof(LargeMediaTests))]
public class LargeMediaTests
{
    private const int Length = 64 << 20;

    [Fact]
    public async Task A_document_of_64_MB_goes_up_and_down_in_a_small_part_of_that_memory()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var document = MediaFiles.Description(MediaType.Document);
        // What is loaded once is not counted.
        await DownloadAsync(await client.Client.UploadAsync(new Pattern(1 << 20), MediaType.Document, Token));

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var uploaded = await client.Client.UploadAsync(new Pattern(Length), MediaType.Document, Token);
        var hash = await DownloadAsync(uploaded);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(Length, uploaded.FileLength);
        Assert.Equal(uploaded.FileSha256.ToArray(), hash);
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated:N0} bytes allocated");
        // Both ends of both ways, all of it together: at no time can more be in managed memory than this.
        Assert.InRange(allocated, 0, Length / 4);

        async Task<byte[]> DownloadAsync(UploadedMedia media)
        {
            using var sha256 = SHA256.Create();
            await using (var sink = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write))
                await client.Client.DownloadAsync(media.ToMessage(document), sink, Token);
            return sha256.Hash!;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A file made up as it is read.</summary>
    private sealed class Pattern(long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _position);
            for (var i = 0; i < count; i++)
                buffer[i] = (byte)((_position + i) * 31 >> 7);
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
