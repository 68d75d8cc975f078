using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Messaging;

namespace FocoBot.WhatsApp;

// Groups: made, looked at, changed, joined and left. What others change comes as GroupChanged; messages go by SendAsync.
// All of these throw ConnectionEndedException without a connection, RequestRefusedException when the server does not allow it,
// and RequestTimeoutException when it does not answer.
public sealed partial class WhatsAppClient
{
    private GroupRequests OnlineGroups => new(OnlineAsync);

    /// <summary>Makes a group.</summary>
    /// <param name="subject">What it is called: up to 100 characters.</param>
    /// <param name="members">Who else is in it.</param>
    /// <param name="token">Gives up; it may be made all the same.</param>
    /// <returns>The group, with those members that the server let in.</returns>
    public async Task<Group> CreateGroupAsync(string subject, IEnumerable<Jid> members, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subject);
        ArgumentNullException.ThrowIfNull(members);
        await OnlineAsync(token);
        var key = MessageId.Create(_options.Clock.GetUtcNow().ToUnixTimeSeconds(), Device!.PhoneJid!.Value.User, _options.Random.Take(16));
        return await OnlineGroups.CreateAsync(subject, await WelcomeAsync(members, token), key, token);
    }

    /// <summary>Describes a group that the account is in.</summary>
    /// <param name="group">The group.</param>
    /// <param name="token">Gives up.</param>
    public Task<Group> GetGroupAsync(Jid group, CancellationToken token = default) => OnlineGroups.GetAsync(Checked(group), token);

    /// <summary>Describes all groups that the account is in.</summary>
    /// <param name="token">Gives up.</param>
    public Task<IReadOnlyList<Group>> GetGroupsAsync(CancellationToken token = default) => OnlineGroups.GetAllAsync(token);

    /// <summary>Adds members.</summary>
    /// <param name="group">The group.</param>
    /// <param name="members">Whom.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>What became of each.</returns>
    public async Task<IReadOnlyList<GroupMemberResult>> AddToGroupAsync(Jid group, IEnumerable<Jid> members, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        await OnlineAsync(token);
        return await OnlineGroups.ChangeMembersAsync(Checked(group), "add", await WelcomeAsync(members, token), token);
    }

    /// <summary>Removes members, which only admins may.</summary>
    /// <inheritdoc cref="AddToGroupAsync"/>
    public Task<IReadOnlyList<GroupMemberResult>> RemoveFromGroupAsync(Jid group, IEnumerable<Jid> members, CancellationToken token = default) =>
        OnlineGroups.ChangeMembersAsync(Checked(group), "remove", GroupStanzas.Participants(members), token);

    /// <summary>Makes members admins, which only admins may.</summary>
    /// <inheritdoc cref="AddToGroupAsync"/>
    public Task<IReadOnlyList<GroupMemberResult>> PromoteInGroupAsync(Jid group, IEnumerable<Jid> members, CancellationToken token = default) =>
        OnlineGroups.ChangeMembersAsync(Checked(group), "promote", GroupStanzas.Participants(members), token);

    /// <summary>Makes admins members, which only admins may.</summary>
    /// <inheritdoc cref="AddToGroupAsync"/>
    public Task<IReadOnlyList<GroupMemberResult>> DemoteInGroupAsync(Jid group, IEnumerable<Jid> members, CancellationToken token = default) =>
        OnlineGroups.ChangeMembersAsync(Checked(group), "demote", GroupStanzas.Participants(members), token);

    /// <summary>Leaves a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="token">Gives up.</param>
    public Task LeaveGroupAsync(Jid group, CancellationToken token = default) => OnlineGroups.LeaveAsync(Checked(group), token);

    /// <summary>Changes what a group is called.</summary>
    /// <param name="group">The group.</param>
    /// <param name="subject">Up to 100 characters.</param>
    /// <param name="token">Gives up.</param>
    public Task SetGroupSubjectAsync(Jid group, string subject, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subject);
        return OnlineGroups.SetSubjectAsync(Checked(group), subject, token);
    }

    /// <summary>Changes what a group is for.</summary>
    /// <param name="group">The group.</param>
    /// <param name="description">Up to 2,048 characters; null removes it.</param>
    /// <param name="token">Gives up.</param>
    public async Task SetGroupDescriptionAsync(Jid group, string? description, CancellationToken token = default)
    {
        var groups = OnlineGroups;
        // The server takes it only from who knows the one before.
        var before = await groups.GetAsync(Checked(group), token);
        var id = MessageId.Create(_options.Clock.GetUtcNow().ToUnixTimeSeconds(), Device!.PhoneJid!.Value.User, _options.Random.Take(16));
        await groups.SetDescriptionAsync(group, description, id, before.DescriptionId, token);
    }

    /// <summary>Changes whether only admins may write.</summary>
    /// <param name="group">The group.</param>
    /// <param name="onlyAdmins">Whether only they.</param>
    /// <param name="token">Gives up.</param>
    public Task SetGroupAnnouncementAsync(Jid group, bool onlyAdmins, CancellationToken token = default) =>
        OnlineGroups.SetAsync(Checked(group), new Node(onlyAdmins ? "announcement" : "not_announcement"), token);

    /// <summary>Changes whether only admins may change subject, description and the like.</summary>
    /// <inheritdoc cref="SetGroupAnnouncementAsync"/>
    public Task SetGroupLockedAsync(Jid group, bool onlyAdmins, CancellationToken token = default) =>
        OnlineGroups.SetAsync(Checked(group), new Node(onlyAdmins ? "locked" : "unlocked"), token);

    /// <summary>Changes whether only admins may add members.</summary>
    /// <inheritdoc cref="SetGroupAnnouncementAsync"/>
    public Task SetGroupAddModeAsync(Jid group, bool onlyAdmins, CancellationToken token = default) =>
        OnlineGroups.SetAsync(Checked(group), new Node("member_add_mode", onlyAdmins ? "admin_add"u8.ToArray() : "all_member_add"u8.ToArray()), token);

    /// <summary>Changes whether admins have to let people in who come by the invitation.</summary>
    /// <param name="group">The group.</param>
    /// <param name="isNeeded">Whether they have to.</param>
    /// <param name="token">Gives up.</param>
    public Task SetGroupJoinApprovalAsync(Jid group, bool isNeeded, CancellationToken token = default) =>
        OnlineGroups.SetAsync(
            Checked(group), new Node("membership_approval_mode", new Node("group_join", [("state", isNeeded ? "on" : "off")])), token);

    /// <summary>Changes after how long messages vanish.</summary>
    /// <param name="group">The group.</param>
    /// <param name="after">A day, a week or 90 days; null for never.</param>
    /// <param name="token">Gives up.</param>
    public Task SetGroupDisappearingAsync(Jid group, TimeSpan? after, CancellationToken token = default) =>
        OnlineGroups.SetAsync(
            Checked(group), after is { } time ? new Node("ephemeral", [("expiration", GroupRequests.Seconds(time))]) : new Node("not_ephemeral"), token);

    /// <summary>The code of a group's invitation: what follows <c>https://chat.whatsapp.com/</c>.</summary>
    /// <param name="group">The group.</param>
    /// <param name="anew">Whether to have a new one made; the old one is then worth nothing.</param>
    /// <param name="token">Gives up.</param>
    public Task<string> GetGroupInviteAsync(Jid group, bool anew = false, CancellationToken token = default) => OnlineGroups.InviteAsync(Checked(group), anew, token);

    /// <summary>Describes the group of an invitation.</summary>
    /// <param name="code">The code.</param>
    /// <param name="token">Gives up.</param>
    public Task<Group> GetGroupByInviteAsync(string code, CancellationToken token = default) => OnlineGroups.GetByInviteAsync(code, token);

    /// <summary>Joins a group by its invitation.</summary>
    /// <param name="code">The code.</param>
    /// <param name="token">Gives up.</param>
    public Task<GroupJoinResult> JoinGroupAsync(string code, CancellationToken token = default) => OnlineGroups.JoinAsync(code, token);

    /// <summary>Who wants to join a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="token">Gives up.</param>
    public Task<IReadOnlyList<GroupJoinRequest>> GetGroupJoinRequestsAsync(Jid group, CancellationToken token = default) =>
        OnlineGroups.JoinRequestsAsync(Checked(group), token);

    /// <summary>Lets people join, or refuses.</summary>
    /// <param name="group">The group.</param>
    /// <param name="users">Whom.</param>
    /// <param name="approve">Whether they may.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>What became of each.</returns>
    public Task<IReadOnlyList<GroupMemberResult>> AnswerGroupJoinRequestsAsync(
        Jid group, IEnumerable<Jid> users, bool approve, CancellationToken token = default) =>
        OnlineGroups.AnswerJoinRequestsAsync(Checked(group), approve, users, token);

    // <participant jid><privacy>token</privacy>?</participant>: with what shows that they want to hear from this account.
    private Task<Node[]> WelcomeAsync(IEnumerable<Jid> members, CancellationToken token) => _units.ReadAsync(
        async unit =>
        {
            var participants = new List<Node>();
            foreach (var member in members)
            {
                var welcome = await PrivacyTokens.FindAsync(unit, member, Self, _options.Clock.GetUtcNow(), token);
                participants.Add(new("participant", [("jid", member)], welcome is null ? null : new Node("privacy", welcome.Content)));
            }

            return participants.ToArray();
        },
        token);

    private static Jid Checked(Jid group) => group.Server == JidServer.Group && group.User.Length > 0 ? group : throw new ArgumentException("This is no group.", nameof(group));
}
