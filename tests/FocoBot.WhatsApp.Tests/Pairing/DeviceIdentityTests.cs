using System.Text.Json;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Pairing;

public class DeviceIdentityTests
{
    private static readonly JsonElement Vector = Vectors.Load("adv-pairing.json");
    private static readonly byte[] Secret = Vector.Hex("adv_secret");
    private static readonly KeyPair Phone = KeyPair.FromPrivate(Vector.GetProperty("account_identity").Hex("priv"));
    private static readonly KeyPair Companion = KeyPair.FromPrivate(Vector.GetProperty("device_identity").Hex("priv"));
    private static readonly byte[] Random = Mutilations.Bytes(64);

    public static TheoryData<bool> Kinds => [false, true];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_companion_answers_as_Baileys_does(bool hosted)
    {
        var vector = Case(hosted);
        var check = DeviceIdentity.Accept(vector.Hex("pair_success_device_identity"), Secret, Companion, Random, out var accepted);
        Assert.Equal(DeviceIdentityCheck.Accepted, check);
        Assert.Equal(vector.GetProperty("reply_key_index").GetString(), accepted!.KeyIndex.ToString());
        Assert.True(DeviceIdentity.Verify(accepted.Account, Companion.Public.Span));

        // Signatures carry randomness: with that of Baileys in place, every byte is the same.
        accepted.Account.DeviceSignature = ByteString.CopyFrom(vector.Hex("device_signature_by_baileys"));
        Assert.Equal(vector.Hex("reply_device_identity_content"), accepted.Reply());
        Assert.Equal(vector.Hex("device_identity_node_in_messages"), accepted.Account.ToByteArray());
        Assert.True(DeviceIdentity.Verify(accepted.Account, Companion.Public.Span));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_phone_vouches_as_recorded(bool hosted)
    {
        var vector = Case(hosted);
        var kind = hosted ? AdvEncryptionType.Hosted : AdvEncryptionType.E2Ee;
        var recorded = ProtoReader.Parse<AdvDeviceIdentity>(vector.Hex("adv_device_identity"));
        Assert.Equal((3u, kind, kind), (recorded.KeyIndex, recorded.AccountType, recorded.DeviceType));

        var identity = DeviceIdentity.Sign(recorded, Phone, Companion.Public.Span, Random);
        Assert.Equal(vector.Hex("adv_device_identity"), identity.Details.ToByteArray());
        Assert.True(XEdDsa.Verify(Phone.Public.Span, vector.Hex("account_signed_message"), identity.AccountSignature.Span));
        identity.AccountSignature = ByteString.CopyFrom(vector.Hex("account_signature"));
        Assert.Equal(vector.Hex("signed_device_identity"), identity.ToByteArray());
        Assert.Equal(vector.Hex("pair_success_device_identity"), DeviceIdentity.Seal(identity, hosted, Secret));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_changed_on_the_way_is_accepted(bool hosted) => Assert.All(
        Mutilations.All(Case(hosted).Hex("pair_success_device_identity")),
        bad =>
        {
            AcceptedIdentity? accepted = null;
            if (!Mutilations.Refuses(() => Assert.NotEqual(DeviceIdentityCheck.Accepted, DeviceIdentity.Accept(bad, Secret, Companion, Random, out accepted))))
                Assert.Null(accepted);
        });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_secret_that_the_phone_did_not_scan_is_an_HMAC_mismatch(bool hosted) => Assert.Equal(
        DeviceIdentityCheck.HmacMismatch,
        DeviceIdentity.Accept(Case(hosted).Hex("pair_success_device_identity"), Mutilations.Bytes(32), Companion, Random, out _));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_identity_changed_by_who_knows_the_secret_is_a_signature_mismatch(bool hosted)
    {
        var good = ProtoReader.Parse<AdvSignedDeviceIdentity>(Case(hosted).Hex("signed_device_identity"));
        foreach (var bad in Mutilations.Flips(good.AccountSignature.ToByteArray()))
            AssertMismatch(new(good) { AccountSignature = ByteString.CopyFrom(bad) });
        foreach (var bad in Mutilations.Flips(good.AccountSignatureKey.ToByteArray()))
            AssertMismatch(new(good) { AccountSignatureKey = ByteString.CopyFrom(bad) });
        foreach (var bad in Mutilations.Flips(good.Details.ToByteArray()))
            AssertMismatch(new(good) { Details = ByteString.CopyFrom(bad) });
        AssertMismatch(new AdvSignedDeviceIdentity());

        void AssertMismatch(AdvSignedDeviceIdentity identity)
        {
            var content = DeviceIdentity.Seal(identity, hosted, Secret);
            Mutilations.Refuses(() => Assert.Equal(
                DeviceIdentityCheck.SignatureMismatch, DeviceIdentity.Accept(content, Secret, Companion, Random, out _)));
        }
    }

    [Fact]
    public void An_identity_for_another_companion_is_a_signature_mismatch() => Assert.Equal(
        DeviceIdentityCheck.SignatureMismatch,
        DeviceIdentity.Accept(Case(false).Hex("pair_success_device_identity"), Secret, Phone, Random, out _));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_device_signature_changed_in_any_byte_does_not_verify(bool hosted)
    {
        var good = ProtoReader.Parse<AdvSignedDeviceIdentity>(Case(hosted).Hex("device_identity_node_in_messages"));
        Assert.True(DeviceIdentity.Verify(good, Companion.Public.Span));
        Assert.False(DeviceIdentity.Verify(good, Phone.Public.Span));
        foreach (var bad in Mutilations.Flips(good.DeviceSignature.ToByteArray()))
            Assert.False(DeviceIdentity.Verify(new(good) { DeviceSignature = ByteString.CopyFrom(bad) }, Companion.Public.Span));
    }

    private static JsonElement Case(bool hosted) =>
        Vector.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("hosted").GetBoolean() == hosted);
}
