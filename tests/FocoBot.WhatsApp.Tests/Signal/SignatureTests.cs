using System.Numerics;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Tests.Signal;

public class SignatureTests
{
    private static readonly BigInteger L = (BigInteger.One << 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);

    // https://www.rfc-editor.org/rfc/rfc8032#section-7.1, tests 1, 2, 3 and SHA(abc)
    [Theory]
    [InlineData(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData(
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void The_signatures_of_RFC_8032_verify(string publicKey, string message, string signature)
    {
        var (key, text, bytes) = (Convert.FromHexString(publicKey), Convert.FromHexString(message), Convert.FromHexString(signature));
        Assert.True(Ed25519.Verify(key, text, bytes));
        Assert.False(Ed25519.Verify(key, [.. text, 0], bytes));
    }

    [Fact]
    public void Signatures_come_out_as_those_of_Baileys_and_whatsmeow()
    {
        foreach (var vector in Vectors.Load("xeddsa.json").GetProperty("cases").EnumerateArray())
        {
            var (key, message) = (vector.Hex("priv"), vector.Hex("message"));
            var signature = new byte[64];
            byte[] expected;
            if (vector.TryGetProperty("random64", out var random))
            {
                XEdDsa.Sign(key, message, random.Hex(), signature);
                expected = vector.Hex("signature_with_random");
            }
            else
            {
                XEdDsa.SignWithNonce(SigningKey.FromPrivate(key), message, SHA512.HashData([.. key, .. message]), signature);
                expected = vector.Hex("signature_deterministic");
            }
            Assert.Equal(expected, signature);
            Assert.Equal(vector.GetProperty("sign_bit").GetInt32(), signature[63] >> 7);
            Assert.True(XEdDsa.Verify(vector.Hex("pub"), message, signature));
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused()
    {
        var vectors = Vectors.Load("xeddsa.json");
        var negative = vectors.GetProperty("negative");
        Assert.False(XEdDsa.Verify(negative.Hex("pub"), negative.Hex("message"), negative.Hex("signature")));

        var vector = vectors.GetProperty("cases")[1];
        byte[][] parts = [vector.Hex("pub"), vector.Hex("message"), vector.Hex("signature_deterministic")];
        foreach (var part in parts)
        {
            for (var bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << bit % 8);
                Assert.False(XEdDsa.Verify(parts[0], parts[1], parts[2]));
                part[bit / 8] ^= (byte)(1 << bit % 8);
            }
        }
    }

    [Fact]
    public void S_plus_L_is_refused_though_it_is_the_same_number()
    {
        foreach (var vector in Vectors.Load("xeddsa.json").GetProperty("cases").EnumerateArray().Take(12))
        {
            var signature = vector.Hex("signature_deterministic");
            var sign = (byte)(signature[63] & 0x80);
            signature[63] ^= sign;
            var s = new BigInteger(signature.AsSpan(32), isUnsigned: true) + L;
            s.TryWriteBytes(signature.AsSpan(32), out _, isUnsigned: true);
            signature[63] |= sign;
            Assert.False(XEdDsa.Verify(vector.Hex("pub"), vector.Hex("message"), signature));
        }
    }

    [Fact]
    public void A_key_that_is_not_below_p_or_has_small_order_verifies_nothing()
    {
        // With a key of small order, R = S·B would do for any message that hashes to a multiple of the order.
        byte[][] keys = [new byte[32], [1, .. new byte[31]], PBytes(-1), PBytes(0), PBytes(1), PBytes(9)];
        var signature = new byte[64];
        for (var i = 0; i < 64; i++)
        {
            RandomSignature(i, signature);
            foreach (var key in keys)
                Assert.False(XEdDsa.Verify(key, [(byte)i], signature));
        }

        static byte[] PBytes(int offset) => ((BigInteger.One << 255) - 19 + offset).ToByteArray(isUnsigned: true);
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.False(XEdDsa.Verify(new byte[31], [], new byte[64]));
        Assert.False(XEdDsa.Verify(new byte[33], [], new byte[64]));
        Assert.False(XEdDsa.Verify(new byte[32], [], new byte[63]));
        Assert.False(XEdDsa.Verify(new byte[32], [], new byte[65]));
        Assert.False(XEdDsa.Verify(new byte[32], [], []));
    }

    [Fact]
    public void Verdicts_agree_with_those_of_libsodium()
    {
        var random = new Random(8032);
        for (var i = 0; i < 300; i++)
        {
            var (seed, message) = (new byte[32], new byte[random.Next(200)]);
            random.NextBytes(seed);
            random.NextBytes(message);
            var (key, signature) = Sodium.Sign(seed, message);
            Assert.True(Ed25519.Verify(key, message, signature));

            var part = random.Next(2) == 0 ? key : signature;
            part[random.Next(part.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(Sodium.Verify(key, message, signature), Ed25519.Verify(key, message, signature));
        }
    }

    [Fact]
    public void What_is_signed_verifies_here_and_as_Ed25519_in_libsodium()
    {
        var random = new Random(25519);
        for (var i = 0; i < 300; i++)
        {
            byte[] seed = new byte[32], noise = new byte[64], message = new byte[random.Next(100)];
            random.NextBytes(seed);
            random.NextBytes(noise);
            random.NextBytes(message);
            var pair = KeyPair.FromPrivate(seed);
            var signature = new byte[64];
            XEdDsa.Sign(pair.Private.Span, message, noise, signature);
            Assert.True(XEdDsa.Verify(pair.Public.Span, message, signature));

            var edwards = ToEdwards(pair.Public.ToArray(), signature[63] & 0x80);
            signature[63] &= 0x7F;
            Assert.True(Sodium.Verify(edwards, message, signature));
        }
    }

    // The same by school arithmetic: y = (u - 1)/(u + 1) modulo p.
    private static byte[] ToEdwards(byte[] montgomery, int sign)
    {
        var p = (BigInteger.One << 255) - 19;
        var u = new BigInteger(montgomery, isUnsigned: true);
        var y = (u - 1 + p) * BigInteger.ModPow(u + 1, p - 2, p) % p;
        var bytes = new byte[32];
        y.TryWriteBytes(bytes, out _, isUnsigned: true);
        bytes[31] |= (byte)sign;
        return bytes;
    }

    // R = S·B for a random S, with either sign.
    private static void RandomSignature(int seed, byte[] signature)
    {
        new Random(seed).NextBytes(signature);
        signature[63] &= 0x0F;
        EdwardsBase.Multiply(signature.AsSpan(32)).Write(signature);
        signature[63] |= (byte)((seed & 1) << 7);
    }
}
