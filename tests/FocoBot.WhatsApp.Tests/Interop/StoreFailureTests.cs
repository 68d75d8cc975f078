using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>
/// A store that fails once, at any place of a scripted life: linked, a message received and one sent, the same in a group, one that was damaged on the
/// way to the client, and one on the way from it. Whoever calls tries again, as the documentation says; each message arrives once.
/// </summary>
public class StoreFailureTests
{
    [Fact]
    public Task Whichever_commit_fails_every_message_arrives_once() => EachAsync(step: 1, n => new FailingStore { FailingCommit = n }, store => store.Commits);

    [Fact]
    public Task Whichever_load_fails_every_message_arrives_once() => EachAsync(step: 9, n => new FailingStore { FailingLoad = n }, store => store.Loads);

    [Fact]
    [Trait("Length", "long")]
    public Task Whichever_load_of_all_fails_every_message_arrives_once() => EachAsync(step: 1, n => new FailingStore { FailingLoad = n }, store => store.Loads);

    // Until the script ends before the failure.
    private static async Task EachAsync(int step, Func<int, FailingStore> make, Func<FailingStore, int> count)
    {
        var n = 1;
        for (; ; n += step)
        {
            var store = make(n);
            try
            {
                await RunAsync(store);
            }
            catch (Exception failed)
            {
                throw new InvalidOperationException($"With failure {n}: {failed.Message}", failed);
            }

            if (count(store) < n) break;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Failures 1 to {n}, every {step}.");
    }

    private static async Task RunAsync(FailingStore store)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var bob = sandbox.AddPhone("Bob");
        var (_, other) = await SandboxClient.LinkedAsync(sandbox, "Eva", clock: new HastyClock());
        await using var __ = other;
        var eva = other.Client.Device!.PhoneJid!.Value;
        var ana = sandbox.AddPhone("Ana");
        await using var client = new SandboxClient(sandbox, store, clock: new HastyClock());
        var scanning = ScanAsync(client, ana);
        await TriedAsync(client, () => ana.Companions.Count == 0 ? client.Client.LinkByQrAsync(Token) : client.Client.ConnectAsync(Token));
        await scanning;

        var uno = await bob.SendTextAsync(ana.Pn, "uno");
        await client.ReceivedAsync(uno);
        await SendAsync(client, bob.Pn, "dos");
        var group = bob.CreateGroup("Casa", [ana.Pn, eva.WithoutDevice()]);
        var tres = await bob.SendTextAsync(group, "tres");
        await client.ReceivedAsync(tres);
        await SendAsync(client, group, "cuatro");

        sandbox.Network.PlanFaults(client.Client.Device!.PhoneJid!.Value, new FaultPlan(Corrupt: 1, Count: 1));
        var cinco = await bob.SendTextAsync(ana.Pn, "cinco");
        await client.ReceivedAsync(cinco);
        await SendAsync(client, eva.WithoutDevice(), "seis");
        await other.ReceivedAsync("seis");
        sandbox.Network.PlanFaults(eva, new FaultPlan(Corrupt: 1, Count: 1));
        await SendAsync(client, eva.WithoutDevice(), "siete");
        await other.ReceivedAsync("siete");
        // And the other way round, with what has come of the sessions.
        await other.Client.SendAsync(ana.Pn, new() { Conversation = "ocho" }, "ocho", Token);
        await client.ReceivedAsync("ocho");

        await sandbox.EventuallyAsync(network => network.Waiting == 0);
        foreach (var text in new[] { "dos", "cuatro" }) await SandboxServer.ShownAsync(bob, shown => shown.Id == text);
        // A phone may write before it has read what is on its way to it.
        Assert.Equal(["cinco", "cuatro", "dos", "tres", "uno"], bob.Messages().Select(shown => shown.Text).Order(StringComparer.Ordinal));
        Assert.Equal(["cuatro", "tres"], other.EventsLeft.OfType<MessageReceived>().Select(message => message.Content.Conversation).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(client.EventsLeft, left => left is MessageReceived);
        // A copy of each that it sent is on its own phone, once.
        foreach (var text in new[] { "dos", "cuatro", "seis", "siete" }) await SandboxServer.ShownAsync(ana, shown => shown.Id == text);
        Assert.Equal(ana.Messages().Count, ana.Messages().DistinctBy(shown => shown.Id).Count());
        // The server's acknowledgement of each was told, once.
        Assert.Equal(["cuatro", "dos", "seis", "siete"], client.EventsLeft.OfType<MessageAcknowledged>().Select(ack => ack.Id).Order(StringComparer.Ordinal));
    }

    // Each code, until one was of use: a store that fails ends the linking.
    private static async Task ScanAsync(SandboxClient client, VirtualPhone phone)
    {
        while (client.Client.Device is null)
        {
            var shown = client.WaitForAsync<QrCodeShown>();
            while (!shown.IsCompleted && client.Client.Device is null) await Task.WhenAny(shown, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System));
            if (!shown.IsCompleted) return;
            phone.Scan((await shown).Text);
        }
    }

    // With an id of its own: however often it is tried, it is one message.
    private static Task SendAsync(SandboxClient client, Jid to, string text) =>
        TriedAsync(client, () => client.Client.SendAsync(to, new() { Conversation = text }, id: text, Token));

    private static async Task TriedAsync(SandboxClient client, Func<Task> work)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception failed) when (failed is IOException or StoreFailedException or ConnectionEndedException or LinkingException && tries < 20)
            {
                await OnlineAgainAsync(client);
            }
        }
    }

    // Online, or at rest because the first connection of all has failed.
    private static async Task OnlineAgainAsync(SandboxClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        while (client.Client.State is not (ConnectionState.Online or ConnectionState.Disconnected)) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
