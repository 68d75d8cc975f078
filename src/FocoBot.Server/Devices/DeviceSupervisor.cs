using System.Collections.Concurrent;
using System.Security.Cryptography;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices;

/// <summary>
/// Keeps this node's devices connected. After a start all active ones are connected again, the last used first, so many at a time; the library then holds each connection,
/// and tells when it can't.
/// </summary>
internal sealed class DeviceSupervisor(
    Database database, DeviceKeys keys, DeviceNetworks networks, DeviceJournal journal, MessageBook messages, DeviceOptions options, TimeProvider clock, ILogger<DeviceSupervisor> log) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, LiveDevice> _live = new();
    private readonly DeviceGates _gates = new();

    // A server that starts anew is another owner than the one before.
    private readonly string _node = Ids.New(clock).ToString("N");

    /// <summary>The devices at work here.</summary>
    public ICollection<LiveDevice> Live => _live.Values;

    /// <summary>A device at work here; null when it is not.</summary>
    public LiveDevice? Find(Guid id) => _live.GetValueOrDefault(id);

    /// <summary>Takes a device to work, without connecting it; the one that is there if it is at work already.</summary>
    /// <exception cref="DeviceTakenOverException">It is gone, or was handed out.</exception>
    /// <exception cref="ServerFullException">There are as many devices at work here as there may be.</exception>
    /// <exception cref="HttpRequestException">Its network does not say where it is.</exception>
    public async Task<LiveDevice> OpenAsync(DeviceRow row, CancellationToken cancellation)
    {
        using var turn = await _gates.EnterAsync(row.Id, cancellation).ConfigureAwait(false);
        if (Find(row.Id) is { } there) return there;
        if (_live.Count >= options.MaxConnections) throw new ServerFullException();
        var epoch = await database.AsService("claim a device").WriteAsync(work => DeviceTable.ClaimAsync(work, row.Id, _node), cancellation).ConfigureAwait(false);
        if (epoch == 0) throw new DeviceTakenOverException();
        var kept = new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, row.Wrapped!));
        var client = await networks.ClientAsync(row.Network, new DeviceStore(database, messages, kept, epoch), cancellation).ConfigureAwait(false);
        return _live[row.Id] = new LiveDevice(kept, client, journal.HappenedAsync);
    }

    /// <summary>Lets a device go: disconnects it and forgets it here. Nothing is removed from the store.</summary>
    public Task CloseAsync(Guid id) => CloseAsync(id, () => Task.FromResult(true));

    /// <summary>Lets a device go, and does something before anybody here can take it to work again.</summary>
    public async Task<T> CloseAsync<T>(Guid id, Func<Task<T>> then)
    {
        using var turn = await _gates.EnterAsync(id, CancellationToken.None).ConfigureAwait(false);
        if (_live.TryRemove(id, out var device)) await device.DisposeAsync().ConfigureAwait(false);
        return await then().ConfigureAwait(false);
    }

    /// <summary>Connects a device, anew if it is connected; what comes of it is told by its events.</summary>
    /// <returns>Null when that has begun; else why not.</returns>
    public async Task<DeviceTrouble?> ConnectAsync(DeviceRow row, CancellationToken cancellation)
    {
        await CloseAsync(row.Id).ConfigureAwait(false);
        try
        {
            _ = KeepConnectedAsync(await OpenAsync(row, cancellation).ConfigureAwait(false), CancellationToken.None);
            return null;
        }
        catch (Exception e) when (DeviceTrouble.OfOpening(e) is { } trouble)
        {
            DevicesLog.NotOpened(log, row.Id, e.GetType().Name);
            return trouble;
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        var together = new ParallelOptions { MaxDegreeOfParallelism = DeviceLimits.ConnectsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_live.Keys, together, async (id, _) => await CloseAsync(id).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsEnabled) return;
        try
        {
            await keys.RotateAsync(database, stoppingToken).ConfigureAwait(false);
            var rows = await database.AsService("connect devices").ReadAsync(DeviceTable.ToConnectAsync, stoppingToken).ConfigureAwait(false);
            if (rows.Count > 0) DevicesLog.Connecting(log, rows.Count);
            if (rows.Count > options.MaxConnections) DevicesLog.ServerFull(log, rows.Count - options.MaxConnections);
            var jitter = rows.Count > DeviceLimits.ConnectsAtOnce ? DeviceLimits.StartJitter : TimeSpan.Zero;
            var admission = new ParallelOptions { MaxDegreeOfParallelism = DeviceLimits.ConnectsAtOnce, CancellationToken = stoppingToken };
            await Parallel.ForEachAsync(rows.Take(options.MaxConnections), admission, (row, stopping) => StartAsync(row, jitter, stopping)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async ValueTask StartAsync(DeviceRow row, TimeSpan jitter, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(jitter * (RandomNumberGenerator.GetInt32(1000) / 1000.0), clock, stopping).ConfigureAwait(false);
            var connected = KeepConnectedAsync(await OpenAsync(row, stopping).ConfigureAwait(false), stopping);
            // One that does not get through goes on trying, and keeps nobody else from it.
            await connected.WaitAsync(DeviceLimits.Admission, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The others are not to suffer for it: a key that is gone, a network that does not answer.
            DevicesLog.NotOpened(log, row.Id, e.GetType().Name);
        }
    }

    // Until it is online or has failed for good, both of which its events tell.
    private async Task KeepConnectedAsync(LiveDevice device, CancellationToken stopping)
    {
        try
        {
            await device.Client.ConnectAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WhatsAppException or OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            DevicesLog.NotOpened(log, device.Id, e.GetType().Name);
        }
    }
}

/// <summary>There are as many devices at work here as <c>WHATSAPP_MAX_CONNECTIONS_PER_SERVER</c> lets.</summary>
internal sealed class ServerFullException() : Exception("This server has as many connections as it may.");
