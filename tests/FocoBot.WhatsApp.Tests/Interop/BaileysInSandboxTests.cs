using FocoBot.Sandbox.Server;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Unmodified Baileys on the offline network, with virtual phones and with itself.</summary>
public class BaileysInSandboxTests
{
    [Fact]
    public async Task It_links_by_qr_code_logs_in_and_gets_what_a_new_companion_gets()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket);
        phone.Scan((await peer.WaitForAsync<QrShown>()).Qr);

        Assert.Equal(515, (await peer.WaitForAsync<Closed>()).Status);
        var me = (await peer.WaitForAsync<Opened>()).Me;
        Assert.Equal($"{phone.Number}:1@s.whatsapp.net", me.Id);
        Assert.Equal(phone.Lid.WithDevice(1).ToString(), me.Lid);
        await peer.WaitForAsync<HistoryArrived>();
        Assert.Equal([phone.Pn.WithDevice(1)], phone.Companions);
    }

    [Fact]
    public async Task It_links_by_code()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { PhoneForCode = phone.Number });
        var code = (await peer.WaitForAsync<CodeShown>()).Code;
        await EnteredAsync(phone, code);
        await SandboxServer.ReadyAsync(peer);
        Assert.Single(phone.Companions);
    }

    [Fact]
    public async Task A_wrong_code_links_nothing_and_the_right_one_still_does()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { PhoneForCode = phone.Number });
        var code = (await peer.WaitForAsync<CodeShown>()).Code;
        await EnteredAsync(phone, code[0] == '1' ? "2" + code[1..] : "1" + code[1..]);
        Assert.Empty(phone.Companions);
        await EnteredAsync(phone, code);
        await SandboxServer.ReadyAsync(peer);
    }

    [Fact]
    public async Task Texts_go_both_ways_between_two_of_it_and_their_phones()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, anasPeer) = await sandbox.LinkedAsync("Ana");
        var (bob, bobsPeer) = await sandbox.LinkedAsync("Bob");
        await using var _ = anasPeer;
        await using var __ = bobsPeer;

        var sent = await anasPeer.SendTextAsync(bob.Pn.ToString(), "hola Bob");
        Assert.Equal("hola Bob", (await bobsPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id)).Text);
        await SandboxServer.ShownAsync(bob, shown => shown is { Text: "hola Bob" } && shown.From == ana.Pn);
        await SandboxServer.ShownAsync(ana, shown => shown is { Text: "hola Bob" } && shown.Chat == bob.Pn);
        await anasPeer.WaitForAsync<MessageUpdated>(update => update.Key.Id == sent.Id && update.Status >= 3);

        var back = await bobsPeer.SendTextAsync(ana.Lid.ToString(), "hola Ana");
        Assert.Equal("hola Ana", (await anasPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == back.Id)).Text);

        var fromPhone = await ana.SendTextAsync(bob.Pn, "desde el teléfono");
        Assert.False((await bobsPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromPhone)).Key.FromMe);
        Assert.True((await anasPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromPhone)).Key.FromMe);
    }

    [Fact]
    public async Task What_came_while_it_was_away_comes_when_it_is_back()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var bob = sandbox.AddPhone("Bob");
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        await peer.StopAsync();

        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add(await bob.SendTextAsync(ana.Pn, $"mensaje {i}"));
        await using var back = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { AuthDir = peer.AuthDir });
        foreach (var id in ids) await back.WaitForAsync<MessageSeen>(seen => seen.Key.Id == id && seen.Text is not null);
    }

    [Fact]
    public async Task A_message_damaged_on_the_way_is_asked_for_and_sent_again()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var bob = sandbox.AddPhone("Bob");
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        var first = await bob.SendTextAsync(ana.Pn, "uno");
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == first && seen.Text == "uno");

        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), new FaultPlan(Corrupt: 1, Count: 1));
        var damaged = await bob.SendTextAsync(ana.Pn, "dos");
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == damaged && seen.Text == "dos");
        Assert.Equal(1, sandbox.Network.Statistics().Retries);
    }

    [Fact]
    public async Task Nothing_is_lost_or_shown_twice_over_a_line_that_repeats_reorders_and_breaks()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var bob = sandbox.AddPhone("Bob");
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        var companion = ana.Pn.WithDevice(1);

        sandbox.Network.PlanFaults(companion, new FaultPlan(Duplicate: 0.2, Reorder: 0.2));
        var ids = new List<string>();
        for (var i = 0; i < 60; i++) ids.Add(await bob.SendTextAsync(ana.Pn, $"mensaje {i}"));
        sandbox.Network.PlanFaults(companion, null);
        foreach (var id in ids) await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == id && seen.Text is not null);

        await peer.StopAsync();
        Assert.DoesNotContain(peer.EventsLeft.OfType<MessageSeen>(), seen => ids.Contains(seen.Key.Id) && seen.Text is not null);
    }

    [Fact]
    public async Task Groups_are_made_written_to_and_left()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, anasPeer) = await sandbox.LinkedAsync("Ana");
        var (bob, bobsPeer) = await sandbox.LinkedAsync("Bob");
        var eva = sandbox.AddPhone("Eva");
        await using var _ = anasPeer;
        await using var __ = bobsPeer;

        var group = (await anasPeer.GroupAsync("Create", "Casa", new[] { bob.Pn.ToString(), eva.Pn.ToString() })).GetProperty("id").GetString()!;
        await bobsPeer.WaitForAsync<GroupChanged>(change => change.Id == group && change.Change == "new");

        var sent = await anasPeer.SendTextAsync(group, "hola a todos");
        Assert.Equal("hola a todos", (await bobsPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id)).Text);
        foreach (var phone in new[] { bob, eva }) await SandboxServer.ShownAsync(phone, shown => shown.Id == sent.Id && shown.Text == "hola a todos");
        var second = await anasPeer.SendTextAsync(group, "otra vez");
        await SandboxServer.ShownAsync(eva, shown => shown.Id == second.Id);

        var fromEva = await eva.SendTextAsync(Jid.Parse(group), "soy Eva");
        Assert.Equal("soy Eva", (await anasPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromEva)).Text);
        Assert.Equal("soy Eva", (await bobsPeer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromEva)).Text);

        await anasPeer.GroupAsync("ParticipantsUpdate", group, new[] { eva.Lid.ToString() }, "remove");
        await bobsPeer.WaitForAsync<GroupChanged>(change => change.Id == group && change.Change == "remove");
        var after = await anasPeer.SendTextAsync(group, "sin Eva");
        await SandboxServer.ShownAsync(bob, shown => shown.Id == after.Id && shown.Text == "sin Eva");
        Assert.DoesNotContain(eva.Messages(), shown => shown.Id == after.Id);
    }

    [Fact]
    public async Task It_is_told_when_its_phone_unlinks_it()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        ana.Unlink(ana.Companions[0]);
        Assert.Equal(401, (await peer.WaitForAsync<Closed>(closed => closed.Status != 515)).Status);
        Assert.Empty(ana.Companions);
    }

    [Fact]
    public async Task A_second_connection_of_the_same_device_replaces_the_first()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (_, peer) = await sandbox.LinkedAsync("Ana");
        await using var first = peer;
        await using var second = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { AuthDir = peer.AuthDir });
        await second.WaitForAsync<Opened>();
        Assert.Equal(440, (await first.WaitForAsync<Closed>(closed => closed.Status != 515)).Status);
        Assert.Equal(1, sandbox.Network.Statistics().Replaced);
    }

    // Baileys shows the code before the server has heard of it. The key stretching of both sides takes its time, too.
    internal static async Task EnteredAsync(FocoBot.Sandbox.Phones.VirtualPhone phone, string code)
    {
        await EventuallyAsync(() => phone.IsAskedForCode, TimeSpan.FromSeconds(30));
        await Task.Run(() => phone.EnterCode(code));
        await EventuallyAsync(() => phone.Companions.Count > 0, TimeSpan.FromSeconds(3));
    }

    private static async Task EventuallyAsync(Func<bool> holds, TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!holds() && TimeProvider.System.GetElapsedTime(start) < patience) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
    }
}
