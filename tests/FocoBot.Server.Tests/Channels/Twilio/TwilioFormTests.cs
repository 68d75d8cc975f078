using System.Text;
using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class TwilioFormTests
{
    [Fact]
    public void Fields_are_decoded_and_found_by_key()
    {
        var form = Forms.Parse("Body=+Comprar+pan%21+&From=whatsapp%3a%2B521&Empty=&Bare&&NumMedia=0");
        Assert.Equal(" Comprar pan! ", form["Body"]);
        Assert.Equal("whatsapp:+521", form["From"]);
        Assert.Equal("", form["Empty"]);
        Assert.Equal("", form["Bare"]);
        Assert.Equal("0", form["NumMedia"]);
        Assert.Null(form["body"]);
        Assert.Null(form["Zzz"]);
        Assert.Null(form[new string('k', 500)]);
        Assert.Equal(5, form.Count);
    }

    [Fact]
    public void An_empty_body_is_a_form_without_fields()
    {
        Assert.Equal(0, Forms.Parse("").Count);
        Assert.Null(TwilioForm.Empty["Body"]);
    }

    [Fact]
    public void What_an_independent_encoder_wrote_is_read_back()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(1, 0xD800))]);
            Assert.Equal(text, Forms.Of(("Body", text))["Body"]);
        }
    }

    [Theory]
    [InlineData("Body=%")]
    [InlineData("Body=%4")]
    [InlineData("Body=%zz")]
    [InlineData("Body=%+1")]
    [InlineData("Body=%C3%28")]
    [InlineData("Body=%ED%A0%80")]
    [InlineData("Body=%F0%9F%98")]
    [InlineData("%FF=1")]
    [InlineData("Body=a%00b")]
    public void A_broken_encoding_is_refused(string body) => Assert.False(TwilioForm.TryParse(Encoding.ASCII.GetBytes(body), out _));

    [Fact]
    public void Raw_bytes_outside_utf8_are_refused() => Assert.False(TwilioForm.TryParse([(byte)'a', (byte)'=', 0xFF, 0xFE], out _));

    [Fact]
    public void Size_field_count_and_key_length_are_bounded()
    {
        Assert.True(Parses("Body=" + new string('x', TwilioLimits.WebhookBytes - 5)));
        Assert.False(Parses("Body=" + new string('x', TwilioLimits.WebhookBytes - 4)));
        Assert.True(Parses(Repeat("a=1", TwilioLimits.FormFields)));
        Assert.False(Parses(Repeat("a=1", TwilioLimits.FormFields + 1)));
        Assert.True(Parses(new string('k', TwilioLimits.FormKeyBytes) + "=1"));
        Assert.False(Parses(new string('k', TwilioLimits.FormKeyBytes + 1) + "=1"));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(11);
        var bytes = new byte[200];
        for (var round = 0; round < 5000; round++)
        {
            random.NextBytes(bytes);
            foreach (var i in Enumerable.Range(0, 100))
                bytes[random.Next(200)] = "=&%+A1"u8[i % 6];
            if (TwilioForm.TryParse(bytes, out var form))
                Assert.InRange(form.Count, 0, 200);
        }
    }

    private static bool Parses(string body) => TwilioForm.TryParse(Encoding.ASCII.GetBytes(body), out _);

    private static string Repeat(string pair, int times) => string.Join('&', Enumerable.Repeat(pair, times));
}
