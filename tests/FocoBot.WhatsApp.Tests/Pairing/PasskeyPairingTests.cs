using System.Text.Json;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Pairing;

/// <summary>No recording of this step exists: the expected values were computed by a separate program from the formulas.</summary>
public class PasskeyPairingTests
{
    private const DeviceProps.Types.PlatformType Chrome = DeviceProps.Types.PlatformType.Chrome;
    private const string Ref = "2@ref";
    private const string PrologueHex =
        "0a2b0a20a1709f816bf7b47750f9f9eed29ad1a7f0b16be8eebc29257fb3873ae120db0d10011a0532407265661222"
        + "0a20ee947572a7821f53eb0a6723de409954f8f12c8ebca61cf4ee5d22fcd449ce34";

    private static readonly JsonElement Vector = Vectors.Load("pairing-code.json");
    private static readonly KeyPair Companion = KeyPair.FromPrivate(Vector.GetProperty("companion_ephemeral").Hex("priv"));
    private static readonly KeyPair Phone = KeyPair.FromPrivate(Vector.GetProperty("primary_ephemeral").Hex("priv"));
    private static readonly byte[] CompanionNonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly PrimaryEphemeralIdentity PhoneIdentity = new()
    {
        PublicKey = ByteString.CopyFrom(Phone.Public.Span),
        Nonce = ByteString.CopyFrom([.. Enumerable.Range(32, 32).Select(i => (byte)i)]),
    };

    [Fact]
    public void The_prologue_is_as_computed() =>
        Assert.Equal(PrologueHex, PasskeyPairing.Prologue(Companion.Public.Span, Chrome, Ref, CompanionNonce).ToHex());

    [Fact]
    public void The_handoff_proof_is_as_computed()
    {
        var key = PasskeyPairing.HandoffKey(Vector.GetProperty("finish").Hex("adv_secret"));
        Assert.Equal("60658faa55d9ca8b46487d01c7d58aef02c02d76b520e06ee1f94b897291cd6b", key.ToHex());
        Assert.Equal(
            "a548bcd4ca5095eaa99e5068c7df9dbfc9f340e2d549cbe83aaa89a5dd0a81e2",
            PasskeyPairing.HandoffProof(key, Convert.FromHexString(PrologueHex)).ToHex());
    }

    [Fact]
    public void Both_sides_show_the_code_that_was_computed() => Assert.Equal("W21DBXFL", PasskeyPairing.Code(PhoneIdentity, CompanionNonce));

    [Fact]
    public void Both_sides_derive_the_key_that_was_computed()
    {
        const string Key = "57f9d07575413aea526e6ba89ec4fcab1cc29516cad5c6fe672f82f1ac1b8de4";
        Assert.Equal(Key, PasskeyPairing.RequestKey(Companion, Phone.Public.Span, Chrome, Ref).ToHex());
        Assert.Equal(Key, PasskeyPairing.RequestKey(Phone, Companion.Public.Span, Chrome, Ref).ToHex());
    }

    [Fact]
    public void The_phone_reads_the_prologue_with_the_nonce_committed_to_and_no_other()
    {
        var prologue = Convert.FromHexString(PrologueHex);
        var identity = PasskeyPairing.OpenPrologue(prologue, CompanionNonce);
        Assert.Equal((Ref, Chrome), (identity.Ref, identity.DeviceType));
        Assert.Equal(Companion.Public.ToArray(), identity.PublicKey.ToByteArray());
        Assert.All(Mutilations.All(CompanionNonce), bad => Assert.Throws<ProtocolException>(() => PasskeyPairing.OpenPrologue(prologue, bad)));
        Assert.All(Mutilations.All(prologue), bad => Assert.Throws<ProtocolException>(() => PasskeyPairing.OpenPrologue(bad, CompanionNonce)));
    }

    [Fact]
    public void The_phone_opens_the_request_and_none_that_was_changed()
    {
        var key = Mutilations.Bytes(32, 1);
        var request = new PairingRequest
        {
            CompanionPublicKey = ByteString.CopyFrom(Mutilations.Bytes(32, 2)),
            CompanionIdentityKey = ByteString.CopyFrom(Mutilations.Bytes(32, 3)),
            AdvSecret = ByteString.CopyFrom(Mutilations.Bytes(32, 4)),
        };
        var content = PasskeyPairing.SealRequest(key, request, Mutilations.Bytes(12, 5));
        Assert.Equal(request, PasskeyPairing.OpenRequest(key, content));
        Assert.All(Mutilations.All(content), bad => Assert.Throws<ProtocolException>(() => PasskeyPairing.OpenRequest(key, bad)));
        request.AdvSecret = ByteString.Empty;
        Assert.Throws<ProtocolException>(() => PasskeyPairing.OpenRequest(key, PasskeyPairing.SealRequest(key, request, new byte[12])));
    }

    [Fact]
    public void A_short_nonce_gives_no_code() => Assert.Throws<ProtocolException>(
        () => PasskeyPairing.Code(new(PhoneIdentity) { Nonce = ByteString.CopyFrom(new byte[5]) }, CompanionNonce));
}
