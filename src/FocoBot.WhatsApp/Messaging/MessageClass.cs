using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What the server is told about an encrypted message.</summary>
/// <param name="Type">The <c>type</c> of the stanza: text, media, reaction, poll or event.</param>
/// <param name="MediaType">The <c>mediatype</c> of its <c>enc</c>; null without media.</param>
/// <param name="Edit">The <c>edit</c> of the stanza: 1 edits, 2 pins, 7 and 8 revoke; null otherwise.</param>
/// <param name="Meta">Name and value for the <c>meta</c> child; null without one.</param>
/// <param name="HideDecryptFailure">Whether a receiver that can't decrypt shows nothing (<c>decrypt-fail="hide"</c>).</param>
internal sealed record MessageClass(string Type, string? MediaType, string? Edit, (string Name, string Value)? Meta, bool HideDecryptFailure)
{
    public static MessageClass Of(Message message)
    {
        var content = Unwrap(message);
        var edit = EditOf(message, content);
        var isVote = content.PollUpdateMessage != null;
        var isReaction = content.ReactionMessage != null || content.EncReactionMessage != null;
        var isResponse = content.EncEventResponseMessage != null;
        var isPoll = isVote || (content.PollCreationMessage ?? content.PollCreationMessageV2 ?? content.PollCreationMessageV3) != null;
        var isEvent = isResponse || content.EventMessage != null;
        var mediaType = MediaTypeOf(content);
        return new MessageClass(
            isReaction ? "reaction" : isPoll ? "poll" : isEvent ? "event" : mediaType != null ? "media" : "text",
            mediaType,
            edit,
            isPoll ? ("polltype", isVote ? "vote" : "creation") : isEvent ? ("event_type", isResponse ? "response" : "creation") : null,
            edit != null || isReaction || isVote || isResponse || content.EncCommentMessage != null || content.SecretEncryptedMessage != null);
    }

    /// <summary>The message inside of view-once, ephemeral and other wrappers. Each is one level deeper, so this ends.</summary>
    public static Message Unwrap(Message message)
    {
        while (Wrapper(message)?.Message is { } inner)
            message = inner;
        return message;
    }

    /// <summary>What a message is wrapped in, on the outside; null for nothing.</summary>
    public static FutureProofMessage? Wrapper(Message m) =>
        m.ViewOnceMessage ?? m.ViewOnceMessageV2 ?? m.ViewOnceMessageV2Extension ?? m.EphemeralMessage
        ?? m.DocumentWithCaptionMessage ?? m.LottieStickerMessage ?? m.AssociatedChildMessage;

    private static string? EditOf(Message message, Message content) => content switch
    {
        _ when message.EditedMessage != null => "1",
        { ProtocolMessage: { HasType: true, Type: ProtocolMessage.Types.Type.MessageEdit } } => "1",
        { ProtocolMessage: { HasType: true, Type: ProtocolMessage.Types.Type.Revoke } revoke } => revoke.Key?.FromMe == true ? "7" : "8",
        { ReactionMessage: { HasText: true, Text: "" } } => "7",
        { PinInChatMessage: not null } => "2",
        _ => null,
    };

    private static string? MediaTypeOf(Message m) => m switch
    {
        { ImageMessage: not null } => "image",
        { StickerMessage: not null } => "sticker",
        { DocumentMessage: not null } => "document",
        { AudioMessage: { } audio } => audio.Ptt ? "ptt" : "audio",
        { VideoMessage: { } video } => video.GifPlayback ? "gif" : "video",
        { PtvMessage: not null } => "ptv",
        { ContactMessage: not null } => "vcard",
        { ContactsArrayMessage: not null } => "contact_array",
        { LocationMessage: not null } => "location",
        { LiveLocationMessage: not null } => "livelocation",
        { GroupInviteMessage: not null } => "url",
        { ExtendedTextMessage.HasTitle: true } => "url",
        { ProductMessage: not null } => "product",
        { OrderMessage: not null } => "order",
        { ListMessage: not null } => "list",
        { ListResponseMessage: not null } => "list_response",
        { ButtonsMessage: not null } => "button",
        { ButtonsResponseMessage: not null } => "buttons_response",
        { InteractiveResponseMessage: not null } => "native_flow_response",
        _ => null,
    };
}
