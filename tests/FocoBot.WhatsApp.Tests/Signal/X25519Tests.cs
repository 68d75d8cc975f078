using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Tests.Signal;

public class X25519Tests
{
    // https://www.rfc-editor.org/rfc/rfc7748#section-5.2
    [Theory]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void The_scalar_products_of_RFC_7748_come_out(string scalar, string u, string product) =>
        Assert.Equal(product, Agree(Convert.FromHexString(scalar), Convert.FromHexString(u)).ToHex());

    [Fact]
    public void A_thousand_products_in_a_row_come_out_as_in_RFC_7748()
    {
        var k = new byte[32];
        k[0] = 9;
        var u = k;
        for (var i = 0; i < 1000; i++)
        {
            (k, u) = (Agree(k, u), k);
            if (i == 0)
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", k.ToHex());
        }
        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", k.ToHex());
    }

    // https://www.rfc-editor.org/rfc/rfc7748#section-6.1
    [Fact]
    public void The_key_exchange_of_RFC_7748_comes_out()
    {
        var a = KeyPair.FromPrivate(Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        var b = KeyPair.FromPrivate(Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", a.Public.ToHex());
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", b.Public.ToHex());
        const string Shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        Assert.Equal(Shared, Agree(a.Private.ToArray(), b.Public.ToArray()).ToHex());
        Assert.Equal(Shared, Agree(b.Private.ToArray(), a.Public.ToArray()).ToHex());
    }

    [Fact]
    public void Secrets_agree_with_those_of_Baileys()
    {
        foreach (var pair in Vectors.Load("xeddsa.json").GetProperty("ecdh").EnumerateArray())
        {
            Assert.Equal(pair.Hex("a_pub"), KeyPair.FromPrivate(pair.Hex("a_priv")).Public);
            Assert.Equal(pair.Hex("b_pub"), KeyPair.FromPrivate(pair.Hex("b_priv")).Public);
            Assert.Equal(pair.Hex("shared"), Agree(pair.Hex("a_priv"), pair.Hex("b_pub")));
            Assert.Equal(pair.Hex("shared"), Agree(pair.Hex("b_priv"), pair.Hex("a_pub")));
        }
    }

    [Fact]
    public void Secrets_and_public_keys_agree_with_those_of_libsodium()
    {
        var random = new Random(7748);
        for (var i = 0; i < 300; i++)
        {
            var (scalar, u) = (Bytes(random), Bytes(random));
            // Every eighth pair has long runs of equal bits, where carries go wrong first.
            if (i % 8 == 0)
            {
                scalar.AsSpan(random.Next(1, 32)).Fill((byte)(i % 16 == 0 ? 0xFF : 0));
                u.AsSpan(random.Next(1, 32)).Fill((byte)(i % 16 == 0 ? 0 : 0xFF));
            }
            Assert.Equal(Sodium.Agree(scalar, u), Agree(scalar, u));
            Assert.Equal(Sodium.PublicKey(scalar), KeyPair.FromPrivate(scalar).Public);
        }
    }

    [Fact]
    public void Keys_of_2_to_the_255_minus_a_little_are_taken_modulo_p()
    {
        for (var low = 0; low < 256; low++)
        {
            var u = Enumerable.Repeat((byte)0xFF, 32).ToArray();
            u[0] = (byte)low;
            var scalar = Bytes(new Random(low));
            var ours = new byte[32];
            if (X25519.Agree(scalar, u, ours))
                Assert.Equal(Sodium.Agree(scalar, u), ours);
        }
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void A_key_of_small_order_shares_nothing(string u)
    {
        var shared = new byte[32];
        Assert.False(X25519.Agree(Bytes(new Random(1)), Convert.FromHexString(u), shared));
        Assert.Equal(new byte[32], shared);
    }

    private static byte[] Agree(byte[] privateKey, byte[] publicKey)
    {
        var shared = new byte[32];
        Assert.True(X25519.Agree(privateKey, publicKey, shared));
        return shared;
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }
}
