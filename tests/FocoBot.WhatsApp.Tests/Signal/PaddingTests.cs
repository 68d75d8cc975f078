using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Tests.Signal;

public class PaddingTests
{
    private readonly System.Text.Json.JsonElement _vector = Vectors.Load("padding.json");

    [Fact]
    public void Recorded_padding_comes_off()
    {
        foreach (var sample in _vector.GetProperty("unpad").EnumerateArray())
            Assert.Equal(sample.Hex("unpadded"), Padding.Unpad(sample.Hex("padded")));
    }

    [Fact]
    public void Every_length_that_Baileys_pads_with_is_drawn_equally_often()
    {
        var lengths = Enumerable.Range(0, 256).Select(random => Padding.Pad("hello"u8, (byte)random)).ToArray();
        Assert.All(lengths, padded => Assert.Equal("hello"u8.ToArray(), Padding.Unpad(padded)));
        var counts = lengths.CountBy(padded => padded[^1]).OrderBy(count => count.Key).ToArray();
        Assert.Equal(_vector.GetProperty("baileys_observed_pad_values").EnumerateArray().Select(value => value.GetByte()), counts.Select(count => count.Key));
        Assert.All(counts, count => Assert.Equal(16, count.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("68656c6c6f00")]
    [InlineData("68656c6c6f0102")]
    [InlineData("05050505")]
    public void What_is_not_padded_is_refused(string hex) =>
        Assert.Equal(SignalError.Malformed, Assert.Throws<SignalException>(() => Padding.Unpad(Convert.FromHexString(hex))).Reason);

    [Fact]
    public void An_empty_plaintext_may_be_padded() => Assert.True(Padding.Unpad(new byte[] { 2, 2 }).IsEmpty);
}
