using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>
/// Our client and Baileys write to each other, ours over a line that loses, repeats, reorders, damages and breaks, Baileys over one that repeats and reorders
/// and, between messages, breaks; both are restarted from what they have stored, ours in the midst of sending. Everything arrives once.
/// Baileys 7.0.0-rc14 has its own ways to lose messages and to show them twice; the test keeps clear of these:
/// <list type="bullet">
/// <item>While it reads the first message of a contact it can forget the session that its own answer has just begun: the first two go over a good line.</item>
/// <item>While it reads messages it can encrypt two of its own with the same key, the second of which then looks like a repetition of the first to everybody:
/// it writes when there is nothing for it to read.</item>
/// <item>When its connection breaks while it handles a message it goes back to an older ratchet, and then asks for what it has shown and shows it twice: its line
/// breaks, and it is killed, when nothing is on its way.</item>
/// <item>It does not send again what a broken connection has swallowed: the test, like an application, sends again what the server never got.</item>
/// </list>
/// </summary>
public class BadLineTests
{
    private const int Batch = 10;

    [Fact]
    public Task A_hundred_messages_arrive_once_each() => RunAsync(each: 50, seed: 20261121);

    [Fact]
    [Trait("Length", "long")]
    public Task A_thousand_messages_arrive_once_each() => RunAsync(each: 500, seed: 1);

    private static async Task RunAsync(int each, int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        await using var sandbox = await SandboxServer.StartAsync();
        await using var ana = new OurSide(sandbox, await SandboxClient.LinkedAsync(sandbox, "Ana", clock: new HastyClock()));
        await using var bob = new BaileysSide(sandbox, await sandbox.LinkedAsync("Bob"));
        await ana.SendAsync(bob.Phone.Pn, "ida 0");
        await bob.HasShownAsync(1);
        await bob.SendAsync(ana.Phone.Pn, "vuelta 0");
        await ana.HasShownAsync(1);

        for (var done = 1; done < each; done += Batch)
        {
            var last = Math.Min(done + Batch, each);
            var isMidway = done - 1 == each / Batch / 2 * Batch;
            sandbox.Network.PlanFaults(ana.Companion, Bad(random));
            sandbox.Network.PlanFaults(bob.Companion, new(Duplicate: 0.1, Reorder: 0.1));
            var there = SendAllAsync(text => ana.SendAsync(bob.Phone.Pn, text), "ida", done, last);
            // Ours in the midst of it.
            if (isMidway) await ana.RestartAsync();
            await there;
            sandbox.Network.PlanFaults(bob.Companion, null);
            await bob.HasShownAsync(last);
            sandbox.Break(ana.Companion);
            await sandbox.EventuallyAsync(network => network.Waiting == 0);
            await (isMidway ? bob.RestartAsync() : bob.BreakAsync());

            sandbox.Network.PlanFaults(ana.Companion, Bad(random));
            await SendAllAsync(text => bob.SendAsync(ana.Phone.Pn, text), "vuelta", done, last);
            sandbox.Break(ana.Companion);
            await ana.HasShownAsync(last);
            await sandbox.EventuallyAsync(network => network.Waiting == 0);
        }

        await ana.StopAsync();
        await bob.StopAsync();
        Assert.Equal(Enumerable.Range(0, each).Select(i => $"vuelta {i}").Order(), ana.Shown.Order());
        Assert.Equal(Enumerable.Range(0, each).Select(i => $"ida {i}").Order(), bob.Shown.Order());
        TestContext.Current.TestOutputHelper?.WriteLine($"{sandbox.Network.Statistics()}, {bob.Breaks} connections of Baileys broken.");
    }

    private static FaultPlan Bad(Random random) => new(Drop: 0.05, Duplicate: 0.1, Reorder: 0.1, Corrupt: 0.05, DisconnectAfter: random.Next(5, 40));

    private static async Task SendAllAsync(Func<string, Task> send, string what, int from, int to)
    {
        for (var i = from; i < to; i++) await send($"{what} {i}");
    }

