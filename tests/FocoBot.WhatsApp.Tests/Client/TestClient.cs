using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Tests.Storage;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>A client, its server, and the clock of both.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IAsyncEnumerator<ClientEvent> _events;
    private readonly Listener _log = new();
    private readonly List<string> _secrets = ["15550000000", "98765000000000"];

    public TestClient(IDeviceStore? store = null)
    {
        Store = store ?? new InMemoryDeviceStore();
        Server = new(Clock);
        Client = new(new() { Store = Store, Clock = Clock, RootKey = Server.RootKey, OpenSocket = Server.OpenAsync, Logger = _log });
        _events = Client.Events.GetAsyncEnumerator();
    }

    public FakeClock Clock { get; } = new();

    public IDeviceStore Store { get; }

    public ScriptedServer Server { get; }

    public WhatsAppClient Client { get; }

    public Phone Phone { get; } = new();

    /// <summary>What the client has logged.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    /// <summary>The next event, which must be of this kind.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : ClientEvent
    {
        Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(Patience));
        if (_events.Current is QrCodeShown { Text: var text })
            _secrets.AddRange(text.Split(','));
        if (_events.Current is LinkCodeShown { Code: var code })
            _secrets.AddRange([code, code.Replace("-", "")]);
        return Assert.IsType<T>(_events.Current);
    }

    /// <summary>Puts a linked device into the store, as linking would.</summary>
    public async Task<DeviceCredentials> AddLinkedDeviceAsync()
    {
        var device = DeviceCredentials.Create(RandomNumberGenerator.Create(), Clock.GetUtcNow()) with { PhoneJid = Phone.CompanionJid, Account = [1] };
        await Store.WriteAsync(unit => unit.StoreCredentials(device));
        return device;
    }

    public Task<DeviceCredentials?> StoredAsync() => Store.ReadAsync(unit => unit.LoadCredentialsAsync(default));

    /// <summary>The server's part of a login.</summary>
    public static async Task ServeLoginAsync(ServerConnection server, int preKeys = 50)
    {
        await server.SendAsync(Phone.LoginSuccess());
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "count"), new Node("count", [("value", $"{preKeys}")]));
        if (preKeys < 5)
            await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "set", "list"));
        await server.AnswerAsync(await server.ExpectRequestAsync("passive", "set", "active"));
        await server.AnswerAsync(await server.ExpectRequestAsync("encrypt", "get", "digest"), new Node("digest"));
        Assert.NotNull((await server.ReadAsync()).Child("unified_session"));
    }

    /// <summary>Connects a linked device.</summary>
    public async Task<ServerConnection> LogInAsync()
    {
        await AddLinkedDeviceAsync();
        var connecting = Client.ConnectAsync();
        var server = await Server.AcceptAsync();
        await ServeLoginAsync(server);
        await ExpectAsync<Connected>();
        await connecting.WaitAsync(Patience);
        return server;
    }

    /// <summary>Ends the client. No test may have left a number, a code or a key in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.DoesNotContain(_log.Lines, line => _secrets.Any(secret => secret.Length > 1 && line.Contains(secret, StringComparison.Ordinal)));
    }
}
