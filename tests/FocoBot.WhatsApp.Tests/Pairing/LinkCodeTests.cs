using System.Text.Json;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Tests.Pairing;

public class LinkCodeTests
{
    private static readonly JsonElement Vector = Vectors.Load("pairing-code.json");
    private static readonly string Code = Vector.GetProperty("code").GetString()!;
    private static readonly JsonElement Finish = Vector.GetProperty("finish");

    [Fact]
    public void Bytes_become_the_code_that_Baileys_makes_of_them() => Assert.All(
        Vector.GetProperty("base32_samples").EnumerateArray(),
        sample => Assert.Equal(sample.GetProperty("code").GetString(), LinkCode.FromBytes(sample.Hex("bytes"))));

    [Theory]
    [InlineData("companion")]
    [InlineData("primary")]
    public void Ephemeral_keys_are_wrapped_and_unwrapped_as_by_Baileys(string side)
    {
        var wrapping = Vector.GetProperty($"{side}_wrapped");
        var wrapped = wrapping.Hex($"wrapped_{side}_ephemeral_pub");
        var key = Vector.GetProperty($"{side}_ephemeral").Hex("pub");
        Assert.Equal(wrapped, LinkCode.Wrap(Code, key, wrapping.Hex("salt"), wrapping.Hex("iv")));
        Assert.Equal(key, LinkCode.Unwrap(Code, wrapped));
        Assert.NotEqual(key, LinkCode.Unwrap("ABCD2346", wrapped));
    }

    [Fact]
    public void The_counter_carries_over_all_of_the_iv()
    {
        var iv = Enumerable.Repeat((byte)0xFF, 16).ToArray();
        var key = Mutilations.Bytes(32);
        Assert.Equal(key, LinkCode.Unwrap(Code, LinkCode.Wrap(Code, key, new byte[32], iv)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(79)]
    [InlineData(81)]
    public void A_wrapped_key_of_another_length_is_refused(int length) =>
        Assert.Throws<ProtocolException>(() => LinkCode.Unwrap(Code, new byte[length]));

    [Fact]
    public void The_companion_makes_the_bundle_and_secret_of_Baileys()
    {
        byte[] random = [.. Finish.Hex("bundle_salt"), .. Finish.Hex("gcm_iv"), .. Finish.Hex("adv_secret_random")];
        var (bundle, secret) = LinkCodeFinish.Companion(
            Pair("companion_ephemeral"), Pair("companion_identity"), Public("primary_ephemeral"), Public("primary_identity"), random);
        Assert.Equal(Finish.Hex("wrapped_key_bundle"), bundle);
        Assert.Equal(Finish.Hex("adv_secret"), secret);
    }

    [Fact]
    public void The_phone_reads_the_same_secret_out_of_the_bundle() => Assert.Equal(Finish.Hex("adv_secret"), Phone(Finish.Hex("wrapped_key_bundle")));

    [Fact]
    public void No_changed_bundle_opens() =>
        Assert.All(Mutilations.All(Finish.Hex("wrapped_key_bundle")), bad => Assert.Throws<ProtocolException>(() => Phone(bad)));

    [Fact]
    public void A_bundle_of_another_companion_is_refused() => Assert.Throws<ProtocolException>(() => LinkCodeFinish.Phone(
        Pair("primary_ephemeral"), Pair("primary_identity"), Public("companion_ephemeral"), Public("primary_ephemeral"), Finish.Hex("wrapped_key_bundle")));

    [Fact]
    public void A_bundle_for_another_phone_is_refused() => Assert.Throws<ProtocolException>(() => LinkCodeFinish.Phone(
        Pair("primary_ephemeral"), Pair("primary_ephemeral"), Public("companion_ephemeral"), Public("companion_identity"), Finish.Hex("wrapped_key_bundle")));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void Keys_that_nothing_can_be_agreed_on_with_are_refused(int length)
    {
        var random = new byte[76];
        Assert.Throws<ProtocolException>(() => LinkCodeFinish.Companion(
            Pair("companion_ephemeral"), Pair("companion_identity"), new byte[length], Public("primary_identity"), random));
        Assert.Throws<ProtocolException>(() => LinkCodeFinish.Companion(
            Pair("companion_ephemeral"), Pair("companion_identity"), Public("primary_ephemeral"), new byte[length], random));
    }

    [Theory]
    [InlineData("abcd-2345", "ABCD2345")]
    [InlineData(" FOCO BOT1 ", "FOCOBOT1")]
    public void Typed_codes_are_made_alike(string typed, string code) => Assert.Equal(code, LinkCode.Normalize(typed));

    [Theory]
    [InlineData("")]
    [InlineData("ABCD234")]
    [InlineData("ABCD23456")]
    [InlineData("ABCD234ñ")]
    [InlineData("ABCD234٣")]
    public void What_is_no_code_is_said_so(string typed) => Assert.Throws<FormatException>(() => LinkCode.Normalize(typed));

    [Fact]
    public void A_code_is_shown_in_two_halves() => Assert.Equal("ABCD-2345", LinkCode.Display(Code));

    private static byte[] Phone(byte[] bundle) => LinkCodeFinish.Phone(
        Pair("primary_ephemeral"), Pair("primary_identity"), Public("companion_ephemeral"), Public("companion_identity"), bundle);

    private static KeyPair Pair(string name) => KeyPair.FromPrivate(Vector.GetProperty(name).Hex("priv"));

    private static byte[] Public(string name) => Vector.GetProperty(name).Hex("pub");
}
