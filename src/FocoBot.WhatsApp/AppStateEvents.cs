namespace FocoBot.WhatsApp;

/// <summary>A setting that all devices of the account share was changed on another one. Told after it was verified and stored.</summary>
public abstract record AppStateEvent : ClientEvent
{
    /// <summary>When it was changed; null when that is not said.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Whether it is part of what there was when this device was linked or had to begin anew: it may be old, and told before.</summary>
    public bool IsInitial { get; init; }
}

/// <summary>Somebody was given a name in the account's address book, or taken out of it.</summary>
/// <param name="Contact">Who.</param>
/// <param name="FullName">The name; null for none any more.</param>
/// <param name="FirstName">The short name, if there is one.</param>
public sealed record ContactNamed(Jid Contact, string? FullName, string? FirstName) : AppStateEvent
{
    /// <summary>The contact's other address (phone number or hidden identity), if it is given.</summary>
    public Jid? Alternate { get; init; }
}

/// <summary>A chat was muted or not any more.</summary>
/// <param name="Chat">Which.</param>
/// <param name="IsMuted">Whether it is muted.</param>
/// <param name="Until">Until when; null for ever.</param>
public sealed record ChatMuted(Jid Chat, bool IsMuted, DateTimeOffset? Until) : AppStateEvent;

/// <summary>A chat was pinned to the top or not any more.</summary>
/// <param name="Chat">Which.</param>
/// <param name="IsPinned">Whether it is pinned.</param>
public sealed record ChatPinned(Jid Chat, bool IsPinned) : AppStateEvent;

/// <summary>A chat was archived or brought back.</summary>
/// <param name="Chat">Which.</param>
/// <param name="IsArchived">Whether it is archived.</param>
public sealed record ChatArchived(Jid Chat, bool IsArchived) : AppStateEvent;

/// <summary>A chat was marked as read or unread.</summary>
/// <param name="Chat">Which.</param>
/// <param name="IsRead">Whether it counts as read.</param>
public sealed record ChatMarkedRead(Jid Chat, bool IsRead) : AppStateEvent;

/// <summary>A chat was emptied.</summary>
/// <param name="Chat">Which.</param>
public sealed record ChatCleared(Jid Chat) : AppStateEvent;

/// <summary>A chat was deleted.</summary>
/// <param name="Chat">Which.</param>
public sealed record ChatDeleted(Jid Chat) : AppStateEvent;

/// <summary>A message was starred or not any more.</summary>
/// <param name="Chat">The chat it is in.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="FromMe">Whether the account's owner wrote it.</param>
/// <param name="IsStarred">Whether it is starred.</param>
public sealed record MessageStarred(Jid Chat, string MessageId, bool FromMe, bool IsStarred) : AppStateEvent
{
    /// <summary>Who wrote it, where that is said (groups).</summary>
    public Jid? Sender { get; init; }
}

/// <summary>A message was deleted for the account's owner alone.</summary>
/// <param name="Chat">The chat it was in.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="FromMe">Whether the account's owner wrote it.</param>
public sealed record MessageDeletedForMe(Jid Chat, string MessageId, bool FromMe) : AppStateEvent
{
    /// <summary>Who wrote it, where that is said (groups).</summary>
    public Jid? Sender { get; init; }
}

/// <summary>The name that others see was changed.</summary>
/// <param name="Name">The new name.</param>
public sealed record PushNameChanged(string Name) : AppStateEvent;

/// <summary>A label was made, changed or deleted.</summary>
/// <param name="LabelId">Its id, a number as a rule.</param>
/// <param name="Name">Its name; null when it is not said.</param>
/// <param name="Color">The number of its colour.</param>
/// <param name="IsDeleted">Whether it is there no more.</param>
public sealed record LabelChanged(string LabelId, string? Name, int Color, bool IsDeleted) : AppStateEvent;

/// <summary>A chat was given a label, or lost it.</summary>
/// <param name="Chat">Which.</param>
/// <param name="LabelId">The label's id.</param>
/// <param name="IsLabeled">Whether it has the label.</param>
public sealed record ChatLabeled(Jid Chat, string LabelId, bool IsLabeled) : AppStateEvent;

/// <summary>A message was given a label, or lost it.</summary>
/// <param name="Chat">The chat it is in.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="LabelId">The label's id.</param>
/// <param name="IsLabeled">Whether it has the label.</param>
public sealed record MessageLabeled(Jid Chat, string MessageId, string LabelId, bool IsLabeled) : AppStateEvent;
