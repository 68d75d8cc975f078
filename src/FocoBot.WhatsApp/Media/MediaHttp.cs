using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// HTTP as the media hosts are spoken to: over TLS only, no redirects, answers of bounded size, and nothing that stands still for long.
/// </summary>
internal sealed class MediaHttp(HttpClient? given, TimeProvider clock) : IDisposable
{
    private const int ChunkLength = 64 * 1024;
    private const string Origin = "https://web.whatsapp.com";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Most clients never move a file, and one of these costs as much memory as all the rest of an idle client.
    private readonly Lazy<HttpClient> _http = new(() => given ?? Create());

    /// <summary>Uploads a file from its beginning.</summary>
    /// <returns>The status, and with 200 where the file now is.</returns>
    /// <exception cref="ProtocolException">The host redirects, or its answer is none.</exception>
    public async Task<(int Status, MediaPlace? Place)> PostAsync(Uri uri, Stream file, CancellationToken token)
    {
        using var stall = new Stall(clock, token);
        file.Position = 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new FileContent(file, stall) };
        using var response = await SendAsync(request, stall);
        if (response.StatusCode is not HttpStatusCode.OK)
            return ((int)response.StatusCode, null);
        var answer = new MemoryStream();
        await CopyAsync(response, answer, Limits.MediaAnswerBytes, hash: null, stall);
        return (200, ReadPlace(answer.GetBuffer().AsMemory(0, (int)answer.Length)));
    }

    /// <summary>Downloads a file.</summary>
    /// <param name="uri">From where.</param>
    /// <param name="sink">Gets it.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The status, and with 200 the SHA-256 of what came.</returns>
    /// <exception cref="ProtocolException">The host redirects, or sends too much.</exception>
    public async Task<(int Status, byte[] Sha256)> GetAsync(Uri uri, Stream sink, long most, CancellationToken token)
    {
        using var stall = new Stall(clock, token);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await SendAsync(request, stall);
        if (response.StatusCode is not HttpStatusCode.OK)
            return ((int)response.StatusCode, []);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await CopyAsync(response, sink, most, hash, stall);
        return (200, hash.GetHashAndReset());
    }

    /// <summary>Ends the connections, unless they are somebody else's.</summary>
    public void Dispose()
    {
        if (given is null && _http.IsValueCreated)
            _http.Value.Dispose();
    }

    private static HttpClient Create()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // names are looked up anew
        };
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Stall stall)
    {
        var uri = request.RequestUri!;
        if (uri.Scheme != Uri.UriSchemeHttps)
            throw new ProtocolException("Files are transferred over TLS only");
        request.Headers.Add("Origin", Origin);
        request.Headers.Referrer = new(Origin + "/");
        var response = await _http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        // A client of somebody else's may have followed the redirect: what came from there is not taken.
        if ((int)response.StatusCode is < 300 or >= 400 && request.RequestUri == uri)
            return response;
        response.Dispose();
        throw new ProtocolException("A media host redirects");
    }

    private static async Task CopyAsync(HttpResponseMessage response, Stream sink, long most, IncrementalHash? hash, Stall stall)
    {
        if (response.Content.Headers.ContentLength > most)
            throw new ProtocolException("A media host sends too much");
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        var chunk = new byte[ChunkLength];
        for (var left = most; await body.ReadAsync(chunk, stall.Token) is > 0 and var read;)
        {
            stall.Moved();
            if ((left -= read) < 0)
                throw new ProtocolException("A media host sends too much");
            hash?.AppendData(chunk, 0, read);
            await sink.WriteAsync(chunk.AsMemory(0, read), stall.Token);
        }
    }

    // {"url": "https://…", "direct_path": "/v/…?…", …}
    private static MediaPlace ReadPlace(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var path = Text(document.RootElement, "direct_path");
            var url = Text(document.RootElement, "url");
            if (path is { Length: > 1 and <= Limits.MediaPathChars } && path[0] == '/')
                return new(path, url is { Length: <= Limits.MediaPathChars } && url.StartsWith("https://", StringComparison.Ordinal) ? url : null);
        }
        catch (JsonException broken)
        {
            throw new ProtocolException("A media host's answer is no JSON", broken);
        }

        throw new ProtocolException("A media host does not say where a file is");
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>Gives up when nothing moves for a while; a large file may take hours.</summary>
    private sealed class Stall : IDisposable
    {
        private readonly CancellationTokenSource _patience, _both;

        public Stall(TimeProvider clock, CancellationToken token)
        {
            _patience = new(Patience, clock);
            _both = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, token);
        }

        public CancellationToken Token => _both.Token;

        public void Moved() => _patience.CancelAfter(Patience);

        public void Dispose()
        {
            _both.Dispose();
            _patience.Dispose();
        }
    }

    /// <summary>A file as the body of a request, chunk by chunk.</summary>
    private sealed class FileContent : HttpContent
    {
        private readonly Stream _file;
        private readonly Stall _stall;

        public FileContent(Stream file, Stall stall)
        {
            _file = file;
            _stall = stall;
            Headers.ContentType = new("application/octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var chunk = new byte[ChunkLength];
            while (await _file.ReadAsync(chunk, _stall.Token) is > 0 and var read)
            {
                await stream.WriteAsync(chunk.AsMemory(0, read), _stall.Token);
                _stall.Moved();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _file.Length;
            return true;
        }
    }
}
