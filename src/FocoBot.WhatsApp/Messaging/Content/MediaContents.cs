using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>Files in messages, as far as they are told about.</summary>
internal static class MediaContents
{
    /// <summary>What file a message brings; null for none.</summary>
    public static MediaContent? Read(Message m) => m switch
    {
        { ImageMessage: { } image } => new(MediaContentKind.Image, OrNull(image.Caption), OrNull(image.Mimetype), null, image.FileLength, m),
        { VideoMessage: { } video } => OfVideo(video.GifPlayback ? MediaContentKind.Gif : MediaContentKind.Video, video, m),
        { PtvMessage: { } note } => OfVideo(MediaContentKind.VideoNote, note, m),
        { AudioMessage: { } audio } => new(audio.Ptt ? MediaContentKind.Voice : MediaContentKind.Audio, null, OrNull(audio.Mimetype), null, audio.FileLength, m),
        { DocumentMessage: { } document } => new(
            MediaContentKind.Document, OrNull(document.Caption), OrNull(document.Mimetype), OrNull(document.FileName) ?? OrNull(document.Title), document.FileLength, m),
        { StickerMessage: { } sticker } => new(MediaContentKind.Sticker, null, OrNull(sticker.Mimetype), null, sticker.FileLength, m),
        _ => null,
    };

    private static MediaContent OfVideo(MediaContentKind kind, VideoMessage video, Message m) =>
        new(kind, OrNull(video.Caption), OrNull(video.Mimetype), null, video.FileLength, m);

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
