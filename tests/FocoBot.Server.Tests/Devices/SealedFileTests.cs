using System.Security.Cryptography;
using FocoBot.Devices.Files;
using FocoBot.Security;

namespace FocoBot.Tests.Devices;

public sealed class SealedFileTests : IDisposable
{
    private static readonly DataKey Key = new(Guid.Parse("019a0000-0000-7000-8000-000000000001"), RandomNumberGenerator.GetBytes(32));
    private static readonly Guid Id = Guid.Parse("019a0000-0000-7000-8000-000000000002");
    private static readonly Guid Other = Guid.Parse("019a0000-0000-7000-8000-000000000003");

    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public async Task A_file_comes_back_as_it_was(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        var written = await WriteAsync(plain);
        Assert.Equal((length, Convert.ToHexString(SHA256.HashData(plain))), (written!.Value.Size, Convert.ToHexString(written.Value.Sha256)));
        Assert.Equal(plain[..Math.Min(length, MediaLimits.Head)], written.Value.Head);
        Assert.Equal(plain, await ReadAsync(Key, Id));
    }

    [Fact]
    public async Task What_is_longer_than_it_may_be_is_not_taken()
    {
        Assert.Null(await WriteAsync(new byte[100_001], most: 100_000));
        Assert.NotNull(await WriteAsync(new byte[100_000], most: 100_000));
    }

    [Fact]
    public async Task Another_key_or_another_id_opens_nothing()
    {
        await WriteAsync(new byte[100]);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => ReadAsync(new DataKey(Key.Id, RandomNumberGenerator.GetBytes(32)), Id));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => ReadAsync(Key, Other));
    }

    [Fact]
    public async Task A_file_that_was_cut_changed_or_put_together_anew_is_refused()
    {
        await WriteAsync(RandomNumberGenerator.GetBytes(200_000));
        var whole = await File.ReadAllBytesAsync(_path, TestContext.Current.CancellationToken);
        var chunk = sizeof(int) + 65_536 + 45;
        byte[][] wrong =
        [
            [], whole[..3], whole[..^1], whole[..chunk], whole[..(3 * chunk)], whole[chunk..], [.. whole[chunk..(2 * chunk)], .. whole[..chunk], .. whole[(2 * chunk)..]],
            [.. whole, 0], [.. whole[..100], (byte)(whole[100] ^ 1), .. whole[101..]], [0x7F, 0xFF, 0xFF, 0xFF, .. whole[4..]], [0xFF, 0xFF, 0xFF, 0xFF, .. whole[4..]],
        ];
        foreach (var bytes in wrong)
        {
            await File.WriteAllBytesAsync(_path, bytes, TestContext.Current.CancellationToken);
            await Assert.ThrowsAnyAsync<CryptographicException>(() => ReadAsync(Key, Id));
        }
    }

    [Theory]
    [InlineData("informe.pdf", "informe.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"D:\casa\cuentas.xlsx", "cuentas.xlsx")]
    [InlineData("foto\u202egpj.exe", "fotogpj.exe")]
    [InlineData("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf")]
    [InlineData("..", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_name_leads_nowhere_and_hides_nothing(string? given, string? name) => Assert.Equal(name, FileNames.Clean(given));

    public void Dispose() => File.Delete(_path);

    private async Task<(long Size, byte[] Sha256, byte[] Head)?> WriteAsync(byte[] plain, long most = long.MaxValue)
    {
        await using var file = new FileStream(_path, FileMode.Create);
        return await SealedFile.WriteAsync(file, Key, Id, new MemoryStream(plain), most, TestContext.Current.CancellationToken);
    }

    private async Task<byte[]> ReadAsync(DataKey key, Guid id)
    {
        await using var file = SealedFile.Read(new FileStream(_path, FileMode.Open), key, id);
        var plain = new MemoryStream();
        await file.CopyToAsync(plain, TestContext.Current.CancellationToken);
        return plain.ToArray();
    }
}
