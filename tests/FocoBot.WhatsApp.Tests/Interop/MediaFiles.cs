using System.Security.Cryptography;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Files to send: what is in them matters to nobody.</summary>
internal static class MediaFiles
{
    public static byte[] Bytes(int length = 100_000)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static MediaToSend Description(MediaType type) => new()
    {
        Type = type,
        MimeType = MimeType(type),
        FileName = type is MediaType.Document ? "cuentas.pdf" : null,
        Caption = type is MediaType.Image or MediaType.Video or MediaType.Gif or MediaType.Document ? "mira esto" : null,
        Duration = type is MediaType.Audio or MediaType.VoiceNote or MediaType.Video ? TimeSpan.FromSeconds(7) : null,
        Waveform = type is MediaType.VoiceNote ? new byte[64] : default,
        Thumbnail = type is MediaType.Image ? new byte[] { 0xFF, 0xD8, 0xFF } : default,
        Width = type is MediaType.Image ? 640 : null,
        Height = type is MediaType.Image ? 480 : null,
    };

    /// <summary>What Baileys calls a message with such a file.</summary>
    public static object BaileysContent(MediaType type, byte[] file)
    {
        var content = new { base64 = file };
        return type switch
        {
            MediaType.Image => new { image = content, caption = "mira esto", jpegThumbnail = "/9j/" },
            MediaType.Video => new { video = content, caption = "mira esto", jpegThumbnail = "/9j/" },
            MediaType.Gif => new { video = content, gifPlayback = true, caption = "mira esto", jpegThumbnail = "/9j/" },
            MediaType.Audio => new { audio = content, mimetype = MimeType(type), seconds = 7 },
            MediaType.VoiceNote => new { audio = content, mimetype = MimeType(type), ptt = true, seconds = 7, waveform = new { base64 = new byte[64] } },
            MediaType.Document => new { document = content, mimetype = MimeType(type), fileName = "cuentas.pdf", caption = "mira esto" },
            MediaType.Sticker => new { sticker = content },
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>The <c>mediatype</c> on the wire, which is also what a phone calls it.</summary>
    public static string Name(MediaType type) => type switch
    {
        MediaType.VoiceNote => "ptt",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static string MimeType(MediaType type) => type switch
    {
        MediaType.Image => "image/jpeg",
        MediaType.Video or MediaType.Gif => "video/mp4",
        MediaType.Audio => "audio/mp4",
        MediaType.VoiceNote => "audio/ogg; codecs=opus",
        MediaType.Document => "application/pdf",
        MediaType.Sticker => "image/webp",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
