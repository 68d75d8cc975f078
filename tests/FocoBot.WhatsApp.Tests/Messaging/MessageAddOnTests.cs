using System.Text.Json;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Messaging;

public class MessageAddOnTests
{
    private static readonly JsonElement _vector = Vectors.Load("message-secret.json");
    private static readonly byte[] _secret = _vector.Hex("message_secret");
    private static readonly MessageAddOn _addOn = new(Text("message_id"), Text("original_sender"), Text("modification_sender"));

    [Fact]
    public void Every_use_has_the_key_of_Baileys()
    {
        var recorded = _vector.GetProperty("use_cases").EnumerateArray().ToDictionary(u => u.GetProperty("use_case").GetString()!.Replace(" ", ""), u => u.Hex("key"));
        Assert.Equal(Enum.GetNames<SecretUse>().Order(), recorded.Keys.Order());
        Assert.All(Enum.GetValues<SecretUse>(), use => Assert.Equal(recorded[use.ToString()], _addOn.Key(_secret, use)));
    }

    [Fact]
    public void A_vote_is_sealed_and_opened_as_by_Baileys()
    {
        var recorded = _vector.GetProperty("poll_vote");
        var vote = _addOn.SealVote(_secret, ["Yes"], recorded.Hex("iv"));
        Assert.Equal(recorded.Hex("enc_payload"), vote.EncPayload.ToByteArray());
        Assert.Equal(recorded.Hex("plaintext"), _addOn.OpenVote(_secret, vote).ToByteArray());
        Assert.All(
            _vector.GetProperty("options").EnumerateArray(),
            o => Assert.Equal(o.Hex("sha256"), MessageAddOn.OptionHash(o.GetProperty("name").GetString()!)));
    }

    [Fact]
    public void A_changed_vote_does_not_open()
    {
        var vote = _addOn.SealVote(_secret, ["Yes"], new byte[12]);
        Assert.All(
            Mutilations.All(vote.EncPayload.ToByteArray()),
            bad => Assert.Throws<ProtocolException>(() => _addOn.OpenVote(_secret, new(vote) { EncPayload = ByteString.CopyFrom(bad) })));
        Assert.All(
            Mutilations.All(vote.EncIv.ToByteArray()),
            bad => Assert.Throws<ProtocolException>(() => _addOn.OpenVote(_secret, new(vote) { EncIv = ByteString.CopyFrom(bad) })));
        Assert.Throws<ProtocolException>(() => _addOn.OpenVote(_secret, new PollEncValue()));
    }

    [Fact]
    public void An_add_on_opens_for_its_own_sender_message_and_use_alone() => Properties.ForAll<byte[], int>((payload, number) =>
    {
        var use = (SecretUse)(Math.Abs(number % 8));
        var iv = Mutilations.Bytes(12, number);
        var box = _addOn.Seal(_secret, use, iv, payload);
        return payload.AsSpan().SequenceEqual(_addOn.Open(_secret, use, iv, box))
            && Mutilations.Refuses(() => _addOn.Open(_secret, use + 1, iv, box))
            && Mutilations.Refuses(() => (_addOn with { MessageId = "3EB0" }).Open(_secret, use, iv, box))
            && Mutilations.Refuses(() => (_addOn with { ModificationSender = "1@lid" }).Open(_secret, use, iv, box));
    });

    [Fact]
    public void Bot_secret_and_chat_token_are_as_recorded()
    {
        Assert.Equal(_vector.Hex("bot_message_secret"), MessageAddOn.BotSecret(_secret));
        var token = _vector.GetProperty("cstoken");
        Assert.Equal(token.Hex("hmac_sha256"), PrivacyTokens.ChatToken(token.Hex("nct_salt"), token.GetProperty("recipient_lid").GetString()!));
    }

    private static string Text(string name) => _vector.GetProperty(name).GetString()!;
}