    private static string IdOf(string text) => "3EB0" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));

    private static async Task UntilAsync(Func<bool> holds, Func<string> what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException(what());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private sealed class OurSide(SandboxServer sandbox, (VirtualPhone Phone, SandboxClient Client) linked) : IAsyncDisposable
    {
        private readonly IDeviceStore store = linked.Client.Store;
        private readonly List<ClientEvent> before = [];
        private volatile SandboxClient client = linked.Client;

        public VirtualPhone Phone => linked.Phone;

        public Jid Companion => Phone.Pn.WithDevice(1);

        public IEnumerable<string> Shown => before.Concat(client.EventsLeft).OfType<MessageReceived>().Select(message => message.Content.ExtendedTextMessage.Text);

        public async Task SendAsync(Jid to, string text)
        {
            while (true)
            {
                try
                {
                    await client.Client.SendAsync(to, new() { Conversation = text }, IdOf(text), TestContext.Current.CancellationToken);
                    return;
                }
                catch (Exception over) when (over is ConnectionEndedException or ObjectDisposedException)
                {
                    // With the same id it is one message, also for the client after this one.
                    await UntilAsync(() => client.Client.State is ConnectionState.Online, () => "Our client did not come back.");
                }
            }
        }

        public Task HasShownAsync(int count) => UntilAsync(
            () => Shown.Distinct().Count() >= count, () => $"Our client shows {string.Join(", ", Shown)}. {client.Client.State}, {sandbox.Network.Statistics()}.");

        public async Task RestartAsync()
        {
            var old = client;
            await old.DisposeAsync();
            before.AddRange(old.EventsLeft);
            client = new SandboxClient(sandbox, store, clock: new HastyClock());
            await client.Client.ConnectAsync(TestContext.Current.CancellationToken);
        }

        public Task StopAsync() => client.Client.DisconnectAsync();

        public ValueTask DisposeAsync() => client.DisposeAsync();
    }

    private sealed class BaileysSide : IAsyncDisposable
    {
        private readonly SandboxServer sandbox;
        private readonly List<PeerEvent> before = [];
        private readonly List<BaileysPeer> peers = [];
        private volatile BaileysPeer peer;
        private Task reconnecting;
        private volatile int breaks, connections = 1;
        private volatile bool isStopping;

        public BaileysSide(SandboxServer sandbox, (VirtualPhone Phone, BaileysPeer Peer) linked)
        {
            (this.sandbox, Phone, peer) = (sandbox, linked.Phone, linked.Peer);
            peers.Add(peer);
            reconnecting = ReconnectAsync(peer);
        }

        public VirtualPhone Phone { get; }

        public Jid Companion => Phone.Pn.WithDevice(1);

        public int Breaks => breaks;

        public IEnumerable<string> Shown =>
            before.Concat(peer.EventsLeft).OfType<MessageSeen>().Where(seen => !seen.Key.FromMe && seen.Text is not null).Select(seen => seen.Text!);

        public async Task SendAsync(Jid to, string text)
        {
            while (true)
            {
                await UntilAsync(() => connections > breaks, () => $"Baileys did not come back. {peer.Errors}");
                var seen = breaks;
                try
                {
                    await peer.SendAsync(to.ToString(), new { text }, new { messageId = IdOf(text) });
                }
                catch (InvalidOperationException)
                {
                    // Its connection broke meanwhile.
                }

                await UntilAsync(() => IsTaken(text) || breaks > seen, () => $"The server never got what Baileys sent. {peer.Errors}");
                if (IsTaken(text)) return;
            }
        }

        public Task HasShownAsync(int count) =>
            UntilAsync(() => Shown.Distinct().Count() >= count, () => $"Baileys shows {string.Join(", ", Shown)}. {sandbox.Network.Statistics()}. {peer.Errors}");

        /// <summary>Breaks its connection, and waits until it has a new one.</summary>
        public async Task BreakAsync()
        {
            var seen = breaks;
            sandbox.Break(Companion);
            await UntilAsync(() => breaks > seen && connections > breaks, () => $"Baileys did not come back. {peer.Errors}");
        }

        /// <summary>Kills it, and starts it anew on what it has stored.</summary>
        public async Task RestartAsync()
        {
            await StopAsync();
            isStopping = false;
            before.AddRange(peer.EventsLeft);
            var settings = new BaileysSettings { AuthDir = peer.AuthDir };
            peer = await BaileysPeer.StartAsync(sandbox.WebSocket, settings);
            peers.Add(peer);
            await peer.WaitForAsync<Opened>();
            await peer.WaitForAsync<CaughtUp>();
            reconnecting = ReconnectAsync(peer);
        }

        public async Task StopAsync()
        {
            isStopping = true;
            await peer.KillAsync();
            await reconnecting;
        }

        public async ValueTask DisposeAsync()
        {
            isStopping = true;
            for (var i = peers.Count - 1; i >= 0; i--) await peers[i].DisposeAsync();
            await reconnecting;
        }

        // As an application does it, until the process ends.
        private async Task ReconnectAsync(BaileysPeer of)
        {
            try
            {
                while (true)
                {
                    await of.WaitForAsync<Closed>(closed => !closed.Restarting, TimeSpan.FromMinutes(30));
                    breaks++;
                    await of.ConnectAsync(sandbox.WebSocket);
                    await of.WaitForAsync<Opened>();
                    await of.WaitForAsync<CaughtUp>();
                    connections++;
                }
            }
            catch (InvalidOperationException) when (isStopping)
            {
                // Killed.
            }
        }

        private bool IsTaken(string text)
        {
            lock (sandbox.Network.Gate) return sandbox.Network.Accounts.FindDevice(Companion)!.SentTo(IdOf(text)) is not null;
        }
    }
}
