namespace FocoBot.WhatsApp.Media;

/// <summary>What a file is to whoever gets it.</summary>
public enum MediaType
{
    /// <summary>A picture, JPEG as a rule.</summary>
    Image,

    /// <summary>A video, MP4 with H.264 and AAC as a rule.</summary>
    Video,

    /// <summary>A short video without sound that plays by itself and over again; a video file all the same, not <c>image/gif</c>.</summary>
    Gif,

    /// <summary>Sound, music for instance.</summary>
    Audio,

    /// <summary>Something spoken: <c>audio/ogg; codecs=opus</c>, one channel.</summary>
    VoiceNote,

    /// <summary>Any file.</summary>
    Document,

    /// <summary>A sticker, <c>image/webp</c>.</summary>
    Sticker,
}

/// <summary>What the protocol makes of a <see cref="MediaType"/>.</summary>
internal static class MediaTypes
{
    public static MediaKind Kind(this MediaType type) => type switch
    {
        MediaType.Image or MediaType.Sticker => MediaKind.Image,
        MediaType.Video or MediaType.Gif => MediaKind.Video,
        MediaType.Audio or MediaType.VoiceNote => MediaKind.Audio,
        MediaType.Document => MediaKind.Document,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
