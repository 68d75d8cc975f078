using System.Threading.Channels;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp;

/// <summary>
/// A linked device of a WhatsApp account. Give it a store, read <see cref="Events"/> all the time, link it once by
/// <see cref="LinkByQrAsync"/> or <see cref="LinkByCodeAsync"/>, and from then on <see cref="ConnectAsync"/>.
/// </summary>
public sealed partial class WhatsAppClient : IAsyncDisposable
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/> and the <see cref="System.Diagnostics.Metrics.Meter"/> that tell what all clients of this process do.</summary>
    public const string TelemetryName = "FocoBot.WhatsApp";

    private readonly WhatsAppClientOptions _options;
    private readonly Channel<ClientEvent> _events = Channel.CreateUnbounded<ClientEvent>();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private readonly DeviceUnits _units;
    private Task? _disposal;

    /// <summary>Makes a client; it does nothing yet.</summary>
    /// <param name="options">What it is made of.</param>
    public WhatsAppClient(WhatsAppClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _beginning.SetResult();
        _units = new(options.Store, Publish, options.Logger, options.Clock);
        _media = new(options, async token => await MediaConnection.AskAsync(await OnlineAsync(token), token));
        _mediaRetries = new(options);
        _messagingMemory = new(new(options.Random, options.Clock));
    }

    /// <summary>Where the client stands.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>The device, as last loaded or changed; null when it is not linked or the client has not connected yet.</summary>
    public DeviceCredentials? Device => _state?.Credentials;

    /// <summary>
    /// What happens, in order, until the client is disposed of. For one reader, who should not dawdle: when too much waits to be read, the
    /// client disconnects until it is read.
    /// </summary>
    public IAsyncEnumerable<ClientEvent> Events => _events.Reader.ReadAllAsync();

    /// <summary>Removes the device from the store, to link a new one. Does not tell the server: the phone lists it until it is removed there.</summary>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is removed.</returns>
    /// <exception cref="InvalidOperationException">The client is connected, or about to.</exception>
    public async Task ForgetAsync(CancellationToken token = default)
    {
        lock (_gate)
            ThrowIfRunning();
        await _units.ResetAsync(token);
        await _units.RunAsync(unit => unit.Clear(), token);
        (_state, _appStateMemory) = (null, new());
    }

    /// <summary>Disconnects, and ends <see cref="Events"/>. May be called any number of times.</summary>
    /// <returns>When all is at rest.</returns>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            return new(_disposal ??= DisposeOnceAsync());
    }

    private async Task DisposeOnceAsync()
    {
        await _disposing.CancelAsync();
        await DisconnectAsync();
        await _units.DisposeAsync();
        _media.Dispose();
        _events.Writer.TryComplete();
    }

    private void Publish(ClientEvent happened)
    {
        if (happened is PrivacyChanged)
            _privacy = null;
        _events.Writer.TryWrite(happened);
    }

    private bool HasUnreadEvents(int most) => _events.Reader.Count > most;

    // The one place where the state changes.
    private void Move(ConnectionState to)
    {
        lock (_gate)
        {
            var isAllowed = (State, to) switch
            {
                (_, ConnectionState.Disconnected) => true,
                (ConnectionState.Disconnected or ConnectionState.Waiting, ConnectionState.Connecting) => true,
                (ConnectionState.Connecting, ConnectionState.Linking or ConnectionState.LoggingIn) => true,
                (ConnectionState.LoggingIn, ConnectionState.Online) => true,
                (not ConnectionState.Disconnected, ConnectionState.Waiting) => true,
                _ => false,
            };
            State = isAllowed ? to : throw new InvalidOperationException($"A client that is {State} can't become {to}.");
            if (to is ConnectionState.Connecting)
                _beginning = new(TaskCreationOptions.RunContinuationsAsynchronously);
            else if (to is not ConnectionState.LoggingIn)
                _beginning.TrySetResult();
        }
    }
}
