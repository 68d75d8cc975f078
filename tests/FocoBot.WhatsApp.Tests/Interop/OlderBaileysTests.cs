namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>An earlier Baileys, as many still have in use: on the offline network, with our client and a phone.</summary>
public class OlderBaileysTests
{
    private static readonly BaileysSettings Older = new() { Folder = "older" };

    [Fact]
    public async Task It_links_by_qr_code_and_texts_go_both_ways()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob", Older);
        await using var __ = peer;

        for (var i = 0; i < 3; i++)
        {
            var there = await client.Client.SendTextAsync(bob.Pn, $"ida {i}", TestContext.Current.CancellationToken);
            Assert.Equal($"ida {i}", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == there.Id)).Text);
            var back = await client.ReceivedAsync((await peer.SendTextAsync(ana.Pn.ToString(), $"vuelta {i}")).Id);
            Assert.Equal($"vuelta {i}", back.Content.ExtendedTextMessage?.Text ?? back.Content.Conversation);
        }

        var sent = await peer.SendTextAsync(ana.Pn.ToString(), "al teléfono");
        await SandboxServer.ShownAsync(ana, shown => shown.Id == sent.Id && shown is { Text: "al teléfono" });
        var fromPhone = await ana.SendTextAsync(bob.Pn, "del teléfono");
        Assert.Equal("del teléfono", (await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == fromPhone)).Text);
        Assert.Equal((0, 0), (sandbox.Network.Statistics().Retries, sandbox.Network.Statistics().Undecryptable));
    }
}
