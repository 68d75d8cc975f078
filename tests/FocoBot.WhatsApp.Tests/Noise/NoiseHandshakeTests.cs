using System.Text.Json;
using FocoBot.WhatsApp.Noise;

namespace FocoBot.WhatsApp.Tests.Noise;

public class NoiseHandshakeTests
{
    private static readonly JsonElement Plain = Recorded.Handshakes[0];

    [Fact]
    public void The_client_says_what_the_recorded_client_said()
    {
        foreach (var recorded in Recorded.Handshakes)
        {
            using var client = recorded.Client();
            Assert.Equal(recorded.Message("client_hello_protobuf"), client.Hello);
            Assert.Equal(recorded.Message("client_finish_protobuf"), client.Finish(recorded, recorded.Message("server_hello_protobuf"), out var transport));
            var frames = recorded.GetProperty("transport");
            AssertSends(frames, "client", transport.Send);
            AssertReceives(frames, "server", transport.Receive);
        }
    }

    [Fact]
    public void The_server_says_what_the_recorded_server_said()
    {
        foreach (var recorded in Recorded.Handshakes)
        {
            using var server = recorded.Server(recorded.Message("client_hello_protobuf"));
            Assert.Equal(recorded.Message("server_hello_protobuf"), server.Hello);
            var transport = server.Finish(recorded.Message("client_finish_protobuf"), out var clientStatic, out var payload);
            Assert.Equal(recorded.Public("client_static_noise"), clientStatic);
            Assert.Equal(recorded.Message("client_payload_plaintext"), payload);
            var frames = recorded.GetProperty("transport");
            AssertSends(frames, "server", transport.Send);
            AssertReceives(frames, "client", transport.Receive);
        }
    }

    [Fact]
    public void The_state_goes_through_every_recorded_step()
    {
        using var state = new NoiseHandshake(Plain.Hex("prologue"));
        Span<byte> ephemeral = Plain.Public("client_ephemeral"), serverEphemeral = Plain.Public("server_ephemeral");
        state.Authenticate(ephemeral);
        state.Authenticate(serverEphemeral);
        state.Agree(Recorded.Curve, Plain.Private("server_ephemeral"), ephemeral);
        foreach (var step in Plain.GetProperty("trace").EnumerateArray())
        {
            switch (step.GetProperty("step").GetString())
            {
                case "mixIntoKey es":
                    state.Agree(Recorded.Curve, Plain.Private("server_static"), ephemeral);
                    break;
                case "mixIntoKey se":
                    state.Agree(Recorded.Curve, Plain.Private("server_ephemeral"), Plain.Public("client_static_noise"));
                    break;
                case ['e', 'n', 'c', ..]:
                    Assert.Equal(step.Hex("ciphertext"), state.Encrypt(step.Hex("plaintext")));
                    break;
                case ['d', 'e', 'c', ..]:
                    Assert.Equal(step.Hex("plaintext"), state.Decrypt(step.Hex("ciphertext")));
                    break;
            }
        }

        Span<byte> fromClient = stackalloc byte[32], fromServer = stackalloc byte[32];
        state.Split(fromClient, fromServer);
        Assert.Equal(Plain.GetProperty("transport").Hex("client_to_server_key"), fromClient.ToArray());
        Assert.Equal(Plain.GetProperty("transport").Hex("server_to_client_key"), fromServer.ToArray());
    }

    [Fact]
    public void Fields_that_are_unknown_are_ignored()
    {
        // ServerHello with a number, bytes and fixed-width fields behind it, on both levels.
        byte[] extra = [0x20, 0x01, 0x2A, 0x02, 0xFF, 0xFF, 0x31, 0, 0, 0, 0, 0, 0, 0, 0, 0x3D, 0, 0, 0, 0, 0xFA, 0xFF, 0x01, 0x00];
        var hello = Plain.Message("server_hello_protobuf");
        var inner = hello[3..].Concat(extra).ToArray();
        byte[] message = [0x1A, (byte)(inner.Length | 0x80), (byte)(inner.Length >> 7), .. inner, .. extra];
        Assert.Equal(Plain.Message("client_finish_protobuf"), Plain.Client().Finish(Plain, message, out _));
    }

    [Fact]
    public void A_server_hello_with_any_bit_flipped_or_cut_anywhere_is_refused()
    {
        var good = Plain.Message("server_hello_protobuf");
        Assert.All(Mangled.Truncations(good).Concat(Mangled.BitFlips(good)), bad => Assert.True(Mangled.IsRefused(() => Plain.Client().Finish(Plain, bad, out _))));
    }

    [Fact]
    public void A_client_finish_with_any_bit_flipped_or_cut_anywhere_is_refused()
    {
        var good = Plain.Message("client_finish_protobuf");
        Assert.All(
            Mangled.Truncations(good).Concat(Mangled.BitFlips(good)),
            bad => Assert.True(Mangled.IsRefused(() => Plain.Server(Plain.Message("client_hello_protobuf")).Finish(bad, out _, out _))));
    }

    [Fact]
    public void A_client_hello_with_a_bit_flipped_leads_to_a_finish_that_does_not_decrypt()
    {
        var good = Plain.Message("client_hello_protobuf");
        Assert.All(Mangled.Truncations(good), bad => Assert.True(Mangled.IsRefused(() => Plain.Server(bad))));

        // Bits of the key as well; the topmost is not used, but authenticated.
        foreach (var bad in Mangled.BitFlips(good, most: 40))
            Assert.True(Mangled.IsRefused(() => Plain.Server(bad).Finish(Plain.Message("client_finish_protobuf"), out _, out _)));
    }

    [Fact]
    public void Another_prologue_makes_another_handshake()
    {
        using var client = new NoiseInitiator(Recorded.Curve, [0x57, 0x41, 6, 4], Plain.Private("client_static_noise"), Plain.Private("client_ephemeral"));
        Assert.True(Mangled.IsRefused(() => client.Finish(Plain, Plain.Message("server_hello_protobuf"), out _)));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("")]
    [InlineData("09")]
    public void Keys_that_agree_on_nothing_are_refused(string key) =>
        Assert.True(Mangled.IsRefused(() => Plain.Server(HandshakeMessage.WriteClientHello(Convert.FromHexString(key)))));

    [Fact]
    public void Random_bytes_are_refused_everywhere()
    {
        var random = new Random(20261120);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(100)];
            random.NextBytes(bytes);
            Assert.True(Mangled.IsRefused(() => Plain.Client().Finish(Plain, bytes, out _)));
            Assert.True(Mangled.IsRefused(() => Plain.Server(bytes)));
            Assert.True(Mangled.IsRefused(() => CertificateChain.Verify(Recorded.Curve, bytes, new byte[32], new byte[32], Recorded.Now)));
        }
    }

    private static void AssertSends(JsonElement frames, string side, NoiseCipher cipher)
    {
        foreach (var number in new[] { 0, 1 })
        {
            var plaintext = frames.Hex(side + "_frame0_plain");
            var frame = new byte[plaintext.Length + NoiseCipher.TagLength];
            cipher.Encrypt(plaintext, frame);
            Assert.Equal(frames.Hex($"{side}_frame{number}_wire")[3..], frame);
        }
    }

    private static void AssertReceives(JsonElement frames, string side, NoiseCipher cipher)
    {
        foreach (var number in new[] { 0, 1 })
        {
            var frame = frames.Hex($"{side}_frame{number}_wire")[3..];
            var plaintext = new byte[frame.Length];
            Assert.Equal(frames.Hex(side + "_frame0_plain"), plaintext[..cipher.Decrypt(frame, plaintext)]);
        }
    }
}
