using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Our client, one after the other on the same store.</summary>
internal sealed class RestartedClient(SandboxServer sandbox, (VirtualPhone Phone, SandboxClient Client) linked) : IAsyncDisposable
{
    private readonly IDeviceStore _store = linked.Client.Store;
    private readonly List<ClientEvent> _before = [];
    private volatile SandboxClient _client = linked.Client;
    private int _restarts;

    public VirtualPhone Phone => linked.Phone;

    public Jid Companion => Phone.Pn.WithDevice(1);

    public IEnumerable<Text> Shown => Events.OfType<MessageReceived>().Select(message => new Text(message.Id, message.Content.ExtendedTextMessage.Text));

    private IEnumerable<ClientEvent> Events => _before.Concat(_client.EventsLeft);

    /// <summary>Sends a text until it is told that it is sent.</summary>
    public async Task SendAsync(RestartedBaileys to, Text text)
    {
        while (true)
        {
            try
            {
                // With the same id it is one message, also for the client after this one.
                await _client.Client.SendAsync(to.Phone.Pn, new() { Conversation = text.Said }, text.Id, TestContext.Current.CancellationToken);
                return;
            }
            catch (Exception over) when (over is ConnectionEndedException or ObjectDisposedException)
            {
                // Not at once: that the connection has ended is known before the client has moved on.
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
                await sandbox.UntilAsync(() => _client.Client.State is ConnectionState.Online, () => "Our client did not come back.");
            }
        }
    }

    /// <summary>Sends texts at once.</summary>
    public Task SendAllAsync(RestartedBaileys to, Text[] texts) => Task.WhenAll(texts.Select(text => SendAsync(to, text)));

    public Task HasShownAsync(IEnumerable<Text> texts) => sandbox.UntilAsync(
        () => !texts.Except(Shown).Any(), () => $"Our client is {_client.Client.State} and does not show {string.Join(", ", texts.Except(Shown))}.");

    public async Task RestartAsync()
    {
        var old = _client;
        await old.DisposeAsync();
        _before.AddRange(old.EventsLeft);
        _client = new SandboxClient(sandbox, _store, clock: new HastyClock());
        _restarts++;
        await _client.Client.ConnectAsync(TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => _client.Client.DisconnectAsync();

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public override string ToString() => $"Our client: {_client.Client.State}, {Events.Count(happened => happened is Connected)} connections, {_restarts} restarts";
}
