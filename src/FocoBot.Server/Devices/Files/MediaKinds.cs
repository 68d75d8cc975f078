using FocoBot.WhatsApp.Media;
using Microsoft.Net.Http.Headers;

namespace FocoBot.Devices.Files;

/// <summary>Kinds of files in messages: image, video, audio, voice, document, sticker.</summary>
internal static class MediaKinds
{
    private const string AnyFile = "application/octet-stream";

    /// <summary>Whether a message of a type has a file.</summary>
    public static bool Has(string? messageType) => messageType is "image" or "video" or "audio" or "voice" or "document" or "sticker";

    public static MediaType TypeOf(string messageType) => messageType switch
    {
        "image" => MediaType.Image,
        "video" => MediaType.Video,
        "audio" => MediaType.Audio,
        "voice" => MediaType.VoiceNote,
        "sticker" => MediaType.Sticker,
        _ => MediaType.Document,
    };

    /// <summary>The type that a message of it has in the table.</summary>
    public static string KeptType(string messageType) => messageType == "voice" ? "audio" : messageType;

    /// <summary>Whether a text can go with it.</summary>
    public static bool HasCaption(string messageType) => messageType is "image" or "video" or "document";

    public static long MostBytes(string messageType) => messageType == "document" ? MediaLimits.Document : MediaLimits.Shown;

    /// <summary>What a kind takes, in words.</summary>
    public static string Wanted(string messageType) => messageType switch
    {
        "image" => "An image is a JPEG or PNG.",
        "video" => "A video is an MP4 or 3GP.",
        "audio" => "Audio is MP3, M4A, AAC, AMR or Ogg.",
        "voice" => "A voice note is Ogg with Opus.",
        "sticker" => "A sticker is a WebP.",
        _ => "The file is empty.",
    };

    /// <summary>The MIME type to send a file with, by its first bytes; a document has the one that it is said to have. Null when it is not of that kind.</summary>
    public static string? MimeOf(string messageType, string? said, ReadOnlySpan<byte> head) => (messageType, Sniff(head)) switch
    {
        ("image", "image/jpeg" or "image/png") or ("sticker", "image/webp") or ("video", "video/mp4" or "video/3gpp") or ("audio", "audio/mpeg" or "audio/aac" or "audio/amr") => Sniff(head),
        ("audio", "video/mp4") => "audio/mp4",
        ("audio", "audio/ogg" or "audio/ogg; codecs=opus") or ("voice", "audio/ogg; codecs=opus") => Sniff(head),
        ("document", var sniffed) => said is not null && said != AnyFile && MediaTypeHeaderValue.TryParse(said, out var type) ? type.MediaType.ToString() : sniffed ?? AnyFile,
        _ => null,
    };

    // The same container holds video and sound.
    private static string? Sniff(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'3', (byte)'g', ..] => "video/3gpp",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => head.IndexOf("OpusHead"u8) >= 0 ? "audio/ogg; codecs=opus" : "audio/ogg",
        [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
        [0xFF, 0xF0 or 0xF1 or 0xF8 or 0xF9, ..] => "audio/aac",
        [0xFF, >= 0xE2, ..] => "audio/mpeg",
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => "audio/amr",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "application/pdf",
        _ => null,
    };
}
