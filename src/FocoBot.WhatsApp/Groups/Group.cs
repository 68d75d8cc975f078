namespace FocoBot.WhatsApp.Groups;

/// <summary>What somebody may do in a group.</summary>
public enum GroupRole
{
    /// <summary>Writes and reads.</summary>
    Member,

    /// <summary>Also changes the group.</summary>
    Admin,

    /// <summary>The one who made it: an admin whom nobody can remove.</summary>
    SuperAdmin,
}

/// <summary>Somebody in a group.</summary>
/// <param name="User">By the kind of address that the group uses, hidden identity as a rule.</param>
/// <param name="Alternate">By the other kind, if the server tells it.</param>
/// <param name="Role">What he may do.</param>
public sealed record GroupMember(Jid User, Jid? Alternate, GroupRole Role);

/// <summary>A group, as the server describes it to its members.</summary>
/// <param name="Jid">Its address.</param>
/// <param name="Subject">What it is called.</param>
/// <param name="Members">Who is in it.</param>
public sealed record Group(Jid Jid, string Subject, IReadOnlyList<GroupMember> Members)
{
    /// <summary>What it is for; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Names the version of the description.</summary>
    public string? DescriptionId { get; init; }

    /// <summary>Who made it, if the server tells.</summary>
    public Jid? Creator { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether only admins may write.</summary>
    public bool IsAnnouncement { get; init; }

    /// <summary>Whether only admins may change what it is called and the like.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Whether admins have to let people in who come by an invitation.</summary>
    public bool HasJoinApproval { get; init; }

    /// <summary>Whether members may add others, not only admins.</summary>
    public bool CanMembersAdd { get; init; }

    /// <summary>After how long messages vanish; null for never.</summary>
    public TimeSpan? Disappearing { get; init; }

    /// <summary>The community that it belongs to, if any.</summary>
    public Jid? Community { get; init; }

    /// <summary>Whether members are named by hidden identity.</summary>
    public bool UsesHiddenIdentities { get; init; }
}

/// <summary>What became of one of several people in a change of a group.</summary>
/// <param name="User">Whom it is about.</param>
/// <param name="Error">Why not, in the server's numbers (403 not allowed, 404 not there, 408 has left lately, 409 as it was); 0 for done.</param>
public sealed record GroupMemberResult(Jid User, int Error);

/// <summary>What came of an invitation.</summary>
/// <param name="Group">The group; null when the server does not say.</param>
/// <param name="IsPending">Whether an admin has to agree first.</param>
public sealed record GroupJoinResult(Jid? Group, bool IsPending);

/// <summary>Somebody who wants to join.</summary>
/// <param name="User">Who.</param>
/// <param name="Time">Since when.</param>
public sealed record GroupJoinRequest(Jid User, DateTimeOffset? Time);
