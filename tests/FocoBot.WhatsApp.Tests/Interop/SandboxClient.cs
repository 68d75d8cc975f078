using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Our client as somebody's companion on the offline network.</summary>
internal sealed class SandboxClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EventQueue<ClientEvent> _events = new();
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Task _reading;

    public SandboxClient(SandboxServer sandbox, IDeviceStore store, HttpMessageHandler? media = null, TimeProvider? clock = null)
    {
        Store = store;
        _clock = clock ?? TimeProvider.System;
        _http = new(media ?? sandbox.MediaHandler());
        Client = new(new()
        {
            Clock = _clock,
            Store = store,
            Uri = sandbox.WebSocket,
            RootKey = sandbox.Network.RootPublicKey,
            MediaHttp = _http,
        });
        _reading = ReadAsync();
    }

    public WhatsAppClient Client { get; }

    /// <summary>What it has stored.</summary>
    public IDeviceStore Store { get; }

    /// <summary>The events that nobody waited for.</summary>
    public IReadOnlyList<ClientEvent> EventsLeft => _events.Left;

    /// <summary>A client that is linked to a new phone, and has what the phone sends a new companion.</summary>
    public static async Task<(VirtualPhone Phone, SandboxClient Client)> LinkedAsync(
        SandboxServer sandbox, string name, IDeviceStore? store = null, HttpMessageHandler? media = null, TimeProvider? clock = null)
    {
        var phone = sandbox.AddPhone(name);
        var client = new SandboxClient(sandbox, store ?? new InMemoryDeviceStore(), media, clock);
        await client.LinkAsync(phone);
        return (phone, client);
    }

    /// <summary>Links it to a phone, and waits for what the phone sends a new companion.</summary>
    public async Task LinkAsync(VirtualPhone phone)
    {
        var linking = Client.LinkByQrAsync(TestContext.Current.CancellationToken);
        phone.Scan((await WaitForAsync<QrCodeShown>()).Text);
        await linking.WaitAsync(Patience, TestContext.Current.CancellationToken);
        // The key of the app state comes first, and this last.
        await WaitForAsync<HistoryPartEnded>(end => end.Part is { Kind: HistorySyncType.Recent, Percent: 100 });
    }

    public Task<T> WaitForAsync<T>(Func<T, bool>? fits = null) where T : ClientEvent => _events.WaitForAsync(fits, Patience);

    public async Task<MessageReceived> ReceivedAsync(string id) => await WaitForAsync<MessageReceived>(message => message.Id == id);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _http.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var happened in Client.Events)
        {
            if (happened is Disconnected { RetryIn: { } pause } && _clock is HastyClock hasty) hasty.Cut(pause);
            _events.Add(happened);
        }

        _events.End(new ObjectDisposedException(nameof(WhatsAppClient)));
    }
}
