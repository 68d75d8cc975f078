using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Framing;
using FocoBot.WhatsApp.Noise;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Connection;

/// <summary>
/// A connection after its handshake: stanzas both ways, requests and their answers, and the pings that show whether it lives.
/// Sending and asking are safe from several threads.
/// </summary>
internal sealed class StanzaConnection : IDisposable
{
    /// <summary>How long a request waits for its answer.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30), PingTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(20), LongestPause = TimeSpan.FromSeconds(29);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly FrameSocket _socket;
    private readonly NoiseTransport _transport;
    private readonly RandomNumberGenerator _random;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly PendingRequests _requests = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _life = new();
    private readonly TaskCompletionSource<ConnectionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _idPrefix;
    private long _lastId, _lastHeard;
    private volatile bool _isHandling;

    public StanzaConnection(FrameSocket socket, NoiseTransport transport, RandomNumberGenerator random, TimeProvider clock, ILogger log)
    {
        _socket = socket;
        _transport = transport;
        _random = random;
        _clock = clock;
        _log = log;
        var number = random.UInt32();
        _lastHeard = clock.GetTimestamp();
        _idPrefix = string.Create(CultureInfo.InvariantCulture, $"{number >> 16}.{number & 0xFFFF}-");
    }

    /// <summary>How the connection ended.</summary>
    public Task<ConnectionEnd> Ended => _ended.Task;

    /// <summary>How long nothing has come.</summary>
    public TimeSpan Silence => _clock.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>An id for a stanza that no other one of this connection has.</summary>
    public string NextId() => _idPrefix + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads until the connection ends. To be called once.</summary>
    /// <param name="handle">
    /// Takes every stanza but the answers to requests, one after the other. It must not wait for such an answer, which would come after it.
    /// </param>
    /// <returns>How it ended.</returns>
    public async Task<ConnectionEnd> RunAsync(Func<Node, ValueTask> handle)
    {
        var pings = PingAsync();
        try
        {
            while (!Ended.IsCompleted)
                await ReadAsync(handle);
        }
        catch (Exception over) when (Ended.IsCompleted && over is OperationCanceledException or ConnectionEndedException)
        {
            // Why is known.
        }
        catch (ProtocolException broken)
        {
            Log.ProtocolBroken(_log, broken);
            End(new(EndCause.ProtocolBroken));
        }
        catch (EndOfStreamException) when (!_isHandling)
        {
            End(new(EndCause.ServerClosed));
        }
        catch (Exception lost) when (!_isHandling && lost is WebSocketException or IOException or ObjectDisposedException)
        {
            End(new(EndCause.Lost));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(_log, failed);
            End(new(EndCause.Internal));
        }

        await pings;
        return await Ended;
    }

    /// <summary>Sends a stanza.</summary>
    /// <exception cref="ConnectionEndedException">The connection has ended.</exception>
    public async Task SendAsync(Node stanza, CancellationToken token = default)
    {
        using var plaintext = new PooledWriter();
        Stanza.Write(stanza, plaintext);
        await SendAsync(plaintext.Written, token);
    }

