using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Media;

namespace FocoBot.Sandbox.Http;

/// <summary>A file to send.</summary>
/// <param name="Kind">image, video, gif, audio, voiceNote, document or sticker.</param>
/// <param name="MimeType">What is in it.</param>
/// <param name="Base64">The file itself; or instead</param>
/// <param name="Url">where it can be fetched, by HTTP or HTTPS; at most 100 MB.</param>
/// <param name="Caption">The text below.</param>
/// <param name="FileName">A document's name.</param>
/// <param name="ViewOnce">Whether it can be looked at only once.</param>
internal sealed record MediaRequest(string Kind, string MimeType, string? Base64, Uri? Url, string? Caption, string? FileName, bool ViewOnce = false)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { MaxResponseContentBufferSize = ServerLimits.FetchedMedia };

    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public MediaToSend Describe() => new()
    {
        Type = Enum.TryParse<MediaType>(Kind, ignoreCase: true, out var type) && Enum.IsDefined(type) ? type : throw new ArgumentException("There is no such kind of media."),
        MimeType = MimeType,
        Caption = Caption,
        FileName = FileName,
        ViewOnce = ViewOnce,
    };

    /// <exception cref="ArgumentException">There is no file, or it can't be fetched.</exception>
    public async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        if (Base64 is not null) return new MemoryStream(Convert.FromBase64String(Base64), writable: false);
        if (Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) throw new ArgumentException("Media is given as base64 or by an HTTP address.");
        try
        {
            return new MemoryStream(await Http.GetByteArrayAsync(Url, cancellation).ConfigureAwait(false), writable: false);
        }
        catch (HttpRequestException e)
        {
            throw new ArgumentException("The media could not be fetched.", e);
        }
    }
}

/// <summary>The message whose file is to be gone.</summary>
/// <param name="Id">A message that the phone has shown.</param>
/// <param name="AlsoOnPhone">Whether the phone loses it as well.</param>
internal sealed record ExpireRequest(string Id, bool AlsoOnPhone = false);
