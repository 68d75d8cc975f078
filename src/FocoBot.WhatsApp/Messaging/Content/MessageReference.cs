using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>Names a message, to reply to it, react to it, change it or mark it as read.</summary>
/// <param name="Chat">The chat it is in.</param>
/// <param name="Id">Its id, unique together with chat and author.</param>
/// <param name="Author">Who wrote it; may be null for the account's own messages, and for what others name without saying.</param>
/// <param name="FromMe">Whether the account wrote it.</param>
public sealed record MessageReference(Jid Chat, string Id, Jid? Author, bool FromMe)
{
    /// <summary>Nothing of what is inside, which may be somebody's number.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(MessageReference);

    /// <summary>As this account names it to others: <c>fromMe</c> is meant from the sender's side; only where many write is the author named.</summary>
    internal MessageKey ToKey()
    {
        var key = new MessageKey { RemoteJid = Chat.ToString(), FromMe = FromMe, Id = Id };
        if (!FromMe && Chat.IsShared())
            key.Participant = Author?.WithoutDevice().ToString() ?? throw new ArgumentException("In a group a message is named with its author.");
        return key;
    }
}

internal static class Chats
{
    /// <summary>Whether several people write into this chat, so that it does not say who wrote a message.</summary>
    public static bool IsShared(this Jid chat) => chat.Server is JidServer.Group or JidServer.Broadcast;
}
