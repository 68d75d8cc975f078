using FocoBot.WhatsApp.Signal;

namespace FocoBot.WhatsApp.Tests.Signal;

public class PreKeyDigestTests
{
    [Fact]
    public void The_digest_is_that_of_the_server()
    {
        var vector = Vectors.Load("prekey-digest.json");
        var preKeys = vector.GetProperty("prekeys").EnumerateArray().Select(key => (ReadOnlyMemory<byte>)key.Hex());
        var digest = PreKeyDigest.Compute(vector.Hex("identity"), vector.Hex("signed_prekey"), vector.Hex("signature"), preKeys);
        Assert.Equal(vector.Hex("sha1"), digest);
    }
}

public class SignalAddressTests
{
    [Theory]
    [InlineData((int)SignalDomain.PhoneNumber, 0, "1555.0", "1555:0")]
    [InlineData((int)SignalDomain.HiddenIdentity, 3, "1555_1.3", "1555_1:3")]
    [InlineData((int)SignalDomain.HostedPhoneNumber, 99, "1555_128.99", "1555_128:99")]
    [InlineData((int)SignalDomain.HostedHiddenIdentity, 99, "1555_129.99", "1555_129:99")]
    public void Addresses_have_the_names_that_other_clients_store(int domain, int device, string baileys, string whatsmeow)
    {
        var address = SignalAddress.Of("1555", (SignalDomain)domain, device);
        Assert.Equal(baileys, address.ToBaileysName());
        Assert.Equal(whatsmeow, address.ToWhatsmeowName());
        Assert.DoesNotContain("1555", $"{address}", StringComparison.Ordinal);
    }
}
