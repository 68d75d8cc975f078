using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Media;

/// <summary>Messages about a file, each kind with the same facts under other numbers. A property left alone is not sent, nor is one set to what is not known.</summary>
internal static class MediaMessages
{
    public static Message Create(UploadedMedia file, MediaToSend media)
    {
        var message = media.Type switch
        {
            MediaType.Image => new Message { ImageMessage = Image(file, media) },
            MediaType.Video or MediaType.Gif => new Message { VideoMessage = Video(file, media) },
            MediaType.Audio or MediaType.VoiceNote => new Message { AudioMessage = Audio(file, media) },
            MediaType.Document => new Message { DocumentMessage = Document(file, media) },
            _ => new Message { StickerMessage = Sticker(file, media) },
        };
        if (media.ViewOnce && media.Type is MediaType.VoiceNote)
            return new() { ViewOnceMessageV2Extension = new() { Message = message } };
        if (media.ViewOnce)
            return new() { ViewOnceMessageV2 = new() { Message = message } };
        return media.Type is MediaType.Document && media.Caption is not null ? new() { DocumentWithCaptionMessage = new() { Message = message } } : message;
    }

    private static ImageMessage Image(UploadedMedia file, MediaToSend media)
    {
        var image = new ImageMessage
        {
            Mimetype = media.MimeType,
            FileSha256 = Bytes(file.File.FileSha256),
            FileEncSha256 = Bytes(file.File.FileEncSha256),
            FileLength = (ulong)file.FileLength,
            MediaKey = Bytes(file.MediaKey),
            MediaKeyTimestamp = file.KeyTime.ToUnixTimeSeconds(),
            DirectPath = file.Place.DirectPath,
        };
        Set(file.Place.Url, url => image.Url = url);
        Set(media.Caption, caption => image.Caption = caption);
        Set(media.Width, width => image.Width = (uint)width);
        Set(media.Height, height => image.Height = (uint)height);
        Set(media.Thumbnail, thumbnail => image.JpegThumbnail = thumbnail);
        if (media.ViewOnce)
            image.ViewOnce = true;
        return image;
    }

    private static VideoMessage Video(UploadedMedia file, MediaToSend media)
    {
        var video = new VideoMessage
        {
            Mimetype = media.MimeType,
            FileSha256 = Bytes(file.File.FileSha256),
            FileEncSha256 = Bytes(file.File.FileEncSha256),
            FileLength = (ulong)file.FileLength,
            MediaKey = Bytes(file.MediaKey),
            MediaKeyTimestamp = file.KeyTime.ToUnixTimeSeconds(),
            DirectPath = file.Place.DirectPath,
        };
        Set(file.Place.Url, url => video.Url = url);
        Set(media.Caption, caption => video.Caption = caption);
        Set(media.Width, width => video.Width = (uint)width);
        Set(media.Height, height => video.Height = (uint)height);
        Set(media.Duration, duration => video.Seconds = Seconds(duration));
        Set(media.Thumbnail, thumbnail => video.JpegThumbnail = thumbnail);
        Set(file.Sidecar, sidecar => video.StreamingSidecar = sidecar);
        if (media.Type is MediaType.Gif)
            video.GifPlayback = true;
        if (media.ViewOnce)
            video.ViewOnce = true;
        return video;
    }

    private static AudioMessage Audio(UploadedMedia file, MediaToSend media)
    {
        var audio = new AudioMessage
        {
            Mimetype = media.MimeType,
            FileSha256 = Bytes(file.File.FileSha256),
            FileEncSha256 = Bytes(file.File.FileEncSha256),
            FileLength = (ulong)file.FileLength,
            MediaKey = Bytes(file.MediaKey),
            MediaKeyTimestamp = file.KeyTime.ToUnixTimeSeconds(),
            DirectPath = file.Place.DirectPath,
            Ptt = media.Type is MediaType.VoiceNote,
        };
        Set(file.Place.Url, url => audio.Url = url);
        Set(media.Duration, duration => audio.Seconds = Seconds(duration));
        Set(media.Waveform, waveform => audio.Waveform = waveform);
        Set(file.Sidecar, sidecar => audio.StreamingSidecar = sidecar);
        if (media.ViewOnce)
            audio.ViewOnce = true;
        return audio;
    }

    private static DocumentMessage Document(UploadedMedia file, MediaToSend media)
    {
        var document = new DocumentMessage
        {
            Mimetype = media.MimeType,
            FileSha256 = Bytes(file.File.FileSha256),
            FileEncSha256 = Bytes(file.File.FileEncSha256),
            FileLength = (ulong)file.FileLength,
            MediaKey = Bytes(file.MediaKey),
            MediaKeyTimestamp = file.KeyTime.ToUnixTimeSeconds(),
            DirectPath = file.Place.DirectPath,
        };
        Set(file.Place.Url, url => document.Url = url);
        Set(media.FileName, name => (document.FileName, document.Title) = (name, name));
        Set(media.Caption, caption => document.Caption = caption);
        Set(media.Thumbnail, thumbnail => document.JpegThumbnail = thumbnail);
        return document;
    }

    private static StickerMessage Sticker(UploadedMedia file, MediaToSend media)
    {
        var sticker = new StickerMessage
        {
            Mimetype = media.MimeType,
            FileSha256 = Bytes(file.File.FileSha256),
            FileEncSha256 = Bytes(file.File.FileEncSha256),
            FileLength = (ulong)file.FileLength,
            MediaKey = Bytes(file.MediaKey),
            MediaKeyTimestamp = file.KeyTime.ToUnixTimeSeconds(),
            DirectPath = file.Place.DirectPath,
        };
        Set(file.Place.Url, url => sticker.Url = url);
        Set(media.Width, width => sticker.Width = (uint)width);
        Set(media.Height, height => sticker.Height = (uint)height);
        Set(media.Thumbnail, thumbnail => sticker.PngThumbnail = thumbnail);
        return sticker;
    }

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);

    private static uint Seconds(TimeSpan duration) => (uint)Math.Min(Math.Round(duration.TotalSeconds), uint.MaxValue);

    private static void Set(string? value, Action<string> set)
    {
        if (value is not null)
            set(value);
    }

    private static void Set<T>(T? value, Action<T> set) where T : struct
    {
        if (value is { } known)
            set(known);
    }

    private static void Set(ReadOnlyMemory<byte> value, Action<ByteString> set)
    {
        if (!value.IsEmpty)
            set(ByteString.CopyFrom(value.Span));
    }
}
