using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Media;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Queries;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox;

/// <summary>
/// An offline WhatsApp: a server that unmodified multi-device clients accept, and the phones of everybody on it. What happens on it
/// happens one thing after another, under one lock; nothing waits while holding it, for sending only queues.
/// </summary>
public sealed class SandboxNetwork : IDisposable
{
    private readonly RandomNumberGenerator _random;
    private readonly TimeProvider _clock;
    private readonly ServerKeys _keys;
    private readonly Dictionary<string, VirtualPhone> _phones = new(StringComparer.Ordinal);
    private readonly QueryDesk _queries;
    private long _lastId;
    private int _connections;
    private long _stanzas;

    /// <summary>Starts a network with nobody on it.</summary>
    /// <param name="clock">Its time.</param>
    /// <param name="seed">Where its keys come from, for a network that is the same each time; null for random ones.</param>
    public SandboxNetwork(TimeProvider clock, long? seed = null)
    {
        _clock = clock;
        _random = seed is { } given ? new SeededRandom(given) : RandomNumberGenerator.Create();
        _keys = new ServerKeys(_random, clock.GetUtcNow());
        Linking = new LinkingDesk(this);
        Faults = new Faults(this);
        Relay = new Relay(this);
        Media = new MediaStore(_random);
        _queries = new QueryDesk(this);
    }

    /// <summary>The key that clients must trust instead of WhatsApp's, 32 bytes.</summary>
    public ReadOnlyMemory<byte> RootPublicKey => _keys.RootPublic;

    /// <summary>Where files are uploaded to and downloaded from; null when there is no such host.</summary>
    public Uri? MediaBaseUrl { get; private set; }

    /// <summary>PEM: the certificate authority to trust there.</summary>
    public string? MediaCertificateAuthority { get; private set; }

    /// <summary>Sees every stanza that a linked device sends, for tests.</summary>
    internal Action<Jid, Node>? Watch { get; set; }

    internal Lock Gate { get; } = new();

    internal Accounts Accounts { get; } = new();

    internal Groups Groups { get; } = new();

    internal Faults Faults { get; }

    internal LinkingDesk Linking { get; }

    internal Relay Relay { get; }

    internal MediaStore Media { get; }

    internal TimeProvider Clock => _clock;

    internal RandomNumberGenerator Random => _random;

    internal string Now => Stanzas.Seconds(_clock.GetUtcNow());

    /// <summary>Adds a person with a phone.</summary>
    /// <param name="number">The phone number's digits, with the country's.</param>
    /// <param name="pushName">What the person is called.</param>
    /// <param name="passkey">Whether companions need the account's passkey.</param>
    /// <exception cref="ArgumentException">The number is none, or has a phone already.</exception>
    public VirtualPhone AddPhone(string number, string pushName, bool passkey = false)
    {
        if (number.Length is < 7 or > 15 || !number.All(char.IsAsciiDigit) || number[0] == '0') throw new ArgumentException("A phone number has 7 to 15 digits and no leading zero.");
        lock (Gate)
        {
            var account = Accounts.Add(number, pushName) ?? throw new ArgumentException("This number has a phone already.");
            var phone = new VirtualPhone(this, account, passkey);
            _phones.Add(number, phone);
            return phone;
        }
    }

    /// <summary>The phone with a number; null when there is none.</summary>
    /// <param name="number">The digits.</param>
    public VirtualPhone? FindPhone(string number)
    {
        lock (Gate) return _phones.GetValueOrDefault(number);
    }

