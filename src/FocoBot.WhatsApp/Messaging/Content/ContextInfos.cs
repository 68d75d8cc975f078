using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>Where a message has its context: each kind of content that can have one has it inside.</summary>
internal static class ContextInfos
{
    /// <summary>The context of a message that is in no wrapper; null when there is none.</summary>
    public static ContextInfo? Find(Message message) => Change(message, context => context);

    /// <summary>The context of a message, in its wrappers if need be, made if there is none; null for what can't have one.</summary>
    public static ContextInfo? Require(Message message)
    {
        var content = MessageClass.Unwrap(message);
        if (content.HasConversation)
        {
            content.ExtendedTextMessage = new() { Text = content.Conversation };
            content.ClearConversation();
        }

        return Change(content, context => context ?? new());
    }

    /// <summary>Gives a message that can have one another context, or none.</summary>
    public static void Replace(Message message, ContextInfo? context) => Change(message, _ => context);

    private static ContextInfo? Change(Message message, Func<ContextInfo?, ContextInfo?> change) => message switch
    {
        { ExtendedTextMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { ImageMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { VideoMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { PtvMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { AudioMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { DocumentMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { StickerMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { LocationMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { LiveLocationMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { ContactMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { ContactsArrayMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { GroupInviteMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { AlbumMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        { EventMessage: { } part } => part.ContextInfo = change(part.ContextInfo),
        _ when (message.PollCreationMessage ?? message.PollCreationMessageV2 ?? message.PollCreationMessageV3) is { } part => part.ContextInfo = change(part.ContextInfo),
        _ => null,
    };
}
