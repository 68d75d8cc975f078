using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace FocoBot.Http;

/// <summary>How names and addresses are reached.</summary>
/// <param name="Resolve">All addresses of a name.</param>
/// <param name="Dial">A connection to one of them.</param>
/// <param name="Trust">Whose certificates are taken; null for those that the machine takes.</param>
internal sealed record FetchNetwork(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> Dial, X509ChainPolicy? Trust = null)
{
    /// <summary>The network of this machine.</summary>
    public static FetchNetwork Real { get; } = new(Dns.GetHostAddressesAsync, DialAsync);

    private static async Task<Stream> DialAsync(IPEndPoint place, CancellationToken cancellation)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>
/// Fetches what somebody has named by its address, without becoming their hand inside this network. A name is resolved once, all of its addresses must be public, and the connection
/// goes to one of those very addresses; each redirect is checked like the address it came from. Nothing of ours goes along: no cookies, no credentials, no proxy.
/// </summary>
internal sealed class GuardedFetch : IDisposable
{
    private readonly FetchNetwork _network;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;

    public GuardedFetch(FetchNetwork network, TimeProvider clock)
    {
        (_network, _clock) = (network, clock);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = FetchLimits.Connect,
            MaxResponseHeadersLength = FetchLimits.HeadKiB,
            PooledConnectionLifetime = TimeSpan.Zero, // each request is resolved and checked for itself
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = network.Trust },
        });
    }

    /// <summary>Gets what is at an address; the body is read by the caller, within the same time.</summary>
    /// <exception cref="FetchRefusedException">It may not be fetched, or can't.</exception>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public async Task<Fetched> GetAsync(string url, FetchRules rules, CancellationToken cancellation)
    {
        var place = url.Length <= FetchLimits.Url && Uri.TryCreate(url, UriKind.Absolute, out var given) ? given : throw new FetchRefusedException(FetchRefusal.BadUrl);
        var time = new FetchTime(rules.Time, _clock, cancellation);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                Check(place, rules);
                var response = await time.GuardAsync(() => AskAsync(place, time.Token)).ConfigureAwait(false);
                try
                {
                    if (Next(response, place) is not { } next)
                    {
                        CheckAnswer(response);
                        return await time.GuardAsync(() => Fetched.OfAsync(response, rules, time)).ConfigureAwait(false);
                    }

                    response.Dispose();
                    place = redirects < FetchLimits.Redirects ? next : throw new FetchRefusedException(FetchRefusal.TooManyRedirects);
                }
                catch
                {
                    response.Dispose();
                    throw;
                }
            }
        }
        catch
        {
            time.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private static void Check(Uri place, FetchRules rules)
    {
        var isAllowed = place.Scheme == Uri.UriSchemeHttps || (rules.AllowsHttp && place.Scheme == Uri.UriSchemeHttp);
        if (!isAllowed || place.UserInfo.Length > 0 || place.IdnHost.Length == 0 || !rules.Ports.Contains(place.Port)) throw new FetchRefusedException(FetchRefusal.BadUrl);
    }

    private async Task<HttpResponseMessage> AskAsync(Uri place, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, place) { Headers = { { "User-Agent", "FocoBot" }, { "Accept", "*/*" }, { "Accept-Encoding", "identity" } } };
        return await _http.SendAsync(request, cancellation).ConfigureAwait(false);
    }

    // Null when this is the answer itself.
    private static Uri? Next(HttpResponseMessage response, Uri from)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)) return null;
        return response.Headers.Location is { } location && Uri.TryCreate(from, location, out var next) ? next : throw new FetchRefusedException(FetchRefusal.BadAnswer);
    }

    private static void CheckAnswer(HttpResponseMessage response)
    {
        if (response.StatusCode is not HttpStatusCode.OK || response.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity")) throw new FetchRefusedException(FetchRefusal.BadAnswer);
    }

    // The one way to a connection: what was checked is what is dialled.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (name, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(name, out var literal) ? [literal] : await ResolveAsync(name, cancellation).ConfigureAwait(false);
        if (addresses.Length is 0 or > FetchLimits.Addresses) throw new FetchRefusedException(FetchRefusal.Unreachable);
        if (!Array.TrueForAll(addresses, PublicAddress.Is)) throw new FetchRefusedException(FetchRefusal.Forbidden);
        SocketException? failed = null;
        foreach (var address in addresses)
        {
            try
            {
                return await _network.Dial(new IPEndPoint(address, port), cancellation).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                failed = e;
            }
        }

        throw new FetchRefusedException(FetchRefusal.Unreachable, failed);
    }

    private async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await _network.Resolve(name, cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new FetchRefusedException(FetchRefusal.Unreachable, e);
        }
    }
}
