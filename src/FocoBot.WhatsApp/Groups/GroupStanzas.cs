using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Groups;

/// <summary>
/// Groups and their changes as stanzas.
/// <code>
/// &lt;group id subject creation? creator? addressing_mode?&gt;
///   &lt;participant jid type="admin|superadmin"? phone_number|lid?/&gt;… &lt;description id&gt;&lt;body&gt;text&lt;/body&gt;&lt;/description&gt;? &lt;announcement/&gt;? &lt;locked/&gt;?
///   &lt;ephemeral expiration/&gt;? &lt;member_add_mode&gt;all_member_add&lt;/…&gt;? &lt;membership_approval_mode&gt;&lt;group_join state/&gt;&lt;/…&gt;? &lt;linked_parent jid/&gt;?
/// &lt;/group&gt;
/// </code>
/// </summary>
internal static class GroupStanzas
{
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public static Group Read(Node group)
    {
        var id = group.Require("id");
        var jid = Jid.TryParse(id, out var whole) && whole.Server == JidServer.Group ? whole
            : Jid.TryCreate(id, JidServer.Group, 0, 0, out var made) ? made : throw new ProtocolException("A group has no address.");
        var description = group.Child("description");
        return new(jid, group["subject"] ?? "", [.. group.ChildrenOf("participant").Where(member => member["error"] is null).Take(Limits.GroupMembers).Select(Member)])
        {
            Description = description?.Child("body")?.Content.Text,
            DescriptionId = description?["id"],
            Creator = group.GetJid("creator"),
            Created = group.GetTime("creation"),
            IsAnnouncement = group.Child("announcement") is not null,
            IsLocked = group.Child("locked") is not null,
            HasJoinApproval = group.Child("membership_approval_mode")?.Child("group_join") is { } join && join["state"] != "off",
            CanMembersAdd = group.Child("member_add_mode")?.Content.Text == "all_member_add",
            Disappearing = group.Child("ephemeral")?.GetNumber("expiration") is > 0 and <= int.MaxValue and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            Community = group.Child("linked_parent")?.GetJid("jid"),
            UsesHiddenIdentities = group["addressing_mode"] == "lid",
        };
    }

    /// <summary>Somebody named by a <c>participant</c>.</summary>
    public static GroupMember Member(Node participant) => new(
        participant.RequireJid("jid").WithoutDevice(),
        participant.GetJid("phone_number") ?? participant.GetJid("lid"),
        participant["type"] switch { "superadmin" => GroupRole.SuperAdmin, "admin" => GroupRole.Admin, _ => GroupRole.Member });

    public static Node[] Participants(IEnumerable<Jid> users) => [.. users.Select(user => new Node("participant", [("jid", user)]))];

    /// <summary>What a notification of type <c>w:gp2</c> tells: an event for each thing that changed.</summary>
    public static IEnumerable<GroupChanged> Changes(Node notification)
    {
        var group = notification.RequireJid("from");
        var by = notification.GetJid("participant");
        var time = notification.GetTime("t");
        foreach (var change in notification.Children)
        {
            var members = change.Tag == "create" ? [] : change.ChildrenOf("participant").Take(Limits.GroupMembers).Select(member => Member(member).User).ToArray();
            var kind = change.Tag switch
            {
                "create" => GroupChange.Created,
                "add" => GroupChange.Added,
                "remove" or "leave" => GroupChange.Removed,
                "promote" => GroupChange.Promoted,
                "demote" => GroupChange.Demoted,
                "subject" => GroupChange.Subject,
                "description" => GroupChange.Description,
                "announcement" or "not_announcement" or "locked" or "unlocked" or "member_add_mode" or "membership_approval_mode" => GroupChange.Settings,
                "ephemeral" or "not_ephemeral" => GroupChange.Disappearing,
                "invite" or "revoke" => GroupChange.Invitation,
                "created_membership_requests" or "revoked_membership_requests" => GroupChange.JoinRequests,
                "delete" => GroupChange.Deleted,
                _ => GroupChange.Other,
            };
            yield return new(group, kind, by, time, members)
            {
                Text = kind switch
                {
                    GroupChange.Subject => change["subject"],
                    GroupChange.Description => change.Child("body")?.Content.Text,
                    GroupChange.Created => change.Child("group")?["subject"],
                    _ => null,
                },
            };
        }
    }
}
