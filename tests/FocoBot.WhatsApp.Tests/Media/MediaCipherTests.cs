using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Media;

public class MediaCipherTests
{
    private static readonly JsonElement Vector = Vectors.Load("media.json");
    private static readonly byte[] MediaKey = Vector.Hex("media_key");
    private static readonly byte[] Plaintext = Vector.Hex("plaintext");

    public static TheoryData<string> Types => [.. Vector.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("type").GetString()!)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Files_come_out_as_those_of_Baileys(string type)
    {
        var vector = Case(type);
        var keys = MediaKeys.Expand(MediaKey, Kind(type));
        Assert.Equal(vector.Hex("iv"), keys.Iv.ToArray());
        Assert.Equal(vector.Hex("cipher_key"), keys.CipherKey.ToArray());
        Assert.Equal(vector.Hex("mac_key"), keys.MacKey.ToArray());
        Assert.Equal(vector.Hex("ref_key"), keys.RefKey.ToArray());

        var (file, encrypted) = await Encrypt(keys, Plaintext);
        Assert.Equal(vector.GetProperty("encrypted_file_length").GetInt32(), encrypted.Length);
        Assert.Equal(encrypted.Length, MediaCipher.EncryptedLength(Plaintext.Length));
        Assert.Equal(vector.Hex("mac"), encrypted[^10..]);
        Assert.Equal(vector.Hex("file_sha256"), file.FileSha256);
        Assert.Equal(vector.Hex("file_enc_sha256"), file.FileEncSha256);
        Assert.Equal(1000, file.FileLength);
        if (vector.TryGetProperty("encrypted_file", out var expected))
            Assert.Equal(expected.Hex(), encrypted);
        Assert.Equal(Plaintext, await Decrypt(keys, encrypted, file));
    }

    [Fact]
    public async Task A_file_that_Baileys_streamed_is_read()
    {
        var sample = Vector.GetProperty("baileys_stream_sample");
        var file = new MediaFile(sample.Hex("file_sha256"), sample.Hex("file_enc_sha256"), null);
        Assert.Equal(Plaintext, await Decrypt(MediaKeys.Expand(sample.Hex("media_key"), MediaKind.Image), sample.Hex("file"), file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(65552)]
    [InlineData(131071)]
    [InlineData(131072)]
    [InlineData(200_000)]
    public async Task Files_of_all_lengths_around_a_chunk_survive(int length)
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Document);
        var plain = Mutilations.Bytes(length);
        var (file, encrypted) = await Encrypt(keys, plain);
        Assert.Equal(Reference(keys, plain), encrypted);
        Assert.Equal(SHA256.HashData(plain), file.FileSha256);
        Assert.Equal(SHA256.HashData(encrypted), file.FileEncSha256);
        Assert.Equal(plain, await Decrypt(keys, encrypted, file));
        await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, [.. encrypted, 0], file));
        await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, encrypted[..^1], file));
    }

    [Fact]
    public void Any_file_survives() => Properties.ForAllAsync<byte[]>(async plain =>
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Audio);
        var (file, encrypted) = await Encrypt(keys, plain);
        return Enumerable.SequenceEqual(plain, await Decrypt(keys, encrypted, file));
    });

    [Fact]
    public async Task A_byte_changed_anywhere_is_noticed_by_the_hash_and_without_it_by_the_MAC()
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Image);
        var encrypted = Case("image").Hex("encrypted_file");
        var file = new MediaFile(Case("image").Hex("file_sha256"), Case("image").Hex("file_enc_sha256"), 1000);
        foreach (var bad in Mutilations.All(encrypted))
        {
            await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, bad, file));
            await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, bad, file with { FileEncSha256 = SHA256.HashData(bad) }));
        }
    }

    [Fact]
    public async Task A_hash_changed_anywhere_is_noticed()
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Image);
        var (file, encrypted) = await Encrypt(keys, Plaintext);
        foreach (var bad in Mutilations.All(file.FileSha256))
            await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, encrypted, file with { FileSha256 = bad }));
        foreach (var bad in Mutilations.All(file.FileEncSha256))
            await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, encrypted, file with { FileEncSha256 = bad }));
    }

    [Fact]
    public async Task A_padding_that_nobody_writes_is_refused_though_its_MAC_is_right()
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Image);
        using var aes = Aes.Create();
        aes.Key = keys.CipherKey.ToArray();
        var encrypted = WithMac(keys, aes.EncryptCbc(new byte[32], keys.Iv, PaddingMode.None));
        await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, encrypted, new MediaFile(SHA256.HashData(new byte[32]), SHA256.HashData(encrypted), null)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(900)]
    public async Task A_file_longer_than_its_message_says_is_refused(long stated)
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Image);
        var (file, encrypted) = await Encrypt(keys, Plaintext);
        await Assert.ThrowsAsync<ProtocolException>(() => Decrypt(keys, encrypted, file with { FileLength = stated }));
    }

    [Fact]
    public async Task A_large_file_takes_no_large_memory()
    {
        var keys = MediaKeys.Expand(MediaKey, MediaKind.Video);
        var plain = new byte[16 << 20];
        var encrypted = new MemoryStream(plain.Length + 64);
        await MediaCipher.EncryptAsync(new MemoryStream([]), Stream.Null, keys, TestContext.Current.CancellationToken); // what is loaded once is not counted
        var before = GC.GetAllocatedBytesForCurrentThread();
        // Memory streams finish at once, so that all of it happens on this thread.
        var encryption = MediaCipher.EncryptAsync(new MemoryStream(plain), encrypted, keys);
        Assert.True(encryption.IsCompletedSuccessfully);
        encrypted.Position = 0;
        var decryption = MediaCipher.DecryptAsync(encrypted, Stream.Null, keys, await encryption);
        Assert.True(decryption.IsCompletedSuccessfully);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void A_media_key_of_another_length_is_refused() => Assert.All(
        (int[])[0, 31, 33], length => Assert.Throws<ProtocolException>(() => MediaKeys.Expand(new byte[length], MediaKind.Image)));

    private static byte[] Reference(MediaKeys keys, byte[] plain)
    {
        using var aes = Aes.Create();
        aes.Key = keys.CipherKey.ToArray();
        return WithMac(keys, aes.EncryptCbc(plain, keys.Iv));
    }

    private static byte[] WithMac(MediaKeys keys, byte[] enc) => [.. enc, .. HMACSHA256.HashData(keys.MacKey, [.. keys.Iv, .. enc]).AsSpan(0, 10)];

    private static async Task<(MediaFile File, byte[] Encrypted)> Encrypt(MediaKeys keys, byte[] plain)
    {
        var sink = new MemoryStream();
        var file = await MediaCipher.EncryptAsync(new Trickle(plain), sink, keys);
        return (file, sink.ToArray());
    }

    private static async Task<byte[]> Decrypt(MediaKeys keys, byte[] encrypted, MediaFile file)
    {
        var sink = new MemoryStream();
        await MediaCipher.DecryptAsync(new Trickle(encrypted), sink, keys, file);
        return sink.ToArray();
    }

    private static JsonElement Case(string type) =>
        Vector.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("type").GetString() == type);

    private static MediaKind Kind(string type) => type switch
    {
        "image" or "sticker" => MediaKind.Image,
        "video" => MediaKind.Video,
        "audio" or "ptt" => MediaKind.Audio,
        "document" => MediaKind.Document,
        "md-msg-hist" => MediaKind.History,
        "md-app-state" => MediaKind.AppState,
        "thumbnail-link" => MediaKind.LinkThumbnail,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Gives its bytes in odd portions, as networks do.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 7919)], cancellationToken);
    }
}
