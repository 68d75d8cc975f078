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

    private CancellationTokenSource stopping = new();
    private Task run = Task.CompletedTask;
    private volatile StanzaConnection? current;
    private volatile DeviceState? state;
    private volatile ConnectionEnd lastEnd = new(EndCause.Stopped);

    // Done unless the client is just connecting or logging in.
    private volatile TaskCompletionSource beginning = new();

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
        lock (gate)
            (running, toStop) = (run, stopping);
        if (current is { } connection && !running.IsCompleted)
            await connection.CloseAsync(new(EndCause.Stopped));
        await toStop.CancelAsync();
        await running;
    }

    // Everything that needs the server begins here. Events come before the last steps of the login: who reacts to one at once waits for these.
    /// <exception cref="ConnectionEndedException">There is no connection, and none is being opened; or what was being opened came to nothing.</exception>
    private async Task<StanzaConnection> OnlineAsync(CancellationToken token)
    {
        await beginning.Task.WaitAsync(token);
        return current is { } connection && State is ConnectionState.Online ? connection : throw new ConnectionEndedException(lastEnd);
    }

    private async Task StartAsync(LinkMethod? method, CancellationToken token)
    {
        var online = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposing.IsCancellationRequested, this);
            ThrowIfRunning();
            Move(ConnectionState.Connecting);
            stopping = new();
            var stop = stopping.Token;
            // It outlives what the caller is about: no activity or scope of the caller's goes along.
            using var alone = ExecutionContext.SuppressFlow();
            run = Task.Run(() => RunAsync(method, online, stop), CancellationToken.None);
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
        if (!run.IsCompleted)
            throw new InvalidOperationException("The client is connected, or about to.");
    }

    private async Task RunAsync(LinkMethod? method, TaskCompletionSource online, CancellationToken stop)
    {
        var policy = new ReconnectPolicy(options.Random);
        var end = new ConnectionEnd(EndCause.Stopped);
        try
        {
            while (true)
            {
                (end, var lasted) = await ConnectOnceAsync(method, online, stop);
                if (stop.IsCancellationRequested)
                    end = new(EndCause.Stopped);
                lastEnd = end;
                if (end.IsFinal)
                    break;
                // Whoever gets here by linking is linked.
                method = null;
                var pause = policy.Next(end, lasted, options.Clock.GetUtcNow());
                Move(ConnectionState.Waiting);
                Log.Ended(options.Logger, end, pause);
                Telemetry.Reconnecting(end.Cause);
                Publish(new Disconnected(end, pause));
                do
                    await options.Clock.WaitAsync(pause, stop);
                while (HasUnreadEvents(Limits.PendingEvents / 2));
                Move(ConnectionState.Connecting);
            }

            Finish(online, end, new ConnectionEndedException(end));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || disposing.IsCancellationRequested)
        {
            end = new(EndCause.Stopped);
            Finish(online, end, new ConnectionEndedException(end));
        }
        catch (LinkingException failed)
        {
            Log.NotLinked(options.Logger, failed.Failure);
            Finish(online, end, failed, new DeviceNotLinked(failed.Failure, (failed.InnerException as ConnectionEndedException)?.End));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(options.Logger, failed);
            Finish(online, new(EndCause.Internal), failed);
        }
    }

    private void Finish(TaskCompletionSource online, ConnectionEnd end, Exception why, ClientEvent? last = null)
    {
        lastEnd = end;
        Move(ConnectionState.Disconnected);
        messagingMemory.Acks.Fail(end, isLast: false);
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
            var device = stored ?? DeviceCredentials.Create(options.Random, options.Clock.GetUtcNow());
            using var connection = await OpenAsync(device, stop);
            using var stopped = stop.Register(() => connection.End(new(EndCause.Stopped)));
            current = connection;
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
            Log.HandlerFailed(options.Logger, failed);
            return (new(EndCause.Internal), default);
        }
        finally
        {
            current = null;
        }
    }

    private async Task<DeviceCredentials?> LoadAsync(CancellationToken token)
    {
        // Whatever was under way on the connection before has ended after this, and what could not be stored is forgotten.
        await units.ResetAsync(token);
        var device = (await units.BeginAsync(async unit => await unit.LoadCredentialsAsync(token), token)).Result;
        return device is { IsRestored: true } ? await RestoredDevice.DetachAsync(units, device, options.Random, options.Logger, token) : device;
    }

    private async Task<StanzaConnection> OpenAsync(DeviceCredentials device, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(ConnectTimeout, options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        FrameSocket? socket = null;
        try
        {
            socket = new(options.OpenSocket is { } open
                ? await open(options.Uri, both.Token)
                : await WebSocketConnector.ConnectAsync(options.Uri, options.TlsValidation, both.Token));
            var greeting = new Greeting(device.Noise.Private, device.RoutingInfo, options.RootKey, PayloadOf(device).ToByteArray());
            var transport = await Handshake.PerformAsync(socket, greeting, options.Random, options.Clock, both.Token);
            return new(socket, transport, options.Random, options.Clock, options.Logger);
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
            Log.NotConnected(options.Logger, failed, cause.Value);
            throw new ConnectionEndedException(new(cause.Value));
        }
    }

    private ClientPayload PayloadOf(DeviceCredentials device)
    {
        var version = new AppVersion
        {
            Primary = (uint)options.WebVersion.Major,
            Secondary = (uint)options.WebVersion.Minor,
            Tertiary = (uint)options.WebVersion.Build,
        };
        if (device.PhoneJid is { } phone)
            return ClientPayloads.Login(version, ulong.Parse(phone.User, null), (uint)phone.Device, device.LoginCounter);
        var signed = device.SignedPreKey;
        var keys = new RegistrationKeys(device.RegistrationId, device.Identity.Public.ToArray(), signed.Id, signed.Pair.Public.ToArray(), signed.Signature);
        return ClientPayloads.Register(version, keys, Linking.Platform, options.FullHistory);
    }

    private async Task<(ConnectionEnd End, TimeSpan Lasted)> LogInAsync(StanzaConnection connection, DeviceCredentials device, TaskCompletionSource online, CancellationToken stop)
    {
        Move(ConnectionState.LoggingIn);
        state = new DeviceState(units, device);
        messagingMemory.IsAvailable = false;
        privacy = null;
        long? since = null;
        var toPhone = peers = new(connection, state, options);
        var settings = appState = new(connection, state, appStateMemory, toPhone, media, options);
        var history = new HistoryReceiver(connection, state, media, options, () => HasUnreadEvents(Limits.HistoryUnread));
        var talk = messaging = new(connection, state, messagingMemory, (unit, message, token) => TakeAsync(unit, message, settings, history, token), options);
        units.Failed = failed =>
        {
            messagingMemory.Recoveries.Forget();
            connection.End(new(failed.InnerException is DeviceTakenOverException ? EndCause.TakenOver : EndCause.Internal));
        };
        var login = new LoginConnection(
            connection, state, talk, mediaRetries, settings, history, options.Random, options.Clock, options.Logger, () => HasUnreadEvents(Limits.PendingEvents), Ready);
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

        (peers, appState, messaging) = (null, null, null);
        // What is stored is told before the end is.
        await units.ResetAsync(CancellationToken.None);
        units.Failed = null;
        return (end, since is { } began ? options.Clock.GetElapsedTime(began) : TimeSpan.Zero);

        void Ready()
        {
            since = options.Clock.GetTimestamp();
            Move(ConnectionState.Online);
            Telemetry.Online();
            Publish(new Connected());
            online.TrySetResult();
        }
    }
}
