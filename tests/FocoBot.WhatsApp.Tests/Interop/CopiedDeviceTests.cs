using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Storage.Baileys;
using FocoBot.WhatsApp.Tests.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Devices that go on from a copy of their state, while the original went on as well: with Baileys and with phones, and no key twice.</summary>
public sealed class CopiedDeviceTests : IDisposable
{
    private readonly DirectoryInfo _around = Directory.CreateTempSubdirectory("focobot-copy-");

    public void Dispose() => _around.Delete(recursive: true);

    [Fact]
    public async Task A_restored_backup_is_carried_on_without_using_a_key_twice()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, original) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        var eva = sandbox.AddPhone("Eva");
        await using var _ = original;
        await using var __ = peer;
        var keys = new UsedKeys(sandbox, ana.Lid.WithDevice(1));
        var group = (await original.Client.CreateGroupAsync("Casa", [bob.Pn, eva.Pn], Token)).Jid;
        await TalkAsync(original, ana, peer, bob, eva, group);
        var copied = await store.CopyAsync();

        await TalkAsync(original, ana, peer, bob, eva, group);
        await original.DisposeAsync();
        var before = keys.Count;
        var missed = await peer.SendTextAsync(ana.Pn.ToString(), "mientras tanto");
        var missedToo = await eva.SendTextAsync(ana.Pn, "también");

        await DeviceStores.MarkRestoredAsync(copied, Token);
        await using (var copy = new SandboxClient(sandbox, copied))
        {
            await GoOnAsync(copy);
            await copy.ReceivedAsync(missed.Id);
            await copy.ReceivedAsync(missedToo);
            await TalkAsync(copy, ana, peer, bob, eva, group);
        }

        // And it is not cut loose again.
        var retries = sandbox.Network.Statistics().Retries;
        await using var again = new SandboxClient(sandbox, copied);
        await again.Client.ConnectAsync(Token);
        await TalkAsync(again, ana, peer, bob, eva, group);
        Assert.Equal(retries, sandbox.Network.Statistics().Retries);
        Assert.True(keys.Count > before);
    }

    [Fact]
    public async Task A_copy_of_a_folder_that_Baileys_went_on_with_is_carried_on_without_using_a_key_twice()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, original) = await sandbox.LinkedAsync("Ana");
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var _ = original;
        await using var __ = peer;
        var keys = new UsedKeys(sandbox, ana.Lid.WithDevice(1));
        var eva = sandbox.AddPhone("Eva");
        var group = Jid.Parse((await original.GroupAsync("Create", "Casa", new[] { bob.Pn.ToString(), eva.Pn.ToString() })).GetProperty("id").GetString()!);
        await TalkAsync(original, ana, peer, bob, group);
        // Baileys writes while it runs: what is copied from under it need not be whole.
        await original.StopAsync();
        foreach (var file in Directory.EnumerateFiles(original.AuthDir)) File.Copy(file, Path.Combine(_around.FullName, Path.GetFileName(file)));

        await using (var onward = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { AuthDir = original.AuthDir }))
        {
            await onward.WaitForAsync<Opened>();
            await onward.WaitForAsync<CaughtUp>();
            await TalkAsync(onward, ana, peer, bob, group);
            await onward.StopAsync();
        }

        var before = keys.Count;
        var missed = await peer.SendTextAsync(ana.Pn.ToString(), "mientras tanto");
        var store = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(_around.FullName, store, token: Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => BaileysAuthState.ExportAsync(store, Path.Combine(_around.FullName, "back"), token: Token));
        await using var copy = new SandboxClient(sandbox, store);
        await GoOnAsync(copy);
        await copy.ReceivedAsync(missed.Id);
        await TalkAsync(copy, ana, peer, bob, eva, group);
        Assert.True(keys.Count > before);
    }

    private static async Task GoOnAsync(SandboxClient copy)
    {
        await copy.Client.ConnectAsync(Token);
        Assert.False(copy.Client.Device!.IsRestored);
    }

    private static async Task TalkAsync(SandboxClient anas, VirtualPhone ana, BaileysPeer bobs, VirtualPhone bob, VirtualPhone eva, Jid group)
    {
        for (var i = 0; i < 3; i++)
        {
            var there = await anas.Client.SendTextAsync(bob.Pn, $"ida {i}", Token);
            Assert.Equal($"ida {i}", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
            await SandboxServer.ShownAsync(bob, shown => shown.Id == there.Id && shown.Text == $"ida {i}");
            await anas.ReceivedAsync((await bobs.SendTextAsync(ana.Lid.ToString(), $"vuelta {i}")).Id);
            await anas.ReceivedAsync(await bob.SendTextAsync(ana.Pn, $"del teléfono {i}"));
            var toAll = await anas.Client.SendTextAsync(group, $"a todos {i}", Token);
            Assert.Equal($"a todos {i}", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == toAll.Id)).Text);
            await SandboxServer.ShownAsync(eva, shown => shown.Id == toAll.Id && shown.Text == $"a todos {i}");
            await anas.ReceivedAsync((await bobs.SendTextAsync(group.ToString(), $"de Bob {i}")).Id);
            await anas.ReceivedAsync(await eva.SendTextAsync(group, $"de Eva {i}"));
        }
    }

    private static async Task TalkAsync(BaileysPeer anas, VirtualPhone ana, BaileysPeer bobs, VirtualPhone bob, Jid group)
    {
        for (var i = 0; i < 3; i++)
        {
            var there = await anas.SendTextAsync(bob.Pn.ToString(), $"ida {i}");
            Assert.Equal($"ida {i}", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
            var back = await bobs.SendTextAsync(ana.Lid.ToString(), $"vuelta {i}");
            Assert.Equal($"vuelta {i}", (await anas.WaitForAsync<MessageSeen>(seen => seen.Key.Id == back.Id)).Text);
            var toAll = await anas.SendTextAsync(group.ToString(), $"a todos {i}");
            Assert.Equal($"a todos {i}", (await bobs.WaitForAsync<MessageSeen>(seen => seen.Key.Id == toAll.Id)).Text);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
