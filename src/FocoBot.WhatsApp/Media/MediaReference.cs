using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Media;

/// <summary>A file as somebody else tells of it: where it is, what opens it, and what it must be. Checked as far as that goes without the file.</summary>
/// <param name="Kind">What its keys are for.</param>
/// <param name="MediaKey">32 bytes.</param>
/// <param name="File">Its hashes and length.</param>
/// <param name="Path">Path and query on the media hosts.</param>
internal sealed record MediaReference(MediaKind Kind, ReadOnlyMemory<byte> MediaKey, MediaFile File, string Path)
{
    /// <summary>The file of a message; null when it has none.</summary>
    /// <exception cref="ProtocolException">What it says of its file can't be true, or is too little.</exception>
    public static MediaReference? Of(Message message) => MessageClass.Unwrap(message) switch
    {
        { ImageMessage: { } m } => Create(MediaKind.Image, m.MediaKey, m.FileSha256, m.FileEncSha256, m.FileLength, m.DirectPath, m.Url),
        { VideoMessage: { } m } => Create(MediaKind.Video, m.MediaKey, m.FileSha256, m.FileEncSha256, m.FileLength, m.DirectPath, m.Url),
        { PtvMessage: { } m } => Create(MediaKind.Video, m.MediaKey, m.FileSha256, m.FileEncSha256, m.FileLength, m.DirectPath, m.Url),
        { AudioMessage: { } m } => Create(MediaKind.Audio, m.MediaKey, m.FileSha256, m.FileEncSha256, m.FileLength, m.DirectPath, m.Url),
        { DocumentMessage: { } m } => Create(MediaKind.Document, m.MediaKey, m.FileSha256, m.FileEncSha256, m.FileLength, m.DirectPath, m.Url),
        { StickerMessage: { } m } => Create(MediaKind.Image, m.MediaKey, m.FileSha256, m.FileEncSha256, m.FileLength, m.DirectPath, m.Url),
        _ => null,
    };

    /// <summary>Puts a file together from the parts of any message.</summary>
    /// <exception cref="ProtocolException">They can't be true, or are too few.</exception>
    public static MediaReference Create(
        MediaKind kind, ByteString mediaKey, ByteString fileSha256, ByteString fileEncSha256, ulong fileLength, string directPath, string url = "")
    {
        if (mediaKey.Length != 32 || fileSha256.Length != 32 || fileEncSha256.Length != 32)
            throw new ProtocolException("A file's key and hashes have 32 bytes");
        if (fileLength > (ulong)Limits.MediaFileBytes)
            throw new ProtocolException("A file is too large");
        var file = new MediaFile(fileSha256.ToByteArray(), fileEncSha256.ToByteArray(), (long)fileLength);
        return new(kind, mediaKey.Memory, file, PathOf(directPath, url));
    }

    /// <summary>The same file at another place.</summary>
    /// <exception cref="ProtocolException">This is no place.</exception>
    public MediaReference At(string directPath) => this with { Path = PathOf(directPath, url: "") };

    /// <summary>The kind alone.</summary>
    public override string ToString() => Kind.ToString();

    // The host in a message's URL is whatever its sender has written there: only the path counts, and it is looked for on the hosts that the
    // server names. Otherwise anybody could have this client call any machine that it can reach.
    private static string PathOf(string directPath, string url)
    {
        if (directPath.Length == 0 && url.Length <= Limits.MediaPathChars && Uri.TryCreate(url, UriKind.Absolute, out var whole) && whole.Scheme == Uri.UriSchemeHttps)
            directPath = whole.PathAndQuery;
        return directPath.Length is > 1 and <= Limits.MediaPathChars && directPath[0] == '/'
            ? directPath
            : throw new ProtocolException("A file has no place, or an impossible one");
    }
}
