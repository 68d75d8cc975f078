namespace FocoBot.WhatsApp.Groups;

/// <summary>What changed in a group.</summary>
public enum GroupChange
{
    /// <summary>It was made, or this account was added to it.</summary>
    Created,

    /// <summary>Somebody was added, or joined.</summary>
    Added,

    /// <summary>Somebody was removed, or left.</summary>
    Removed,

    /// <summary>Somebody became an admin.</summary>
    Promoted,

    /// <summary>Somebody is no admin any more.</summary>
    Demoted,

    /// <summary>What it is called.</summary>
    Subject,

    /// <summary>Its description.</summary>
    Description,

    /// <summary>Who may write, change it, add others or join.</summary>
    Settings,

    /// <summary>After how long messages vanish.</summary>
    Disappearing,

    /// <summary>The invitation.</summary>
    Invitation,

    /// <summary>Somebody wants to join, or no longer does.</summary>
    JoinRequests,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>Something that came after this library.</summary>
    Other,
}

/// <summary>Something changed in a group that the account is in.</summary>
/// <param name="Group">The group.</param>
/// <param name="Change">What.</param>
/// <param name="By">Who did it, if the server tells.</param>
/// <param name="Time">When.</param>
/// <param name="Members">Whom it is about, if it is about members.</param>
public sealed record GroupChanged(Jid Group, GroupChange Change, Jid? By, DateTimeOffset? Time, IReadOnlyList<Jid> Members) : ClientEvent
{
    /// <summary>The new subject or description; null when it is about something else, or the description was removed.</summary>
    public string? Text { get; init; }
}
