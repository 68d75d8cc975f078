using System.Security.Cryptography;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Media;

public class StreamingSidecarTests
{
    // Written from the definition, with all of the file at hand; no other implementation's output is at hand.
    [Theory]
    [InlineData(26)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(65_552)]
    [InlineData(65_553)]
    [InlineData(131_072)]
    [InlineData(131_088)]
    [InlineData(400_001)]
    public async Task Each_window_of_the_file_has_its_mac(int length)
    {
        var file = Mutilations.Bytes(length);
        var keys = MediaKeys.Expand(new byte[32], MediaKind.Video);
        var expected = new List<byte>();
        for (var start = 0; start < length; start += 65_536)
            expected.AddRange(HMACSHA256.HashData(keys.MacKey, file.AsSpan(start..Math.Min(start + 65_552, length)))[..10]);
        Assert.Equal(expected, await StreamingSidecar.OfAsync(new MemoryStream(file), keys, TestContext.Current.CancellationToken));
    }
}