    /// <summary>Sends a stanza as <see cref="Stanza.Write"/> gave it.</summary>
    /// <exception cref="ConnectionEndedException">The connection has ended.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> plaintext, CancellationToken token = default)
    {
        var payload = plaintext.Length + NoiseCipher.TagLength;
        var frame = ArrayPool<byte>.Shared.Rent(Frame.HeaderLength + payload);
        try
        {
            Frame.WriteHeader(frame, payload);
            await WaitForTurnAsync(token);
            try
            {
                _transport.Send.Encrypt(plaintext.Span, frame.AsSpan(Frame.HeaderLength, payload));
                // Not the caller's token: giving up in the middle of a frame would end the connection.
                await SendFrameAsync(frame.AsMemory(0, Frame.HeaderLength + payload));
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception lost) when (lost is WebSocketException or IOException or ObjectDisposedException || _life.IsCancellationRequested)
        {
            End(new(EndCause.Lost));
            throw new ConnectionEndedException(await Ended);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    // A peer that reads nothing any more holds up everything: for so long and no longer.
    private async ValueTask SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        var sent = _socket.SendAsync(frame, _life.Token);
        if (sent.IsCompletedSuccessfully)
            return;
        var leaving = sent.AsTask();
        try
        {
            await leaving.WaitAsync(SendTimeout, _clock);
        }
        catch (TimeoutException)
        {
            End(new(EndCause.Lost));
            await leaving;
        }
    }

    /// <summary>Asks the server: <c>&lt;iq xmlns type to target? id&gt;content&lt;/iq&gt;</c>.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="RequestRefusedException">The server refused.</exception>
    /// <exception cref="RequestTimeoutException">There was no answer in time.</exception>
    /// <exception cref="ConnectionEndedException">The connection has ended.</exception>
    public async Task<Node> RequestAsync(string xmlns, string type, NodeContent content, CancellationToken token, Jid? to = null, TimeSpan? timeout = null, Jid? target = null)
    {
        var id = NextId();
        var answer = _requests.Add(id);
        try
        {
            await SendAsync(new Node("iq", [("to", to ?? Jid.Service), ("xmlns", xmlns), ("type", type), ("id", id), ("target", target)], content), token);
            var stanza = await answer.WaitAsync(timeout ?? RequestTimeout, _clock, token);
            if (stanza["type"] != "error")
                return stanza;
            var error = stanza.Child("error");
            throw new RequestRefusedException((int)Math.Clamp(error?.GetNumber("code") ?? 0, 0, 999), error?["text"] is { Length: <= 64 } text ? text : null);
        }
        catch (TimeoutException)
        {
            throw new RequestTimeoutException();
        }
        finally
        {
            _requests.Remove(id);
        }
    }

    /// <summary>Ends the connection, unless it has ended already: the first reason counts.</summary>
    public void End(ConnectionEnd reason)
    {
        if (!_ended.TrySetResult(reason))
            return;
        _requests.Fail(reason);
        _life.Cancel();
    }

    /// <summary>Ends the connection from this side and lets the server know.</summary>
    public async Task CloseAsync(ConnectionEnd reason)
    {
        try
        {
            using var patience = new CancellationTokenSource(CloseTimeout, _clock);
            await WaitForTurnAsync(patience.Token);
            try
            {
                await _socket.CloseAsync(patience.Token);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception late) when (late is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or ConnectionEndedException)
        {
            // Then it ends without a word.
        }

        End(reason);
    }

    /// <summary>To be called after <see cref="RunAsync"/> has returned.</summary>
    public void Dispose()
    {
        End(new(EndCause.Stopped));
        _socket.Dispose();
        _transport.Dispose();
        _life.Dispose();
    }

    private async Task ReadAsync(Func<Node, ValueTask> handle)
    {
        var frame = await _socket.ReceiveAsync(Limits.FramePayload, _life.Token);
        Volatile.Write(ref _lastHeard, _clock.GetTimestamp());
        var stanza = Decode(frame.Span);
        Log.Received(_log, stanza);
        if (stanza.Tag == "iq" && stanza["type"] is "result" or "error" && stanza["id"] is { } id && _requests.Complete(id, stanza))
            return;
        if (EndStanzas.Read(stanza, _clock.GetUtcNow()) is { } end)
        {
            if (stanza.Child("ack") is { } missing)
                await SendAsync(Stanzas.LateAck(missing));
            End(end);
            return;
        }

        _isHandling = true;
        try
        {
            await handle(stanza);
        }
        catch (IOException failed)
        {
            // The line's failures come as the end of the connection: this is the store's.
            Log.HandlerFailed(_log, failed);
            End(new(EndCause.Internal));
        }

        _isHandling = false;
    }

    private async Task WaitForTurnAsync(CancellationToken token)
    {
        await _sending.WaitAsync(token);
        if (!Ended.IsCompleted)
            return;
        _sending.Release();
        throw new ConnectionEndedException(await Ended);
    }

    private Node Decode(ReadOnlySpan<byte> frame)
    {
        var plaintext = ArrayPool<byte>.Shared.Rent(frame.Length);
        try
        {
            var length = _transport.Receive.Decrypt(frame, plaintext);
            return Stanza.Read(plaintext.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plaintext);
        }
    }

    // To a whole second of the clock: many idle clients wake the processor together then, which costs it less than their pings do.
    private TimeSpan PingPause()
    {
        var pause = ShortestPause + _random.Fraction() * (LongestPause - ShortestPause);
        var due = _clock.GetElapsedTime(0) + pause;
        return pause + TimeSpan.FromSeconds(Math.Ceiling(due.TotalSeconds)) - due;
    }

    // Dead is who answers no ping and sends nothing else either. While a stanza is being handled nothing is read, so that silence says nothing.
    private async Task PingAsync()
    {
        while (true)
        {
            await Task.Delay(PingPause(), _clock, _life.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_life.IsCancellationRequested)
                return;
            var asked = _clock.GetTimestamp();
            try
            {
                await RequestAsync("w:p", "get", new Node("ping"), _life.Token, timeout: PingTimeout);
            }
            catch (Exception fine) when (fine is RequestRefusedException or InvalidOperationException)
            {
                // An answer all the same; or so many requests wait already that theirs will show whether it lives.
            }
            catch (RequestTimeoutException)
            {
                if (!_isHandling && Volatile.Read(ref _lastHeard) < asked)
                    End(new(EndCause.Lost));
            }
            catch (Exception over) when (over is ConnectionEndedException or OperationCanceledException)
            {
                return;
            }
        }
    }
}
