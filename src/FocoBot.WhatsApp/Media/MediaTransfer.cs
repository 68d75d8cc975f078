using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// Files to and from the media hosts, each of which is tried in turn. In between a file lies encrypted on disk: a host that fails half-way
/// costs nothing but the way, and nothing is decrypted before all of it is there and is what the message names.
/// </summary>
internal sealed class MediaTransfer(WhatsAppClientOptions options, Func<CancellationToken, Task<MediaConnection>> ask) : IDisposable
{
    private const int KeyLength = 32;

    private readonly MediaHttp _http = new(options.MediaHttp, options.Clock);
    private readonly MediaConnectionCache _connections = new(ask, options.Clock);

    /// <summary>Encrypts a file with a key of its own and uploads it.</summary>
    /// <exception cref="MediaUnavailableException">No host took it.</exception>
    /// <exception cref="ProtocolException">The hosts' answers are wrong.</exception>
    public async Task<UploadedMedia> UploadAsync(Stream content, MediaKind kind, CancellationToken token)
    {
        var mediaKey = options.Random.Take(KeyLength);
        var keys = MediaKeys.Expand(mediaKey, kind);
        await using var encrypted = TemporaryFile.Create();
        var file = await MediaCipher.EncryptAsync(content, encrypted, keys, token);
        encrypted.Position = 0;
        var sidecar = kind is MediaKind.Video or MediaKind.Audio ? await StreamingSidecar.OfAsync(encrypted, keys, token) : null;
        var place = await StoreAsync(encrypted, kind, file.FileEncSha256, token);
        return new(kind, mediaKey, options.Clock.GetUtcNow(), file, sidecar, place);
    }

    /// <summary>Downloads a file and decrypts it.</summary>
    /// <exception cref="MediaUnavailableException">No host has it.</exception>
    /// <exception cref="ProtocolException">What the hosts have is not what the message names.</exception>
    public async Task DownloadAsync(MediaReference media, Stream destination, CancellationToken token)
    {
        var keys = MediaKeys.Expand(media.MediaKey.Span, media.Kind);
        await using var encrypted = TemporaryFile.Create();
        await FetchAsync(media, encrypted, token);
        encrypted.Position = 0;
        await MediaCipher.DecryptAsync(encrypted, destination, keys, media.File, token);
    }

    public void Dispose()
    {
        _http.Dispose();
        _connections.Dispose();
    }

    // POST https://{host}/mms/{type}/{hash}?auth={auth}&token={hash}
    private async Task<MediaPlace> StoreAsync(FileStream encrypted, MediaKind kind, byte[] hash, CancellationToken token)
    {
        var name = Base64Url(hash).TrimEnd('=');
        MediaConnection? refused = null;
        while (true)
        {
            var hosts = await _connections.GetAsync(refused, token);
            var failures = new HostFailures();
            foreach (var host in hosts.Hosts)
            {
                var uri = UriOn(host, $"/mms/{kind.MmsType()}/{name}?auth={Uri.EscapeDataString(hosts.Auth)}&token={name}");
                try
                {
                    var (status, place) = await _http.PostAsync(uri, encrypted, token);
                    if (place is not null)
                        return place;
                    failures.Add(status);
                }
                catch (Exception failed) when (HostFailures.IsOne(failed, token))
                {
                    failures.Add(failed);
                }
            }

            if (refused is not null || !failures.Any(status => status is 401 or 403))
                throw failures.Exception("No media host took the file.", isGone: false);
            refused = hosts;
        }
    }

    // GET https://{host}{path}&hash={hash}&mms-type={type}&__wa-mms=
    private async Task FetchAsync(MediaReference media, FileStream encrypted, CancellationToken token)
    {
        var mark = media.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var path = $"{media.Path}{mark}hash={Uri.EscapeDataString(Base64Url(media.File.FileEncSha256))}&mms-type={media.Kind.MmsType()}&__wa-mms=";
        var most = MediaCipher.EncryptedLength(media.File.FileLength ?? Limits.MediaFileBytes);
        var hosts = await _connections.GetAsync(refused: null, token);
        var failures = new HostFailures();
        foreach (var host in hosts.Hosts)
        {
            try
            {
                encrypted.SetLength(0);
                var (status, hash) = await _http.GetAsync(UriOn(host, path), encrypted, most, token);
                if (status == 200 && CryptographicOperations.FixedTimeEquals(hash, media.File.FileEncSha256))
                    return;
                if (status == 200)
                    throw new ProtocolException("A file is not the one that its message names");
                failures.Add(status);
            }
            catch (Exception failed) when (HostFailures.IsOne(failed, token))
            {
                failures.Add(failed);
            }
        }

        throw failures.Exception("No media host has the file.", isGone: failures.Any(status => status is 403 or 404 or 410));
    }

    /// <exception cref="ProtocolException">The path, which others have made, leads elsewhere.</exception>
    private static Uri UriOn(string host, string path) =>
        Uri.TryCreate($"https://{host}{path}", UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host, StringComparison.OrdinalIgnoreCase)
            ? uri
            : throw new ProtocolException("A file has an impossible place");

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
}
