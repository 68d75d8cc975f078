using FocoBot.WhatsApp.Pairing;

namespace FocoBot.WhatsApp.Tests.Pairing;

public class QrCodeTests
{
    private static readonly byte[] Noise = Mutilations.Bytes(32, 1);
    private static readonly byte[] Identity = Mutilations.Bytes(32, 2);
    private static readonly byte[] Secret = Mutilations.Bytes(32, 3);

    [Fact]
    public void A_code_has_the_five_parts_behind_the_address()
    {
        var text = QrCode.Build("2@abc", new byte[32], new byte[32], new byte[32], '1');
        const string Zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        Assert.Equal($"https://wa.me/settings/linked_devices#2@abc,{Zeros},{Zeros},{Zeros},1", text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_phone_reads_a_code_with_and_without_the_address(bool prefixed)
    {
        var text = QrCode.Build("2@abc", Noise, Identity, Secret, '7');
        var code = QrCode.Parse(prefixed ? text : text[(text.IndexOf('#') + 1)..]);
        Assert.Equal(("2@abc", '7'), (code.Ref, code.ClientType));
        Assert.Equal(Noise, code.NoiseKey);
        Assert.Equal(Identity, code.IdentityKey);
        Assert.Equal(Secret, code.AdvSecret);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://wa.me/settings/linked_devices#")]
    [InlineData("2@abc,,,,1")]
    [InlineData("2@abc,AAAA,AAAA,AAAA,1")]
    [InlineData(",AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,1")]
    [InlineData("r,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,12")]
    [InlineData("r,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,1,2")]
    [InlineData("r,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,1")]
    public void Other_texts_are_no_codes(string text) => Assert.Throws<ProtocolException>(() => QrCode.Parse(text));

    [Fact]
    public void An_endless_text_is_no_code() => Assert.Throws<ProtocolException>(() => QrCode.Parse(new string(',', 100_000)));

    [Fact]
    public void The_secret_stays_out_of_text() => Assert.DoesNotContain(
        Convert.ToBase64String(Secret), QrCode.Parse(QrCode.Build("r", Noise, Identity, Secret, '1')).ToString(), StringComparison.Ordinal);
}
