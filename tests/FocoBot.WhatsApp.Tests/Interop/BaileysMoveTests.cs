using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Storage.Baileys;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Devices that move between Baileys and our client in the middle of conversations. A key used twice, or one lost, would show as a retry.</summary>
public sealed class BaileysMoveTests : IDisposable
{
    private readonly DirectoryInfo _around = Directory.CreateTempSubdirectory("focobot-move-");

    public void Dispose() => _around.Delete(recursive: true);

    [Fact]
    public async Task A_device_of_Baileys_is_carried_on_by_our_client_and_then_by_Baileys_again()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, before) = await sandbox.LinkedAsync("Ana");
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        var eva = sandbox.AddPhone("Eva");
        await using var _ = before;
        await using var __ = peer;
        var group = (await before.GroupAsync("Create", "Casa", new[] { bob.Pn.ToString(), eva.Pn.ToString() })).GetProperty("id").GetString()!;
        await TalkAsync(sandbox, before, ana, peer, bob);
        await TalkInGroupAsync(group, before, peer, eva);
        // A first message that nobody has answered, and a session with a phone.
        var unanswered = await before.SendTextAsync(eva.Pn.ToString(), "sin respuesta");
        await SandboxServer.ShownAsync(eva, shown => shown.Id == unanswered.Id);
        await before.StopAsync();

        var missed = await peer.SendTextAsync(ana.Pn.ToString(), "mientras tanto");
        var store = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(before.AuthDir, store, isCopy: false, Token);
        await using (var client = new SandboxClient(sandbox, store))
        {
            await client.Client.ConnectAsync(Token);
            Assert.True((await client.ReceivedAsync(missed.Id)).IsOffline);
            await TalkAsync(sandbox, client, ana, peer, bob);
            var again = await client.Client.SendTextAsync(eva.Pn, "otra vez", Token);
            await SandboxServer.ShownAsync(eva, shown => shown.Id == again.Id && shown.Text == "otra vez");
            await client.ReceivedAsync(await eva.SendTextAsync(ana.Pn, "aquí está"));
        }

        await ExportedAsync(store, sandbox, ana, peer, bob, async back => await TalkInGroupAsync(group, back, peer, eva));
        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task A_device_that_our_client_linked_is_carried_on_by_Baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = peer;
        await TalkAsync(sandbox, client, ana, peer, bob);
        await client.DisposeAsync();

        await ExportedAsync(store, sandbox, ana, peer, bob, _ => Task.CompletedTask);
        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task Shared_settings_and_tokens_go_along_and_are_carried_on()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var strict = new { appStateMacVerification = new { patch = true, snapshot = true } };
        var (ana, before) = await sandbox.LinkedAsync("Ana", new BaileysSettings { Config = strict });
        await using var _ = before;
        var eva = sandbox.AddPhone("Eva");
        ana.SetMuted(eva.Lid, muted: true);
        ana.SetPinned(eva.Lid, pinned: true);
        await before.SendTextAsync(eva.Pn.ToString(), "hola");
        eva.Trust(ana.Pn);
        string[] collections = ["regular_high", "regular_low"];
        foreach (var name in collections) await AppStateTestKit.AgreeAsync(ana, name, () => before.StateOfAsync(name));
        await AppStateTestKit.UntilAsync(() => File.Exists(Path.Combine(before.AuthDir, $"tctoken-{eva.Lid}.json")));
        await before.StopAsync();
        eva.RequiresTokens = true;

        // Nobody has to ask the phone for its key, nor to begin anew: what is told is what is new.
        var store = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(before.AuthDir, store, isCopy: false, Token);
        await using (var client = new SandboxClient(sandbox, store))
        {
            await client.Client.ConnectAsync(Token);
            ana.SetMuted(eva.Lid, muted: false);
            Assert.False((await client.WaitForAsync<ChatMuted>()).IsMuted);
            await client.Client.SetArchivedAsync(eva.Lid, isArchived: true, token: Token);
            foreach (var name in collections) await AppStateTestKit.AgreeAsync(ana, name, () => store.StateOfAsync(name));
            var sent = await client.Client.SendTextAsync(eva.Pn, "otra vez", Token);
            await SandboxServer.ShownAsync(eva, shown => shown.Id == sent.Id);
            Assert.DoesNotContain(client.EventsLeft, left => left is AppStateEvent { IsInitial: true } or PeerMessageReceived);
        }

        var folder = Path.Combine(_around.FullName, "auth");
        await BaileysAuthState.ExportAsync(store, folder, token: Token);
        await using var back = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { AuthDir = folder, Config = strict });
        await back.WaitForAsync<CaughtUp>();
        ana.SetMuted(eva.Lid, muted: true);
        await back.CallAsync("chatModify", [new { pin = true }, eva.Lid.ToString()]);
        foreach (var name in collections) await AppStateTestKit.AgreeAsync(ana, name, () => back.StateOfAsync(name));
        var last = await back.SendTextAsync(eva.Lid.ToString(), "y otra");
        await SandboxServer.ShownAsync(eva, shown => shown.Id == last.Id);
        await back.StopAsync();
        Assert.Equal(0, ana.StateRefused);
    }

    private async Task ExportedAsync(IDeviceStore store, SandboxServer sandbox, VirtualPhone ana, BaileysPeer peer, VirtualPhone bob, Func<BaileysPeer, Task> more)
    {
        var folder = Path.Combine(_around.FullName, "auth");
        await BaileysAuthState.ExportAsync(store, folder, token: Token);
        var missed = await peer.SendTextAsync(ana.Pn.ToString(), "otra vez mientras tanto");
        await using var back = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { AuthDir = folder });
        await back.WaitForAsync<Opened>();
        await back.WaitForAsync<CaughtUp>();
        Assert.Equal("otra vez mientras tanto", (await back.WaitForAsync<MessageSeen>(seen => seen.Key.Id == missed.Id)).Text);
        await TalkAsync(sandbox, back, ana, peer, bob);
        await more(back);
        await back.StopAsync();
    }

    private static async Task TalkAsync(SandboxServer sandbox, BaileysPeer anas, VirtualPhone ana, BaileysPeer bobs, VirtualPhone bob)
    {
        for (var i = 0; i < 3; i++)
        {
            var there = await anas.SendTextAsync(bob.Pn.ToString(), $"ida {i}");
            Assert.Equal($"ida {i}", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
            // While it reads the first message of a new contact, Baileys forgets the session that an answer of its own has just begun.
            await sandbox.EventuallyAsync(now => now.Waiting == 0);
            var back = await bobs.SendTextAsync(ana.Lid.ToString(), $"vuelta {i}");
            Assert.Equal($"vuelta {i}", (await anas.WaitForAsync<MessageSeen>(seen => seen.Key.Id == back.Id)).Text);
        }
    }

    private static async Task TalkAsync(SandboxServer sandbox, SandboxClient anas, VirtualPhone ana, BaileysPeer bobs, VirtualPhone bob)
    {
        for (var i = 0; i < 3; i++)
        {
            var there = await anas.Client.SendTextAsync(bob.Pn, $"ida {i}", Token);
            Assert.Equal($"ida {i}", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
            // While it reads the first message of a new contact, Baileys forgets the session that an answer of its own has just begun.
            await sandbox.EventuallyAsync(now => now.Waiting == 0);
            await anas.ReceivedAsync((await bobs.SendTextAsync(ana.Lid.ToString(), $"vuelta {i}")).Id);
        }
    }

    private static async Task TalkInGroupAsync(string group, BaileysPeer anas, BaileysPeer bobs, VirtualPhone eva)
    {
        for (var i = 0; i < 2; i++)
        {
            var fromAna = await anas.SendTextAsync(group, "de Ana");
            Assert.Equal("de Ana", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromAna.Id)).Text);
            await SandboxServer.ShownAsync(eva, shown => shown.Id == fromAna.Id && shown.Text == "de Ana");
            var fromBob = await bobs.SendTextAsync(group, "de Bob");
            Assert.Equal("de Bob", (await anas.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromBob.Id)).Text);
            var fromEva = await eva.SendTextAsync(Jid.Parse(group), "de Eva");
            Assert.Equal("de Eva", (await anas.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromEva)).Text);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
