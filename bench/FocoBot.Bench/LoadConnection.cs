using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FocoBot.Bench;

/// <summary>One kept-alive HTTP connection, down to what a load generator needs of it: a request out, a status back, little processor time.</summary>
internal sealed class LoadConnection(IPEndPoint server) : IDisposable
{
    /// <summary>Stands for a status when the connection broke.</summary>
    public const int Broken = 0;

    private readonly byte[] _buffer = new byte[8192];
    private Socket? _socket;

    /// <summary>Sends a request; the status of its answer. After anything but a 200 the next request has a new connection.</summary>
    public async Task<int> ExchangeAsync(byte[] request)
    {
        try
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(server).ConfigureAwait(false);
            }

            await _socket.SendAsync(request).ConfigureAwait(false);
            var status = await ReadAsync(_socket).ConfigureAwait(false);
            if (status != 200) Dispose();
            return status;
        }
        catch (SocketException)
        {
            Dispose();
            return Broken;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<int> ReadAsync(Socket socket)
    {
        for (var length = 0; ;)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(length)).ConfigureAwait(false);
            if (read == 0) return Broken;
            length += read;
            if (StatusOfWhole(_buffer.AsSpan(0, length)) is { } status) return status;
        }
    }

    // Null until all of the answer is there. Only our 200 is short and has a length; any other is not read to its end.
    private static int? StatusOfWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return null;
        var status = int.Parse(answer["HTTP/1.1 ".Length..][..3], NumberStyles.None, CultureInfo.InvariantCulture);
        if (status != 200) return status;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        var value = answer[(length + "Content-Length: ".Length)..head];
        var end = value.IndexOf((byte)'\r');
        return answer.Length - head - 4 >= int.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture) ? status : null;
    }
}
