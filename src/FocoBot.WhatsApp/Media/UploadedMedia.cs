using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// A file that is on WhatsApp's media servers, encrypted, for some weeks. One upload can go into any number of messages. Holds the file's key.
/// </summary>
public sealed class UploadedMedia
{
    internal UploadedMedia(MediaKind kind, byte[] mediaKey, DateTimeOffset keyTime, MediaFile file, byte[]? sidecar, MediaPlace place)
    {
        Kind = kind;
        MediaKey = mediaKey;
        KeyTime = keyTime;
        File = file;
        Sidecar = sidecar;
        Place = place;
    }

    /// <summary>Bytes of the file as it was given.</summary>
    public long FileLength => File.FileLength!.Value;

    /// <summary>SHA-256 of the file as it was given.</summary>
    public ReadOnlyMemory<byte> FileSha256 => File.FileSha256;

    internal MediaKind Kind { get; }

    internal byte[] MediaKey { get; }

    internal DateTimeOffset KeyTime { get; }

    internal MediaFile File { get; }

    internal byte[]? Sidecar { get; }

    internal MediaPlace Place { get; }

    /// <summary>Makes a message of it, for <see cref="WhatsAppClient.SendAsync(Jid, Proto.Message, string, CancellationToken)"/>.</summary>
    /// <param name="media">What else the message says.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ArgumentException">Its parts don't go together, or the file was uploaded as something else.</exception>
    public Message ToMessage(MediaToSend media)
    {
        ArgumentNullException.ThrowIfNull(media);
        media.Check();
        if (media.Type.Kind() != Kind)
            throw new ArgumentException("The file was uploaded as something else.", nameof(media));
        return MediaMessages.Create(this, media);
    }
}

/// <summary>Where a media server has put a file.</summary>
/// <param name="DirectPath">Path and query, good on each media host.</param>
/// <param name="Url">All of it for one host; null when the server doesn't tell.</param>
internal sealed record MediaPlace(string DirectPath, string? Url);
