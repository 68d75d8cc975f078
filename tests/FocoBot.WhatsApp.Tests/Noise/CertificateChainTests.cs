using System.Text.Json;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Wire;

namespace FocoBot.WhatsApp.Tests.Noise;

public class CertificateChainTests
{
    private static readonly JsonElement Plain = Recorded.Handshakes[0];
    private static readonly byte[] Chain = Plain.Message("cert_chain_plaintext"), Root = Plain.Public("root_cert"), Server = Plain.Public("server_static");
    private static readonly DateTimeOffset NotBefore, NotAfter;

    static CertificateChainTests()
    {
        var details = new ProtobufReader(Plain.Message("leaf_details"), HandshakeMessage.Malformed);
        while (details.Next())
        {
            if (details.Field == 4)
                NotBefore = DateTimeOffset.FromUnixTimeSeconds((long)details.UInt64);
            else if (details.Field == 5)
                NotAfter = DateTimeOffset.FromUnixTimeSeconds((long)details.UInt64);
        }
    }

    [Fact]
    public void The_recorded_chain_is_accepted_while_it_is_valid()
    {
        foreach (var now in new[] { NotBefore, Recorded.Now, NotAfter })
            Verify(Chain, now: now);
        foreach (var now in new[] { NotBefore.AddSeconds(-1), NotAfter.AddSeconds(1), DateTimeOffset.UnixEpoch, DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
            Assert.True(IsRefused(Chain, now: now));
    }

    [Fact]
    public void It_must_lead_from_this_root_to_this_server()
    {
        Assert.True(IsRefused(Chain, root: CertificateChain.WhatsAppRootKey.ToArray()));
        Assert.True(IsRefused(Chain, server: Root));
    }

    [Fact]
    public void The_root_is_that_of_the_real_servers() =>
        Assert.Equal("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b", Convert.ToHexStringLower(CertificateChain.WhatsAppRootKey));

    [Fact]
    public void A_chain_is_made_as_recorded()
    {
        Assert.Equal(Chain, CertificateChain.Create(new Deterministic(), Plain.Private("root_cert"), Plain.Private("intermediate_cert"), Server, NotBefore, NotAfter, new byte[128]));

        var random = new byte[128];
        new Random(1).NextBytes(random);
        var made = CertificateChain.Create(Recorded.Curve, Plain.Private("root_cert"), Plain.Private("intermediate_cert"), Server, NotBefore, NotAfter, random);
        Assert.NotEqual(Chain, made);
        Verify(made);
    }

    [Fact]
    public void Any_bit_flipped_or_a_cut_anywhere_is_refused() =>
        Assert.All(Mangled.Truncations(Chain).Concat(Mangled.BitFlips(Chain, most: 150)), bad => Assert.True(IsRefused(bad)));

    [Theory]
    [InlineData("none")]
    [InlineData("no leaf")]
    [InlineData("no intermediate")]
    [InlineData("no details")]
    [InlineData("short signature")]
    [InlineData("intermediate not of the root's serial")]
    [InlineData("leaf not of the intermediate's serial")]
    [InlineData("short intermediate key")]
    [InlineData("leaf for another key")]
    [InlineData("intermediate expired")]
    [InlineData("leaf not valid yet")]
    [InlineData("leaf without validity")]
    [InlineData("leaf signed by the root")]
    [InlineData("serial past 32 bits")]
    public void Each_check_stands_for_itself(string fault)
    {
        var intermediateKey = Plain.Public("intermediate_cert");
        ulong from = (ulong)NotBefore.ToUnixTimeSeconds(), until = (ulong)NotAfter.ToUnixTimeSeconds(), now = (ulong)Recorded.Now.ToUnixTimeSeconds();
        var intermediate = Certificate(
            "root_cert",
            Details(1, fault == "intermediate not of the root's serial" ? 1ul : 0, fault == "short intermediate key" ? intermediateKey[..31] : intermediateKey, from, fault == "intermediate expired" ? now - 1 : until));
        var leaf = Certificate(
            fault == "leaf signed by the root" ? "root_cert" : "intermediate_cert",
            fault == "leaf without validity"
                ? new ProtobufBuilder().Add(1, 2).Add(2, 1).Add(3, Server).ToArray()
                : Details(fault == "serial past 32 bits" ? 1ul << 32 : 2, fault == "leaf not of the intermediate's serial" ? 2ul : 1, fault == "leaf for another key" ? Root : Server, fault == "leaf not valid yet" ? now + 1 : from, until),
            signatureLength: fault == "short signature" ? 63 : 64);

        var chain = fault switch
        {
            "no leaf" => new ProtobufBuilder().Add(2, intermediate).ToArray(),
            "no intermediate" => new ProtobufBuilder().Add(1, leaf).ToArray(),
            "no details" => new ProtobufBuilder().Add(1, new ProtobufBuilder().Add(2, new byte[64]).ToArray()).Add(2, intermediate).ToArray(),
            _ => new ProtobufBuilder().Add(1, leaf).Add(2, intermediate).ToArray(),
        };
        Assert.Equal(fault != "none", IsRefused(chain));
    }

    private static byte[] Details(ulong serial, ulong issuer, byte[] key, ulong notBefore, ulong notAfter) =>
        new ProtobufBuilder().Add(1, serial).Add(2, issuer).Add(3, key).Add(4, notBefore).Add(5, notAfter).ToArray();

    private static byte[] Certificate(string issuer, byte[] details, int signatureLength = 64)
    {
        var signature = new byte[64];
        Recorded.Curve.Sign(Plain.Private(issuer), details, [], signature);
        return new ProtobufBuilder().Add(1, details).Add(2, signature.AsSpan(0, signatureLength)).ToArray();
    }

    private static void Verify(byte[] chain, byte[]? root = null, byte[]? server = null, DateTimeOffset? now = null) =>
        CertificateChain.Verify(Recorded.Curve, chain, root ?? Root, server ?? Server, now ?? Recorded.Now);

    private static bool IsRefused(byte[] chain, byte[]? root = null, byte[]? server = null, DateTimeOffset? now = null) =>
        Mangled.IsRefused(() => Verify(chain, root, server, now));

    // Signs without randomness, as the recorded signatures were made.
    private sealed class Deterministic : INoiseCurve
    {
        public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) => Recorded.Curve.DerivePublicKey(privateKey, publicKey);

        public void Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret) => Recorded.Curve.Agree(privateKey, publicKey, sharedSecret);

        public void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> random, Span<byte> signature) => Recorded.Curve.Sign(privateKey, message, [], signature);

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Recorded.Curve.Verify(publicKey, message, signature);
    }
}
