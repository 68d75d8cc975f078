using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FocoBot.Http;

/// <summary>What one client, or all of them, may hold of the server's sockets and memory, and how long a stop may take.</summary>
internal static class ConnectionLimits
{
    /// <summary>Open connections: some 20 kB each, far above what webhooks and people need, far below what would starve the machine.</summary>
    private const int Connections = 10_000;

    /// <summary>WebSockets among them: the event streams of a few thousand open pages.</summary>
    private const int Upgraded = 5_000;

    /// <summary>An idle connection: longer than a proxy's usual 60 s, so that it is the proxy that closes first and no request falls between.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(90);

    /// <summary>Until a request's headers are complete; who takes longer holds sockets open on purpose.</summary>
    private static readonly TimeSpan Headers = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of all headers of a request: cookies and forwarding headers with room to spare.</summary>
    private const int HeaderBytes = 16 * 1024;

    /// <summary>Headers of a request; browsers send about 20.</summary>
    private const int HeaderCount = 64;

    /// <summary>Requests that share one HTTP/2 connection at a time; a proxy may bundle many people's.</summary>
    private const int Streams = 100;

    /// <summary>A body slower than this (bytes a second, after a grace) is given up: 64 KiB then take 2 minutes at most.</summary>
    private static readonly MinDataRate BodyRate = new(500, TimeSpan.FromSeconds(5));

    /// <summary>From the signal to stop until the process gives up waiting for work under way. Hosts kill after 30 s.</summary>
    public static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(25);

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = Upgraded;
        kestrel.Limits.KeepAliveTimeout = KeepAlive;
        kestrel.Limits.RequestHeadersTimeout = Headers;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = HeaderCount;
        kestrel.Limits.MaxRequestBodySize = HttpLimits.Body;
        kestrel.Limits.MinRequestBodyDataRate = BodyRate;
        kestrel.Limits.Http2.MaxStreamsPerConnection = Streams;
    }
}
