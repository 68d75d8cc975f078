using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Messaging;

public class ReportingTokenTests
{
    // A view-once wrapper (37) around an image (3): url 1, mimetype 2, caption 3, mediaKey 8, contextInfo 17 { stanzaId 1, 21, 22 }; a message secret beside it.
    private const string ViewOnce =
        "aa02740a721a4b0a0968747470733a2f2f78120a696d6167652f6a7065671a0363617042206b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b"
        + "6b6b6b6b8a010a0a024944a80102b001019a02221a207373737373737373737373737373737373737373737373737373737373737373";

    private const string ViewOnceFiltered =
        "aa02400a3e1a3c120a696d6167652f6a7065671a0363617042206b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b8a0106a80102b00101";

    [Fact]
    public void The_token_is_that_of_Baileys()
    {
        var vector = Vectors.Load("reporting-token.json");
        var remote = vector.GetProperty("remote").GetString()!;
        var addOn = new MessageAddOn(vector.GetProperty("id").GetString()!, remote, remote);
        var message = vector.Hex("message_protobuf");
        Assert.Equal(vector.Hex("baileys_key"), addOn.Key(vector.Hex("message_secret"), SecretUse.ReportToken));
        Assert.Equal(vector.Hex("filtered_content_for_conversation"), ReportingToken.Filter(message, ReportableFields.Message));
        Assert.Equal(vector.Hex("baileys_token_unpadded_input"), ReportingToken.Compute(addOn, vector.Hex("message_secret"), message));
    }

    [Fact]
    public void It_goes_into_the_stanza_of_its_message()
    {
        var vector = Vectors.Load("reporting-token.json");
        var remote = Jid.Parse(vector.GetProperty("remote").GetString()!);
        var message = Message.Parser.ParseFrom(vector.Hex("message_protobuf"));
        var report = ReportingToken.For(vector.GetProperty("id").GetString()!, remote.WithDevice(7), remote, message)!;
        var token = Assert.Single(report.Children.ToArray());
        Assert.Equal(("reporting", "reporting_token", "2"), (report.Tag, token.Tag, token["v"]));
        Assert.Equal(vector.Hex("baileys_token_unpadded_input"), token.Content.Bytes.ToArray());
    }

    [Fact]
    public void What_is_added_to_another_message_has_none_nor_has_one_without_a_secret()
    {
        var jid = new Jid("777", JidServer.Lid);
        Message[] addOns =
        [
            new() { ReactionMessage = new() }, new() { EncReactionMessage = new() }, new() { EncEventResponseMessage = new() }, new() { PollUpdateMessage = new() },
            new() { EphemeralMessage = new() { Message = new() { ReactionMessage = new() } } },
        ];
        foreach (var message in addOns)
        {
            (message.Conversation, message.MessageContextInfo) = ("x", new() { MessageSecret = ByteString.CopyFrom(new byte[32]) });
            Assert.Null(ReportingToken.For("3EB0", jid, jid, message));
        }

        Assert.Null(ReportingToken.For("3EB0", jid, jid, new() { Conversation = "x" }));
    }

    [Fact]
    public void Submessages_are_framed_anew_around_what_is_left() =>
        Assert.Equal(ViewOnceFiltered, ReportingToken.Filter(Convert.FromHexString(ViewOnce), ReportableFields.Message).ToHex());

    [Fact]
    public void Fields_are_put_in_order() => // 6 { 1: "b" } before 1: "a"
        Assert.Equal("0a016132030a0162", ReportingToken.Filter(Convert.FromHexString("32030a01620a0161"), ReportableFields.Message).ToHex());

    [Fact]
    public void A_message_with_nothing_reportable_has_no_token() =>
        Assert.Null(ReportingToken.Compute(new MessageAddOn("id", "a", "b"), new byte[32], Convert.FromHexString("f203020a00")));

    [Fact]
    public void Bytes_of_no_meaning_are_refused_or_filtered()
    {
        foreach (var bad in Mutilations.All(Convert.FromHexString(ViewOnce)))
            Mutilations.Refuses(() => ReportingToken.Filter(bad, ReportableFields.Message));
    }

    [Fact]
    public void Deep_nesting_ends()
    {
        byte[] nested = [0x0A, 0x01, 0x61];
        for (var i = 0; i < 2_000; i++)
            nested = [0xAA, 0x02, .. Length(nested.Length + 1 + Length(nested.Length).Length), 0x0A, .. Length(nested.Length), .. nested];
        Assert.Empty(ReportingToken.Filter(nested, ReportableFields.Message));

        static byte[] Length(int length) => length < 0x80 ? [(byte)length]
            : length < 0x4000 ? [(byte)(length | 0x80), (byte)(length >> 7)]
            : [(byte)(length | 0x80), (byte)(length >> 7 | 0x80), (byte)(length >> 14)];
    }
}
