using FocoBot.Sandbox.Phones;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Baileys, one process after the other on the same folder, each of which connects again as an application lets it do.</summary>
internal sealed class RestartedBaileys : IAsyncDisposable
{
    private readonly SandboxServer _sandbox;
    private readonly VirtualPhone _asking;
    private readonly HashSet<string> _questions = [];
    private readonly List<PeerEvent> _before = [];
    private readonly List<BaileysPeer> _peers = [];
    private volatile BaileysPeer _peer;
    private Task _reconnecting;
    private volatile int _breaks, _connections = 1;
    private volatile bool _isStopping;

    public RestartedBaileys(SandboxServer sandbox, (VirtualPhone Phone, BaileysPeer Peer) linked)
    {
        (_sandbox, Phone, _peer) = (sandbox, linked.Phone, linked.Peer);
        _asking = sandbox.AddPhone("Eva");
        _peers.Add(_peer);
        _reconnecting = ReconnectAsync(_peer);
    }

    public VirtualPhone Phone { get; }

    public Jid Companion => Phone.Pn.WithDevice(1);

    public IEnumerable<Text> Shown => All.Where(seen => !_questions.Contains(seen.Key.Id)).Select(seen => new Text(seen.Key.Id, seen.Text!));

    private IEnumerable<MessageSeen> All => _before.Concat(_peer.EventsLeft).OfType<MessageSeen>().Where(seen => !seen.Key.FromMe && seen.Text is not null);

    /// <summary>Sends texts until the server has them.</summary>
    public async Task SendAsync(RestartedClient to, Text[] texts)
    {
        foreach (var text in texts)
        {
            while (!_sandbox.HasTaken(Companion, text.Id))
            {
                await IsBackAsync();
                var seen = _breaks;
                try
                {
                    await _peer.SendAsync(to.Phone.Pn.ToString(), new { text = text.Said }, new { messageId = text.Id });
                }
                catch (InvalidOperationException)
                {
                    // Its connection broke meanwhile.
                }

                await _sandbox.UntilAsync(() => _sandbox.HasTaken(Companion, text.Id) || _breaks > seen, () => $"The server never got what Baileys sent. {_peer.Errors}");
            }
        }
    }

    public Task HasShownAsync(IEnumerable<Text> texts) =>
        _sandbox.UntilAsync(() => !texts.Except(Shown).Any(), () => $"Baileys does not show {string.Join(", ", texts.Except(Shown))}. {_peer.Errors}");

    /// <summary>
    /// Waits until it has nothing to do any more, also with what came twice and was acknowledged once. It handles messages one after the other: when it shows one
    /// that somebody else sends, it has handled all those before.
    /// </summary>
    public async Task IsIdleAsync()
    {
        long retries;
        do
        {
            retries = _sandbox.Network.Statistics().Retries;
            var question = await _asking.SendTextAsync(Phone.Pn, "¿ya?");
            _questions.Add(question);
            await _sandbox.UntilAsync(
                () => _sandbox.Network.Statistics().Waiting == 0 && All.Any(seen => seen.Key.Id == question), () => $"Something was not acknowledged. {_peer.Errors}");
        }
        while (_sandbox.Network.Statistics().Retries != retries);
    }

    /// <summary>Breaks its connection, and waits until it has a new one.</summary>
    public async Task BreakAsync()
    {
        await IsBackAsync();
        var seen = _breaks;
        _sandbox.Break(Companion);
        await _sandbox.UntilAsync(() => _breaks > seen, () => "Baileys did not notice.");
        await IsBackAsync();
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task KillAsync()
    {
        await StopAsync();
        _before.AddRange(_peer.EventsLeft);
    }

    /// <summary>Starts it anew on what it has stored.</summary>
    public async Task StartAsync()
    {
        _isStopping = false;
        _peer = await BaileysPeer.StartAsync(_sandbox.WebSocket, new() { AuthDir = _peer.AuthDir });
        _peers.Add(_peer);
        await _peer.WaitForAsync<Opened>();
        await _peer.WaitForAsync<CaughtUp>();
        _reconnecting = ReconnectAsync(_peer);
    }

    public async Task StopAsync()
    {
        _isStopping = true;
        await _peer.KillAsync();
        await _reconnecting;
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        for (var i = _peers.Count - 1; i >= 0; i--) await _peers[i].DisposeAsync();
        await _reconnecting;
    }

    public override string ToString() => $"Baileys: {_connections} connections, {_peers.Count - 1} restarts, {Shown.Count() - Shown.Distinct().Count()} shown again";

    private Task IsBackAsync() => _sandbox.UntilAsync(() => _connections > _breaks, () => $"Baileys did not come back. {_peer.Errors}");

    // As an application does it, until the process ends.
    private async Task ReconnectAsync(BaileysPeer of)
    {
        try
        {
            while (true)
            {
                await of.WaitForAsync<Closed>(closed => !closed.Restarting, TimeSpan.FromMinutes(30));
                _breaks++;
                await of.ConnectAsync(_sandbox.WebSocket);
                await of.WaitForAsync<Opened>();
                await of.WaitForAsync<CaughtUp>();
                _connections++;
            }
        }
        catch (InvalidOperationException) when (_isStopping)
        {
            // Killed.
        }
    }
}