    /// <summary>Serves a client until it leaves.</summary>
    /// <param name="socket">Its WebSocket, open.</param>
    /// <param name="cancellation">Hangs up.</param>
    public async Task ServeAsync(WebSocket socket, CancellationToken cancellation)
    {
        using var client = new ClientConnection(socket, _keys, _random, _clock);
        Task? writing = null;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var (noiseKey, payload) = await client.GreetAsync(cancellation).ConfigureAwait(false);
            writing = client.WriteAsync(over.Token);
            lock (Gate) Admit(client, noiseKey, payload);
            while (await client.ReadAsync(cancellation).ConfigureAwait(false) is { } stanza)
                lock (Gate) Handle(client, stanza);
        }
        catch (Exception e) when (e is ProtocolException or WebSocketException or EndOfStreamException or OperationCanceledException)
        {
            // The client is gone, or not worth talking to.
            client.Abort();
        }
        finally
        {
            lock (Gate) Leave(client);
            await over.CancelAsync().ConfigureAwait(false);
            if (writing is not null) await writing.ConfigureAwait(false);
        }
    }

    /// <summary>Makes things go wrong on the way to a companion, until the next plan.</summary>
    /// <param name="companion">The companion's address.</param>
    /// <param name="plan">What; null for nothing.</param>
    /// <exception cref="SandboxException">There is no such companion.</exception>
    public void PlanFaults(Jid companion, FaultPlan? plan)
    {
        lock (Gate)
        {
            if (Accounts.FindDevice(companion) is not { Id: > 0 } device) throw new SandboxException("NOT_FOUND", "There is no such companion.");
            Faults.Plan(device, plan);
        }
    }

    /// <summary>What has happened so far.</summary>
    public SandboxStatistics Statistics()
    {
        lock (Gate)
        {
            var waiting = _phones.Values.Sum(phone => phone.Waiting);
            return new(_connections, _stanzas, Relay.Replaced, Relay.Retries, _phones.Values.Sum(phone => phone.Undecryptable), Relay.Repeated, waiting, Relay.DifferingHashes);
        }
    }

    /// <summary>Ends all phones.</summary>
    public void Dispose()
    {
        foreach (var phone in _phones.Values) phone.Dispose();
        Media.Dispose();
        _random.Dispose();
    }

    /// <summary>The media host is there.</summary>
    internal void OpenMedia(Uri url, string authority) => (MediaBaseUrl, MediaCertificateAuthority) = (url, authority);

    /// <summary>A new id for a stanza of the server's.</summary>
    internal string NewId() => (++_lastId).ToString(CultureInfo.InvariantCulture);

    /// <summary>A phone's wish, fulfilled at once.</summary>
    internal Node? Ask(Device device, Node query) => _queries.Answer(device, query);

    /// <summary>The phone of an account.</summary>
    internal VirtualPhone PhoneOf(Account account) => _phones[account.Number];

    private void Admit(ClientConnection client, byte[] noiseKey, ClientPayload payload)
    {
        _connections++;
        if (payload.DevicePairingData is { } registration)
        {
            Linking.Begin(client, noiseKey, registration);
            return;
        }

        var number = payload.Username.ToString(CultureInfo.InvariantCulture);
        if (Accounts.Find(number)?.Devices.GetValueOrDefault((int)payload.Device) is not { Id: > 0 } device || !CryptographicOperations.FixedTimeEquals(device.NoiseKey, noiseKey))
        {
            client.Send(Stanzas.Failure(401));
            client.Close();
            return;
        }

        if (Faults.Refusal(device) is { } refusal)
        {
            client.Send(refusal);
            client.Close();
            return;
        }

        Relay.LogIn(client, device);
    }

    private void Handle(ClientConnection client, Node stanza)
    {
        if (client.IsDeaf) return;
        _stanzas++;
        switch (stanza.Tag)
        {
            case "iq" when stanza["type"] is "get" or "set":
                if (_queries.Answer(client, stanza) is { } answer) client.Send(answer);
                break;
            case "iq":
                Linking.Answered(client, stanza);
                break;
            default:
                if (client.Session is not DeviceSession { Device: var device }) break;
                Watch?.Invoke(device.Lid, stanza);
                Relay.Take(device, stanza);
                break;
        }
    }

    private void Leave(ClientConnection client)
    {
        if (client.Session is not null) _connections--;
        switch (client.Session)
        {
            case DeviceSession { Device: var device } when device.Connection == client:
                Relay.LogOut(device);
                break;
            case LinkingSession linking:
                Linking.End(linking);
                break;
        }
    }
}

/// <summary>Counts of the network.</summary>
/// <param name="Connections">Clients that are connected.</param>
/// <param name="Stanzas">Stanzas that came from clients.</param>
/// <param name="Replaced">Connections that a newer one of the same device has ended.</param>
/// <param name="Retries">Messages that devices could not read and asked for again.</param>
/// <param name="Undecryptable">Messages that phones could not decrypt.</param>
/// <param name="Repeated">Messages that came a second time, byte for byte.</param>
/// <param name="Waiting">Stanzas that devices have not acknowledged.</param>
/// <param name="DifferingHashes">Group messages whose sender did not know all devices of the members, or others.</param>
public sealed record SandboxStatistics(int Connections, long Stanzas, long Replaced, long Retries, long Undecryptable, long Repeated, int Waiting, long DifferingHashes);
