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

    private readonly WhatsAppClientOptions options;
    private readonly Channel<ClientEvent> events = Channel.CreateUnbounded<ClientEvent>();
    private readonly CancellationTokenSource disposing = new();
    private readonly Lock gate = new();
    private readonly DeviceUnits units;
    private Task? disposal;

    /// <summary>Makes a client; it does nothing yet.</summary>
    /// <param name="options">What it is made of.</param>
    public WhatsAppClient(WhatsAppClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        beginning.SetResult();
        units = new(options.Store, Publish, options.Logger, options.Clock);
        media = new(options, async token => await MediaConnection.AskAsync(await OnlineAsync(token), token));
        mediaRetries = new(options);
        messagingMemory = new(new(options.Random, options.Clock));
    }

    /// <summary>Where the client stands.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>The device, as last loaded or changed; null when it is not linked or the client has not connected yet.</summary>
    public DeviceCredentials? Device => state?.Credentials;

    /// <summary>
    /// What happens, in order, until the client is disposed of. For one reader, who should not dawdle: when too much waits to be read, the
    /// client disconnects until it is read.
    /// </summary>
    public IAsyncEnumerable<ClientEvent> Events => events.Reader.ReadAllAsync();

    /// <summary>Removes the device from the store, to link a new one. Does not tell the server: the phone lists it until it is removed there.</summary>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is removed.</returns>
    /// <exception cref="InvalidOperationException">The client is connected, or about to.</exception>
    public async Task ForgetAsync(CancellationToken token = default)
    {
        lock (gate)
            ThrowIfRunning();
        await units.ResetAsync(token);
        await units.RunAsync(unit => unit.Clear(), token);
        (state, appStateMemory) = (null, new());
    }

    /// <summary>Disconnects, and ends <see cref="Events"/>. May be called any number of times.</summary>
    /// <returns>When all is at rest.</returns>
    public ValueTask DisposeAsync()
    {
        lock (gate)
            return new(disposal ??= DisposeOnceAsync());
    }

    private async Task DisposeOnceAsync()
    {
        await disposing.CancelAsync();
        await DisconnectAsync();
        await units.DisposeAsync();
        media.Dispose();
        events.Writer.TryComplete();
    }

    private void Publish(ClientEvent happened)
    {
        if (happened is PrivacyChanged)
            privacy = null;
        events.Writer.TryWrite(happened);
    }

    private bool HasUnreadEvents(int most) => events.Reader.Count > most;

    // The one place where the state changes.
    private void Move(ConnectionState to)
    {
        lock (gate)
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
                beginning = new(TaskCreationOptions.RunContinuationsAsynchronously);
            else if (to is not ConnectionState.LoggingIn)
                beginning.TrySetResult();
        }
    }
}
