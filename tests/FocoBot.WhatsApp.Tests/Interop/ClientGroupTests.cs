using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Our client in groups on the offline network, with virtual phones and with unmodified Baileys.</summary>
public class ClientGroupTests
{
    [Fact]
    public async Task Everybody_in_a_group_reads_everybody()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var __ = peer;
        var eva = sandbox.AddPhone("Eva");

        var group = await client.Client.CreateGroupAsync("Casa", [bob.Pn, eva.Pn], Token);
        Assert.Equal(("Casa", 3, true), (group.Subject, group.Members.Count, group.UsesHiddenIdentities));
        await peer.WaitForAsync<Interop.GroupChanged>(change => change.Id == group.Jid.ToString());
        for (var i = 0; i < 3; i++)
        {
            var sent = await client.Client.SendTextAsync(group.Jid, $"hola {i}", Token);
            Assert.Equal($"hola {i}", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id)).Text);
            foreach (var phone in new[] { ana, bob, eva })
                await SandboxServer.ShownAsync(phone, shown => shown.Id == sent.Id && shown.Text == $"hola {i}" && shown.Chat == group.Jid);
        }

        for (var i = 0; i < 3; i++)
        {
            var received = await client.ReceivedAsync((await peer.SendTextAsync(group.Jid.ToString(), $"soy Bob {i}")).Id);
            Assert.Equal(($"soy Bob {i}", group.Jid, bob.Lid.WithDevice(1), bob.Pn.WithDevice(1), "Bob"),
                (received.Content.ExtendedTextMessage.Text, received.Chat, received.Sender, received.SenderAlternate, received.PushName));
            var fromEva = await client.ReceivedAsync(await eva.SendTextAsync(group.Jid, $"soy Eva {i}"));
            Assert.Equal(($"soy Eva {i}", eva.Lid, false), (fromEva.Content.Conversation, fromEva.Sender, fromEva.FromMe));
            var own = await client.ReceivedAsync(await ana.SendTextAsync(group.Jid, $"desde el teléfono {i}"));
            Assert.Equal((ana.Lid, true, group.Jid), (own.Sender, own.FromMe, own.Chat));
        }

        var counts = sandbox.Network.Statistics();
        Assert.Equal((0, 0, 0), (counts.Retries, counts.Undecryptable, counts.DifferingHashes));
    }

    [Fact]
    public async Task Who_joins_reads_from_then_on_and_who_leaves_no_longer()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var __ = peer;
        var eva = sandbox.AddPhone("Eva");
        var group = (await client.Client.CreateGroupAsync("Casa", [bob.Pn], Token)).Jid;
        await client.Client.SendTextAsync(group, "uno", Token);

        Assert.Equal([new GroupMemberResult(eva.Pn, 0)], await client.Client.AddToGroupAsync(group, [eva.Pn], Token));
        var joined = await client.WaitForAsync<Groups.GroupChanged>(change => change.Change is GroupChange.Added);
        Assert.Equal((group, ana.Lid, eva.Lid), (joined.Group, joined.By!.Value, Assert.Single(joined.Members)));
        var two = await client.Client.SendTextAsync(group, "dos", Token);
        await SandboxServer.ShownAsync(eva, shown => shown.Id == two.Id && shown.Text == "dos");
        await client.ReceivedAsync(await eva.SendTextAsync(group, "ya estoy"));

        await client.Client.RemoveFromGroupAsync(group, [eva.Lid], Token);
        await client.WaitForAsync<Groups.GroupChanged>(change => change.Change is GroupChange.Removed);
        var three = await client.Client.SendTextAsync(group, "tres", Token);
        Assert.Equal("tres", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == three.Id)).Text);
        Assert.DoesNotContain(eva.Messages(), shown => shown.Text is "uno" or "tres");
        // Bob leaves by himself; nobody else is there to read.
        await peer.GroupAsync("Leave", group.ToString());
        await client.WaitForAsync<Groups.GroupChanged>(change => change.Change is GroupChange.Removed);
        var four = await client.Client.SendTextAsync(group, "cuatro", Token);
        await SandboxServer.ShownAsync(ana, shown => shown.Id == four.Id);
        Assert.DoesNotContain(bob.Messages(), shown => shown.Id == four.Id);
        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task Group_messages_that_were_damaged_are_sent_again_both_ways()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var __ = peer;
        var eva = sandbox.AddPhone("Eva");
        var group = (await client.Client.CreateGroupAsync("Casa", [bob.Pn, eva.Pn], Token)).Jid;
        await client.ReceivedAsync(await eva.SendTextAsync(group, "uno"));
        var first = await client.Client.SendTextAsync(group, "uno", Token);
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == first.Id);

        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), new FaultPlan(Corrupt: 1, Count: 1));
        var toUs = await client.ReceivedAsync(await eva.SendTextAsync(group, "dos"));
        Assert.Equal(("dos", group, eva.Lid), (toUs.Content.Conversation, toUs.Chat, toUs.Sender));
        sandbox.Network.PlanFaults(bob.Pn.WithDevice(1), new FaultPlan(Corrupt: 1, Count: 1));
        var toBob = await client.Client.SendTextAsync(group, "tres", Token);
        Assert.Equal("tres", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == toBob.Id && seen.Text == "tres")).Text);
        Assert.Equal(2, sandbox.Network.Statistics().Retries);
        // The line is in order again.
        await client.ReceivedAsync(await eva.SendTextAsync(group, "cuatro"));
        var last = await client.Client.SendTextAsync(group, "cinco", Token);
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == last.Id && seen.Text == "cinco");
        Assert.Equal(2, sandbox.Network.Statistics().Retries);
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_with_the_sender_key_that_the_others_have()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (_, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var eva = sandbox.AddPhone("Eva");
        var group = (await before.Client.CreateGroupAsync("Casa", [eva.Pn], Token)).Jid;
        await before.Client.SendTextAsync(group, "uno", Token);
        await before.DisposeAsync();
        var missed = await eva.SendTextAsync(group, "dos");

        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        Assert.Equal("dos", (await after.ReceivedAsync(missed)).Content.Conversation);
        var sent = await after.Client.SendTextAsync(group, "tres", Token);
        await SandboxServer.ShownAsync(eva, shown => shown.Id == sent.Id && shown.Text == "tres");
        var stanza = sandbox.Network.Statistics();
        Assert.Equal((0, 0), (stanza.Retries, stanza.Undecryptable));
    }

    [Fact]
    public async Task A_group_is_described_changed_and_joined_by_invitation()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        var (bob, other) = await SandboxClient.LinkedAsync(sandbox, "Bob");
        await using var _ = client;
        await using var __ = other;
        var eva = sandbox.AddPhone("Eva");
        var group = (await client.Client.CreateGroupAsync("Casa", [eva.Pn], Token)).Jid;

        await client.Client.SetGroupSubjectAsync(group, "Casa nueva", Token);
        await client.Client.SetGroupDescriptionAsync(group, "Lo de la casa", Token);
        await client.Client.SetGroupAnnouncementAsync(group, onlyAdmins: true, Token);
        await client.Client.SetGroupLockedAsync(group, onlyAdmins: true, Token);
        await client.Client.SetGroupDisappearingAsync(group, TimeSpan.FromDays(7), Token);
        await client.Client.PromoteInGroupAsync(group, [eva.Pn], Token);
        var code = await client.Client.GetGroupInviteAsync(group, token: Token);
        Assert.Equal(code, await client.Client.GetGroupInviteAsync(group, token: Token));

        Assert.Equal("Casa nueva", (await other.Client.GetGroupByInviteAsync(code, Token)).Subject);
        Assert.Equal(new GroupJoinResult(group, IsPending: false), await other.Client.JoinGroupAsync(code, Token));
        var seen = await other.Client.GetGroupAsync(group, Token);
        Assert.Equal(("Casa nueva", "Lo de la casa", true, true, TimeSpan.FromDays(7)), (seen.Subject, seen.Description, seen.IsAnnouncement, seen.IsLocked, seen.Disappearing));
        Assert.Equal(
            [(ana.Lid, ana.Pn, GroupRole.SuperAdmin), (eva.Lid, eva.Pn, GroupRole.Admin), (bob.Lid, bob.Pn, GroupRole.Member)],
            seen.Members.Select(member => (member.User, member.Alternate!.Value, member.Role)));
        Assert.Equal([group], (await other.Client.GetGroupsAsync(Token)).Select(known => known.Jid));
        Assert.NotEqual(code, await client.Client.GetGroupInviteAsync(group, anew: true, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => other.Client.JoinGroupAsync(code, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => other.Client.SetGroupSubjectAsync(group, "mía", Token));
        await other.Client.LeaveGroupAsync(group, Token);
        Assert.Empty(await other.Client.GetGroupsAsync(Token));
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => other.Client.SendTextAsync(group, "hola", Token));
        Assert.Equal(403, refused.Code);

        Assert.Equal(
            [GroupChange.Created, GroupChange.Subject, GroupChange.Description, GroupChange.Settings, GroupChange.Settings, GroupChange.Disappearing, GroupChange.Promoted, GroupChange.Added, GroupChange.Removed],
            client.EventsLeft.OfType<Groups.GroupChanged>().Select(change => change.Change));
        Assert.Equal("Casa nueva", client.EventsLeft.OfType<Groups.GroupChanged>().First(change => change.Change is GroupChange.Subject).Text);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
