namespace FocoBot.WhatsApp.Media;

/// <summary>What a file is: decides the keys that its media key expands to.</summary>
internal enum MediaKind
{
    Image,
    Video,
    Audio,
    Document,
    History,
    AppState,
    ImageThumbnail,
    VideoThumbnail,
    DocumentThumbnail,
    LinkThumbnail,
    StickerPack,
    PaymentBackground,
}

/// <summary>The names that the protocol has for a <see cref="MediaKind"/>.</summary>
internal static class MediaKindNames
{
    /// <summary>The info string of the key expansion. A sticker has the keys of an image, GIF and PTV those of a video.</summary>
    public static ReadOnlySpan<byte> KeyInfo(this MediaKind kind) => kind switch
    {
        MediaKind.Image => "WhatsApp Image Keys"u8,
        MediaKind.Video => "WhatsApp Video Keys"u8,
        MediaKind.Audio => "WhatsApp Audio Keys"u8,
        MediaKind.Document => "WhatsApp Document Keys"u8,
        MediaKind.History => "WhatsApp History Keys"u8,
        MediaKind.AppState => "WhatsApp App State Keys"u8,
        MediaKind.ImageThumbnail => "WhatsApp Image Thumbnail Keys"u8,
        MediaKind.VideoThumbnail => "WhatsApp Video Thumbnail Keys"u8,
        MediaKind.DocumentThumbnail => "WhatsApp Document Thumbnail Keys"u8,
        MediaKind.LinkThumbnail => "WhatsApp Link Thumbnail Keys"u8,
        MediaKind.StickerPack => "WhatsApp Sticker Pack Keys"u8,
        MediaKind.PaymentBackground => "WhatsApp Payment Background Keys"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind's name in upload paths and in the <c>mms-type</c> of downloads; null where there is none.</summary>
    public static string? MmsType(this MediaKind kind) => kind switch
    {
        MediaKind.Image => "image",
        MediaKind.Video => "video",
        MediaKind.Audio => "audio",
        MediaKind.Document => "document",
        MediaKind.History => "md-msg-hist",
        MediaKind.AppState => "md-app-state",
        MediaKind.ImageThumbnail => "thumbnail-image",
        MediaKind.VideoThumbnail => "thumbnail-video",
        MediaKind.DocumentThumbnail => "thumbnail-document",
        MediaKind.LinkThumbnail => "thumbnail-link",
        MediaKind.StickerPack => "sticker-pack",
        _ => null,
    };
}
