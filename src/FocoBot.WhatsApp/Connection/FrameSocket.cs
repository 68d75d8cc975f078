using System.Buffers;
using System.Net.WebSockets;
using FocoBot.WhatsApp.Framing;

namespace FocoBot.WhatsApp.Connection;

/// <summary>
/// Frames over a WebSocket. Between frames it holds no buffer: waiting is a receive of nothing. One reader and one sender at a time.
/// </summary>
internal sealed class FrameSocket(WebSocket socket) : IDisposable
{
    private const int FirstBuffer = 4096;

    // What has come and was not consumed: buffer[start..end], of which the first `given` bytes are the frame that the caller has.
    private byte[] _buffer = [];
    private int _start, _end, _given;

    /// <summary>Waits for a frame.</summary>
    /// <returns>Its payload, valid until the next call.</returns>
    /// <exception cref="ProtocolException">The frame is too long, or the message is no binary one.</exception>
    /// <exception cref="EndOfStreamException">The server has closed the socket.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(int maxPayload, CancellationToken token)
    {
        _start += _given;
        _given = 0;
        while (true)
        {
            if (Frame.TryRead(_buffer.AsSpan(_start, _end - _start), maxPayload, out var payload, out _given))
                return _buffer.AsMemory(_start + Frame.HeaderLength, payload.Length);
            await FillAsync(token);
        }
    }

    /// <summary>Sends whole frames as one message.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frames, CancellationToken token) =>
        socket.SendAsync(frames, WebSocketMessageType.Binary, endOfMessage: true, token);

    /// <summary>Tells the server that nothing more comes.</summary>
    public Task CloseAsync(CancellationToken token) =>
        socket.State is WebSocketState.Open or WebSocketState.CloseReceived
            ? socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, token)
            : Task.CompletedTask;

    public void Dispose()
    {
        socket.Dispose();
        Release();
    }

    private async ValueTask FillAsync(CancellationToken token)
    {
        if (_start == _end)
        {
            Release();
            Check(await socket.ReceiveAsync(Memory<byte>.Empty, token));
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        }
        else if (_end == _buffer.Length)
            MakeRoom();

        var result = await socket.ReceiveAsync(_buffer.AsMemory(_end), token);
        Check(result);
        _end += result.Count;
    }

    private void MakeRoom()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.Length <= _buffer.Length / 2)
            rest.CopyTo(_buffer);
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            rest.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _end -= _start;
        _start = 0;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = _given = 0;
    }

    private static void Check(ValueWebSocketReceiveResult result)
    {
        if (result.MessageType is WebSocketMessageType.Close)
            throw new EndOfStreamException("The server has closed the socket.");
        if (result.MessageType is WebSocketMessageType.Text)
            throw new ProtocolException("The server sent a text message.");
    }
}
