using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Storage.Baileys;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Baileys 6.7, which addresses people by phone number, as many programs still use it.</summary>
public class OlderBaileysTests
{
    [Fact]
    public async Task It_links_by_QR_code_and_texts_go_both_ways_with_phones_and_our_client()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (bob, client) = await SandboxClient.LinkedAsync(sandbox, "Bob");
        await using var _ = client;
        var ana = sandbox.AddPhone("Ana");
        await using var peer = await LinkedAsync(sandbox, ana);

        for (var i = 0; i < 3; i++)
        {
            var there = await peer.SendTextAsync(bob.Pn.ToString(), $"ida {i}");
            var received = await client.ReceivedAsync(there.Id);
            Assert.Equal($"ida {i}", received.Content.ExtendedTextMessage?.Text ?? received.Content.Conversation);
            await SandboxServer.ShownAsync(bob, shown => shown.Id == there.Id && shown.Text == $"ida {i}");
            var back = await client.Client.SendTextAsync(ana.Pn, $"vuelta {i}", Token);
            Assert.Equal($"vuelta {i}", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == back.Id)).Text);
            var fromPhone = await bob.SendTextAsync(ana.Pn, $"del teléfono {i}");
            Assert.Equal($"del teléfono {i}", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromPhone)).Text);
        }

        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }

    [Fact]
    public async Task It_links_by_code_and_writes_to_the_newer_Baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { IsOlder = true, PhoneForCode = ana.Number });
        var code = (await peer.WaitForAsync<CodeShown>()).Code;
        await BaileysInSandboxTests.EnteredAsync(ana, code);
        await peer.WaitForAsync<Opened>();
        await peer.WaitForAsync<CaughtUp>();
        var (bob, newer) = await sandbox.LinkedAsync("Bob");
        await using var _ = newer;
        var there = await peer.SendTextAsync(bob.Pn.ToString(), "hola");
        Assert.Equal("hola", (await newer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
        var back = await newer.SendTextAsync(ana.Pn.ToString(), "qué tal");
        Assert.Equal("qué tal", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == back.Id)).Text);
    }

    [Fact]
    public async Task Its_folder_is_carried_on_by_our_client()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var bob = sandbox.AddPhone("Bob");
        var ana = sandbox.AddPhone("Ana");
        await using var peer = await LinkedAsync(sandbox, ana);
        var first = await peer.SendTextAsync(bob.Pn.ToString(), "uno");
        await SandboxServer.ShownAsync(bob, shown => shown.Id == first.Id);
        var second = await bob.SendTextAsync(ana.Pn, "dos");
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == second && seen.Text == "dos");
        await peer.StopAsync();

        var store = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(peer.AuthDir, store, Token);
        await using var client = new SandboxClient(sandbox, store);
        await client.Client.ConnectAsync(Token);
        var third = await client.Client.SendTextAsync(bob.Pn, "tres", Token);
        await SandboxServer.ShownAsync(bob, shown => shown.Id == third.Id && shown.Text == "tres");
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "cuatro"));
    }

    private static async Task<BaileysPeer> LinkedAsync(SandboxServer sandbox, VirtualPhone phone)
    {
        var peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { IsOlder = true });
        phone.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await peer.WaitForAsync<Opened>();
        await peer.WaitForAsync<CaughtUp>();
        return peer;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
