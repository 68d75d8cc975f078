using System.Net.WebSockets;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.History;
using FocoBot.WhatsApp.Login;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp;

// One run: connects, and connects again after each end, until an end is final or the caller disconnects.
public sealed partial class WhatsAppClient
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    private CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;
    private volatile StanzaConnection? _current;
    private volatile DeviceState? _state;
    private volatile ConnectionEnd _lastEnd = new(EndCause.Stopped);

    // Done unless the client is just connecting or logging in.
    private volatile TaskCompletionSource _beginning = new();

    /// <summary>Connects a linked device, and keeps it connected until <see cref="DisconnectAsync"/> or an end that is final.</summary>
    /// <param name="token">Gives up and disconnects; means nothing once this has returned.</param>
    /// <returns>When the device is online for the first time; until then it is tried again and again.</returns>
    /// <exception cref="ConnectionEndedException">There is no use in trying on, see <see cref="ConnectionEnd.Reaction"/>.</exception>
    /// <exception cref="InvalidOperationException">The device is not linked, or the client is connected already.</exception>
    public Task ConnectAsync(CancellationToken token = default) => StartAsync(method: null, token);

    /// <summary>Disconnects, and stays so.</summary>
    /// <returns>When the connection is closed.</returns>
    public async Task DisconnectAsync()
    {
        Task running;
        CancellationTokenSource toStop;
        lock (_gate)
            (running, toStop) = (_run, _stopping);
        if (_current is { } connection && !running.IsCompleted)
            await connection.CloseAsync(new(EndCause.Stopped));
        await toStop.CancelAsync();
        await running;
    }

    // Everything that needs the server begins here. Events come before the last steps of the login: who reacts to one at once waits for these.
    /// <exception cref="ConnectionEndedException">There is no connection, and none is being opened; or what was being opened came to nothing.</exception>
    private async Task<StanzaConnection> OnlineAsync(CancellationToken token)
    {
        await _beginning.Task.WaitAsync(token);
        return _current is { } connection && State is ConnectionState.Online ? connection : throw new ConnectionEndedException(_lastEnd);
    }

    private async Task StartAsync(LinkMethod? method, CancellationToken token)
    {
        var online = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
            ThrowIfRunning();
            Move(ConnectionState.Connecting);
            _stopping = new();
            var stop = _stopping.Token;
            // It outlives what the caller is about: no activity or scope of the caller's goes along.
            using var alone = ExecutionContext.SuppressFlow();
            _run = Task.Run(() => RunAsync(method, online, stop), CancellationToken.None);
        }

        try
        {
            await online.Task.WaitAsync(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            await DisconnectAsync();
            throw;
        }
    }

    private void ThrowIfRunning()
    {
        if (!_run.IsCompleted)
            throw new InvalidOperationException("The client is connected, or about to.");
    }

    private async Task RunAsync(LinkMethod? method, TaskCompletionSource online, CancellationToken stop)
    {
        var policy = new ReconnectPolicy(_options.Random, _options.QuickReconnects, _options.LongReconnectPause);
        var end = new ConnectionEnd(EndCause.Stopped);
        try
        {
            while (true)
            {
                (end, var lasted) = await ConnectOnceAsync(method, online, stop);
                if (stop.IsCancellationRequested)
                    end = new(EndCause.Stopped);
                _lastEnd = end;
                if (end.IsFinal)
                    break;
                // Whoever gets here by linking is linked.
                method = null;
                var pause = policy.Next(end, lasted, _options.Clock.GetUtcNow());
                Move(ConnectionState.Waiting);
                Log.Ended(_options.Logger, end, pause);
                Telemetry.Reconnecting(end.Cause);
                Publish(new Disconnected(end, pause));
                do
                    await _options.Clock.WaitAsync(pause, stop);
                while (HasUnreadEvents(Limits.PendingEvents / 2));
                Move(ConnectionState.Connecting);
            }

            Finish(online, end, new ConnectionEndedException(end));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || _disposing.IsCancellationRequested)
        {
            end = new(EndCause.Stopped);
            Finish(online, end, new ConnectionEndedException(end));
        }
        catch (LinkingException failed)
        {
            Log.NotLinked(_options.Logger, failed.Failure);
            Finish(online, end, failed, new DeviceNotLinked(failed.Failure, (failed.InnerException as ConnectionEndedException)?.End));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(_options.Logger, failed);
            Finish(online, new(EndCause.Internal), failed);
        }
    }

    private void Finish(TaskCompletionSource online, ConnectionEnd end, Exception why, ClientEvent? last = null)
    {
        _lastEnd = end;
        Move(ConnectionState.Disconnected);
        _messagingMemory.Acks.Fail(end, isLast: false);
        Publish(last ?? new Disconnected(end, RetryIn: null));
        online.TrySetException(why);
        // Not everybody waits for it, and nobody does after the first time online.
        _ = online.Task.Exception;
    }

    private async Task<(ConnectionEnd End, TimeSpan Lasted)> ConnectOnceAsync(LinkMethod? method, TaskCompletionSource online, CancellationToken stop)
    {
        try
        {
            var stored = await LoadAsync(stop);
            if (stored is null == method is null)
                throw new InvalidOperationException(method is null ? "The device is not linked." : "The device is linked already.");
            var device = stored ?? DeviceCredentials.Create(_options.Random, _options.Clock.GetUtcNow());
            using var connection = await OpenAsync(device, stop);
            using var stopped = stop.Register(() => connection.End(new(EndCause.Stopped)));
            _current = connection;
            return method is null ? await LogInAsync(connection, device, online, stop) : (await LinkAsync(connection, method, device, stop), default);
        }
        catch (ConnectionEndedException over)
        {
            // A linked device tries again; whoever links is better told at once.
            return method is null || over.End.Cause is EndCause.Stopped
                ? (over.End, default)
                : throw new LinkingException(LinkingFailure.ConnectionEnded, over);
        }
        catch (Exception failed) when (online.Task.IsCompletedSuccessfully && failed is not (OperationCanceledException or OutOfMemoryException))
        {
            // The store, most likely. At first the caller is told; later on it may pass.
            Log.HandlerFailed(_options.Logger, failed);
            return (new(EndCause.Internal), default);
        }
        finally
        {
            _current = null;
        }
    }

    private async Task<DeviceCredentials?> LoadAsync(CancellationToken token)
    {
        // Whatever was under way on the connection before has ended after this, and what could not be stored is forgotten.
        await _units.ResetAsync(token);
        var device = (await _units.BeginAsync(async unit => await unit.LoadCredentialsAsync(token), token)).Result;
        return device is { IsRestored: true } ? await RestoredDevice.DetachAsync(_units, device, _options.Random, _options.Logger, token) : device;
    }

    private async Task<StanzaConnection> OpenAsync(DeviceCredentials device, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(ConnectTimeout, _options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        FrameSocket? socket = null;
        try
        {
            socket = new(_options.OpenSocket is { } open
                ? await open(_options.Uri, both.Token)
                : await WebSocketConnector.ConnectAsync(_options.Uri, _options.TlsValidation, both.Token));
            var greeting = new Greeting(device.Noise.Private, device.RoutingInfo, _options.RootKey, PayloadOf(device).ToByteArray());
            var transport = await Handshake.PerformAsync(socket, greeting, _options.Random, _options.Clock, both.Token);
            return new(socket, transport, _options.Random, _options.Clock, _options.Logger);
        }
        catch (Exception failed)
        {
            socket?.Dispose();
            EndCause? cause = failed switch
            {
                ProtocolException => EndCause.HandshakeFailed,
                WebSocketException or IOException or HttpRequestException => EndCause.Lost,
                OperationCanceledException when !stop.IsCancellationRequested => EndCause.Lost,
                _ => null,
            };
            if (cause is null)
                throw;
            Log.NotConnected(_options.Logger, failed, cause.Value);
            throw new ConnectionEndedException(new(cause.Value));
        }
    }

    private ClientPayload PayloadOf(DeviceCredentials device)
    {
        var version = new AppVersion
        {
            Primary = (uint)_options.WebVersion.Major,
            Secondary = (uint)_options.WebVersion.Minor,
            Tertiary = (uint)_options.WebVersion.Build,
        };
        if (device.PhoneJid is { } phone)
            return ClientPayloads.Login(version, ulong.Parse(phone.User, null), (uint)phone.Device, device.LoginCounter);
        var signed = device.SignedPreKey;
        var keys = new RegistrationKeys(device.RegistrationId, device.Identity.Public.ToArray(), signed.Id, signed.Pair.Public.ToArray(), signed.Signature);
        return ClientPayloads.Register(version, keys, Linking.Platform, _options.FullHistory);
    }

    private async Task<(ConnectionEnd End, TimeSpan Lasted)> LogInAsync(StanzaConnection connection, DeviceCredentials device, TaskCompletionSource online, CancellationToken stop)
    {
        Move(ConnectionState.LoggingIn);
        _state = new DeviceState(_units, device);
        _messagingMemory.IsAvailable = false;
        _privacy = null;
        long? since = null;
        var toPhone = _peers = new(connection, _state, _options);
        var settings = _appState = new(connection, _state, _appStateMemory, toPhone, _media, _options);
        var history = new HistoryReceiver(connection, _state, _media, _options, () => HasUnreadEvents(Limits.HistoryUnread));
        var talk = _messaging = new(connection, _state, _messagingMemory, (unit, message, token) => TakeAsync(unit, message, settings, history, token), _options);
        _units.Failed = failed =>
        {
            _messagingMemory.Recoveries.Forget();
            connection.End(new(failed.InnerException is DeviceTakenOverException ? EndCause.TakenOver : EndCause.Internal));
        };
        var login = new LoginConnection(
            connection, _state, talk, _mediaRetries, settings, history, _options.Random, _options.Clock, _options.Logger, () => HasUnreadEvents(Limits.PendingEvents), Ready);
        ConnectionEnd end;
        try
        {
            end = await login.RunAsync();
            if (end.Cause is EndCause.ServerError)
                await talk.BlameAsync(stop);
        }
        finally
        {
            if (since is not null)
                Telemetry.Offline();
        }

        (_peers, _appState, _messaging) = (null, null, null);
        // What is stored is told before the end is.
        await _units.ResetAsync(CancellationToken.None);
        _units.Failed = null;
        return (end, since is { } began ? _options.Clock.GetElapsedTime(began) : TimeSpan.Zero);

        void Ready()
        {
            since = _options.Clock.GetTimestamp();
            Move(ConnectionState.Online);
            Telemetry.Online();
            Publish(new Connected());
            online.TrySetResult();
        }
    }
}
