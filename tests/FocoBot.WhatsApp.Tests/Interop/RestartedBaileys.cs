using FocoBot.Sandbox.Phones;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Baileys, one process after the other on the same folder, each of which connects again as an application lets it do.</summary>
internal sealed class RestartedBaileys : IAsyncDisposable
{
    private readonly SandboxServer sandbox;
    private readonly VirtualPhone asking;
    private readonly HashSet<string> questions = [];
    private readonly List<PeerEvent> before = [];
    private readonly List<BaileysPeer> peers = [];
    private volatile BaileysPeer peer;
    private Task reconnecting;
    private volatile int breaks, connections = 1;
    private volatile bool isStopping;

    public RestartedBaileys(SandboxServer sandbox, (VirtualPhone Phone, BaileysPeer Peer) linked)
    {
        (this.sandbox, Phone, peer) = (sandbox, linked.Phone, linked.Peer);
        asking = sandbox.AddPhone("Eva");
        peers.Add(peer);
        reconnecting = ReconnectAsync(peer);
    }

    public VirtualPhone Phone { get; }

    public Jid Companion => Phone.Pn.WithDevice(1);

    public IEnumerable<Text> Shown => All.Where(seen => !questions.Contains(seen.Key.Id)).Select(seen => new Text(seen.Key.Id, seen.Text!));

    private IEnumerable<MessageSeen> All => before.Concat(peer.EventsLeft).OfType<MessageSeen>().Where(seen => !seen.Key.FromMe && seen.Text is not null);

    /// <summary>Sends texts until the server has them.</summary>
    public async Task SendAsync(RestartedClient to, Text[] texts)
    {
        foreach (var text in texts)
        {
            while (!sandbox.HasTaken(Companion, text.Id))
            {
                await IsBackAsync();
                var seen = breaks;
                try
                {
                    await peer.SendAsync(to.Phone.Pn.ToString(), new { text = text.Said }, new { messageId = text.Id });
                }
                catch (InvalidOperationException)
                {
                    // Its connection broke meanwhile.
                }

                await sandbox.UntilAsync(() => sandbox.HasTaken(Companion, text.Id) || breaks > seen, () => $"The server never got what Baileys sent. {peer.Errors}");
            }
        }
    }

    public Task HasShownAsync(IEnumerable<Text> texts) =>
        sandbox.UntilAsync(() => !texts.Except(Shown).Any(), () => $"Baileys does not show {string.Join(", ", texts.Except(Shown))}. {peer.Errors}");

    /// <summary>
    /// Waits until it has nothing to do any more, also with what came twice and was acknowledged once. It handles messages one after the other: when it shows one
    /// that somebody else sends, it has handled all those before.
    /// </summary>
    public async Task IsIdleAsync()
    {
        long retries;
        do
        {
            retries = sandbox.Network.Statistics().Retries;
            var question = await asking.SendTextAsync(Phone.Pn, "¿ya?");
            questions.Add(question);
            await sandbox.UntilAsync(
                () => sandbox.Network.Statistics().Waiting == 0 && All.Any(seen => seen.Key.Id == question), () => $"Something was not acknowledged. {peer.Errors}");
        }
        while (sandbox.Network.Statistics().Retries != retries);
    }

    /// <summary>Breaks its connection, and waits until it has a new one.</summary>
    public async Task BreakAsync()
    {
        await IsBackAsync();
        var seen = breaks;
        sandbox.Break(Companion);
        await sandbox.UntilAsync(() => breaks > seen, () => "Baileys did not notice.");
        await IsBackAsync();
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task KillAsync()
    {
        await StopAsync();
        before.AddRange(peer.EventsLeft);
    }

    /// <summary>Starts it anew on what it has stored.</summary>
    public async Task StartAsync()
    {
        isStopping = false;
        peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new() { AuthDir = peer.AuthDir });
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

    public override string ToString() => $"Baileys: {connections} connections, {peers.Count - 1} restarts, {Shown.Count() - Shown.Distinct().Count()} shown again";

    private Task IsBackAsync() => sandbox.UntilAsync(() => connections > breaks, () => $"Baileys did not come back. {peer.Errors}");

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
}
