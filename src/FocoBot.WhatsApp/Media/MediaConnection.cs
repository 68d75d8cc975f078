using System.Collections.Immutable;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// The hosts that have files, best first, and what lets this device upload to them.
/// <code>
/// C &lt;iq to xmlns="w:m" type="set" id&gt;&lt;media_conn/&gt;&lt;/iq&gt;
/// S &lt;iq type="result"&gt;&lt;media_conn auth ttl …&gt;&lt;host hostname="name[:port]" …/&gt;…&lt;/media_conn&gt;&lt;/iq&gt;
/// </code>
/// </summary>
internal sealed record MediaConnection(string Auth, ImmutableArray<string> Hosts, TimeSpan Lifetime)
{
    private const long LongestLife = 24 * 60 * 60;

    /// <summary>Asks the server.</summary>
    /// <exception cref="ProtocolException">The answer names no host.</exception>
    public static async Task<MediaConnection> AskAsync(StanzaConnection connection, CancellationToken token) =>
        Read(await connection.RequestAsync("w:m", "set", new Node("media_conn"), token));

    public static MediaConnection Read(Node answer)
    {
        var media = answer.RequireChild("media_conn");
        var auth = media.Require("auth");
        var hosts = media.ChildrenOf("host").Take(Limits.MediaHosts).Select(host => host["hostname"] ?? "").Where(IsHost).ToImmutableArray();
        if (auth.Length > Limits.MediaPathChars || hosts.IsEmpty)
            throw new ProtocolException("The server names no media host");
        return new(auth, hosts, TimeSpan.FromSeconds(Math.Clamp(media.GetNumber("ttl") ?? 0, 0, LongestLife)));
    }

    // Nothing but a name and perhaps a port.
    private static bool IsHost(string name) =>
        name.Length is > 0 and <= 260 && Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var uri)
        && string.Equals(uri.Authority, name, StringComparison.OrdinalIgnoreCase) && uri.UserInfo.Length == 0;
}

/// <summary>Keeps the hosts as long as the server says.</summary>
internal sealed class MediaConnectionCache(Func<CancellationToken, Task<MediaConnection>> ask, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _asking = new(1);
    private MediaConnection? _known;
    private long _since;

    /// <summary>The hosts, asked for when those known are too old.</summary>
    /// <param name="refused">Those that did not let us in, not to be given again.</param>
    /// <param name="token">Gives up.</param>
    public async Task<MediaConnection> GetAsync(MediaConnection? refused, CancellationToken token)
    {
        await _asking.WaitAsync(token);
        try
        {
            if (_known is null || ReferenceEquals(_known, refused) || clock.GetElapsedTime(_since) >= _known.Lifetime)
            {
                _since = clock.GetTimestamp();
                _known = await ask(token);
            }

            return _known;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();
}
