namespace FocoBot.WhatsApp;

/// <summary>Somebody's device has told what became of messages.</summary>
/// <param name="Kind">What became of them.</param>
/// <param name="Chat">The chat; null for what is between devices of the account.</param>
/// <param name="By">Whose device tells it: with the device where the server names it.</param>
/// <param name="MessageIds">Which messages.</param>
/// <param name="Time">When that was.</param>
public sealed record ReceiptReceived(ReceiptKind Kind, Jid? Chat, Jid By, IReadOnlyList<string> MessageIds, DateTimeOffset? Time) : ClientEvent
{
    /// <summary>The server's word for the kind; null for the plain one.</summary>
    public string? Type { get; init; }
}

/// <summary>What became of a message.</summary>
public enum ReceiptKind
{
    /// <summary>It has arrived.</summary>
    Delivered,

    /// <summary>It was read.</summary>
    Read,

    /// <summary>It was read on another device of this account, which tells nobody else.</summary>
    ReadByOwner,

    /// <summary>The voice message was listened to, or what is for one look was looked at.</summary>
    Played,

    /// <summary>The same on another device of this account, which tells nobody else.</summary>
    PlayedByOwner,

    /// <summary>Another device of this account has got the copy of what this one sent.</summary>
    CopyDelivered,

    /// <summary>Another device of this account has taken what was for it alone.</summary>
    PeerMessageTaken,

    /// <summary>Somebody could not download the file, and asks for it to be uploaded again.</summary>
    FileMissing,

    /// <summary>Of a kind that came after this library: see <see cref="ReceiptReceived.Type"/>.</summary>
    Other,
}

/// <summary>Somebody whose presence was asked for has come or gone.</summary>
/// <param name="User">Who.</param>
/// <param name="IsAvailable">Whether WhatsApp is open there.</param>
/// <param name="LastSeen">When it was last; null when that is not told.</param>
public sealed record PresenceChanged(Jid User, bool IsAvailable, DateTimeOffset? LastSeen) : ClientEvent;

/// <summary>Somebody writes or speaks a message, or has stopped. The server tells that only to devices that are available.</summary>
/// <param name="Chat">Where.</param>
/// <param name="User">Who.</param>
/// <param name="Typing">What is done.</param>
public sealed record TypingChanged(Jid Chat, Jid User, Typing Typing) : ClientEvent;

/// <summary>What somebody does in a chat.</summary>
public enum Typing
{
    /// <summary>Nothing any more.</summary>
    Paused,

    /// <summary>Writes.</summary>
    Composing,

    /// <summary>Speaks a voice message.</summary>
    Recording,
}

/// <summary>Somebody, or a group, has another picture.</summary>
/// <param name="Of">Whose it is.</param>
/// <param name="Id">The id of the new one; null when it was removed.</param>
/// <param name="By">Who changed it, in groups.</param>
public sealed record PictureChanged(Jid Of, string? Id, Jid? By) : ClientEvent;

/// <summary>Somebody has another about text.</summary>
/// <param name="Of">Whose it is.</param>
/// <param name="Text">The text; null when it is to be asked for.</param>
public sealed record AboutChanged(Jid Of, string? Text) : ClientEvent;

/// <summary>The account's owner has blocked people or no longer does, from any device.</summary>
/// <param name="Blocked">Who is blocked from now on.</param>
/// <param name="Unblocked">Who no longer is.</param>
/// <remarks>When both are empty, the list is to be asked for.</remarks>
public sealed record BlocklistChanged(IReadOnlyList<Jid> Blocked, IReadOnlyList<Jid> Unblocked) : ClientEvent;

/// <summary>The account's privacy settings were changed, from any device.</summary>
/// <param name="Changed">What is known of the new ones.</param>
public sealed record PrivacyChanged(PrivacySettings Changed) : ClientEvent;

/// <summary>WhatsApp lets the account begin no chats with strangers for a while, or does again.</summary>
/// <param name="IsRestricted">Whether it may not: such messages are refused, see <see cref="RefusalReason.ContactNotEstablished"/>, and each of them counts.</param>
/// <param name="Until">Until when, if the server says so.</param>
public sealed record NewChatsRestricted(bool IsRestricted, DateTimeOffset? Until) : ClientEvent;
