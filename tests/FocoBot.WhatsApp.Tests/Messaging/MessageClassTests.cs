using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Messaging;

public class MessageClassTests
{
    private static readonly Dictionary<string, (Message Message, string Type, string? MediaType)> Classified = new()
    {
        ["text"] = (new() { Conversation = "hi" }, "text", null),
        ["extended text"] = (new() { ExtendedTextMessage = new() { Text = "hi" } }, "text", null),
        ["link preview"] = (new() { ExtendedTextMessage = new() { Text = "hi", Title = "t" } }, "media", "url"),
        ["image"] = (new() { ImageMessage = new() }, "media", "image"),
        ["video"] = (new() { VideoMessage = new() }, "media", "video"),
        ["gif"] = (new() { VideoMessage = new() { GifPlayback = true } }, "media", "gif"),
        ["ptv"] = (new() { PtvMessage = new() }, "media", "ptv"),
        ["audio"] = (new() { AudioMessage = new() }, "media", "audio"),
        ["voice"] = (new() { AudioMessage = new() { Ptt = true } }, "media", "ptt"),
        ["document"] = (new() { DocumentMessage = new() }, "media", "document"),
        ["captioned document"] = (new() { DocumentWithCaptionMessage = new() { Message = new() { DocumentMessage = new() } } }, "media", "document"),
        ["sticker"] = (new() { StickerMessage = new() }, "media", "sticker"),
        ["contact"] = (new() { ContactMessage = new() }, "media", "vcard"),
        ["contacts"] = (new() { ContactsArrayMessage = new() }, "media", "contact_array"),
        ["live location"] = (new() { LiveLocationMessage = new() }, "media", "livelocation"),
        ["group invite"] = (new() { GroupInviteMessage = new() }, "media", "url"),
        ["list response"] = (new() { ListResponseMessage = new() }, "media", "list_response"),
        ["reaction"] = (new() { ReactionMessage = new() { Text = "👍" } }, "reaction", null),
        ["encrypted reaction"] = (new() { EncReactionMessage = new() }, "reaction", null),
        ["poll"] = (new() { PollCreationMessageV3 = new() }, "poll", null),
        ["vote"] = (new() { PollUpdateMessage = new() }, "poll", null),
        ["event"] = (new() { EventMessage = new() }, "event", null),
        ["view-once image"] = (new() { ViewOnceMessageV2 = new() { Message = new() { ImageMessage = new() } } }, "media", "image"),
        ["ephemeral view-once"] = (
            new() { EphemeralMessage = new() { Message = new() { ViewOnceMessage = new() { Message = new() { VideoMessage = new() } } } } }, "media", "video"),
        ["nothing"] = (new(), "text", null),
    };

    public static TheoryData<string> Contents => [.. Classified.Keys];

    [Theory]
    [MemberData(nameof(Contents))]
    public void Each_content_has_its_type_and_media_type(string content)
    {
        var (message, type, mediaType) = Classified[content];
        var of = MessageClass.Of(message);
        Assert.Equal((type, mediaType, null), (of.Type, of.MediaType, of.Edit));
    }

    [Fact]
    public void Edits_revokes_and_pins_are_marked_and_hidden_where_they_can_not_be_read()
    {
        AssertEdit("1", new() { EditedMessage = new() });
        AssertEdit("1", new() { ProtocolMessage = new() { Type = ProtocolMessage.Types.Type.MessageEdit } });
        AssertEdit("7", new() { ProtocolMessage = new() { Type = ProtocolMessage.Types.Type.Revoke, Key = new() { FromMe = true } } });
        AssertEdit("8", new() { ProtocolMessage = new() { Type = ProtocolMessage.Types.Type.Revoke, Key = new() { FromMe = false } } });
        AssertEdit("7", new() { ReactionMessage = new() { Text = "" } });
        AssertEdit("2", new() { PinInChatMessage = new() });
        Assert.Null(MessageClass.Of(new() { ProtocolMessage = new() { Type = ProtocolMessage.Types.Type.EphemeralSetting } }).Edit);

        static void AssertEdit(string edit, Message message)
        {
            var of = MessageClass.Of(message);
            Assert.Equal(edit, of.Edit);
            Assert.True(of.HideDecryptFailure);
        }
    }

    [Fact]
    public void Polls_and_events_say_which_half_they_are()
    {
        Assert.Equal(("polltype", "creation"), MessageClass.Of(new() { PollCreationMessage = new() }).Meta);
        Assert.Equal(("polltype", "vote"), MessageClass.Of(new() { PollUpdateMessage = new() }).Meta);
        Assert.Equal(("event_type", "creation"), MessageClass.Of(new() { EventMessage = new() }).Meta);
        Assert.Equal(("event_type", "response"), MessageClass.Of(new() { EncEventResponseMessage = new() }).Meta);
        Assert.Null(MessageClass.Of(new() { Conversation = "hi" }).Meta);
    }

    [Fact]
    public void What_is_shown_anyway_is_not_hidden()
    {
        Assert.False(MessageClass.Of(new() { Conversation = "hi" }).HideDecryptFailure);
        Assert.False(MessageClass.Of(new() { PollCreationMessage = new() }).HideDecryptFailure);
        Assert.True(MessageClass.Of(new() { PollUpdateMessage = new() }).HideDecryptFailure);
    }
}
