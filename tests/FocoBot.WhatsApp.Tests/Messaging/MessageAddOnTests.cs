using System.Text.Json;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Messaging;

public class MessageAddOnTests
{
    private static readonly JsonElement Vector = Vectors.Load("message-secret.json");
    private static readonly byte[] Secret = Vector.Hex("message_secret");
    private static readonly MessageAddOn AddOn = new(Text("message_id"), Text("original_sender"), Text("modification_sender"));

    [Fact]
    public void Every_use_has_the_key_of_Baileys()
    {
        var recorded = Vector.GetProperty("use_cases").EnumerateArray().ToDictionary(u => u.GetProperty("use_case").GetString()!.Replace(" ", ""), u => u.Hex("key"));
        Assert.Equal(Enum.GetNames<SecretUse>().Order(), recorded.Keys.Order());
        Assert.All(Enum.GetValues<SecretUse>(), use => Assert.Equal(recorded[use.ToString()], AddOn.Key(Secret, use)));
    }

    [Fact]
    public void A_vote_is_sealed_and_opened_as_by_Baileys()
    {
        var recorded = Vector.GetProperty("poll_vote");
        var vote = AddOn.SealVote(Secret, ["Yes"], recorded.Hex("iv"));
        Assert.Equal(recorded.Hex("enc_payload"), vote.EncPayload.ToByteArray());
        Assert.Equal(recorded.Hex("plaintext"), AddOn.OpenVote(Secret, vote).ToByteArray());
        Assert.All(
            Vector.GetProperty("options").EnumerateArray(),
            o => Assert.Equal(o.Hex("sha256"), MessageAddOn.OptionHash(o.GetProperty("name").GetString()!)));
    }

    [Fact]
    public void A_changed_vote_does_not_open()
    {
        var vote = AddOn.SealVote(Secret, ["Yes"], new byte[12]);
        Assert.All(
            Mutilations.All(vote.EncPayload.ToByteArray()),
            bad => Assert.Throws<ProtocolException>(() => AddOn.OpenVote(Secret, new(vote) { EncPayload = ByteString.CopyFrom(bad) })));
        Assert.All(
            Mutilations.All(vote.EncIv.ToByteArray()),
            bad => Assert.Throws<ProtocolException>(() => AddOn.OpenVote(Secret, new(vote) { EncIv = ByteString.CopyFrom(bad) })));
        Assert.Throws<ProtocolException>(() => AddOn.OpenVote(Secret, new PollEncValue()));
    }

    [Fact]
    public void An_add_on_opens_for_its_own_sender_message_and_use_alone() => Properties.ForAll<byte[], int>((payload, number) =>
    {
        var use = (SecretUse)(Math.Abs(number % 8));
        var iv = Mutilations.Bytes(12, number);
        var box = AddOn.Seal(Secret, use, iv, payload);
        return payload.AsSpan().SequenceEqual(AddOn.Open(Secret, use, iv, box))
            && Mutilations.Refuses(() => AddOn.Open(Secret, use + 1, iv, box))
            && Mutilations.Refuses(() => (AddOn with { MessageId = "3EB0" }).Open(Secret, use, iv, box))
            && Mutilations.Refuses(() => (AddOn with { ModificationSender = "1@lid" }).Open(Secret, use, iv, box));
    });

    [Fact]
    public void Bot_secret_and_chat_token_are_as_recorded()
    {
        Assert.Equal(Vector.Hex("bot_message_secret"), MessageAddOn.BotSecret(Secret));
        var token = Vector.GetProperty("cstoken");
        Assert.Equal(token.Hex("hmac_sha256"), PrivacyTokens.ChatToken(token.Hex("nct_salt"), token.GetProperty("recipient_lid").GetString()!));
    }

    private static string Text(string name) => Vector.GetProperty(name).GetString()!;
}
