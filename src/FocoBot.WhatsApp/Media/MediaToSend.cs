namespace FocoBot.WhatsApp.Media;

/// <summary>What a message with a file says besides where the file is.</summary>
public sealed class MediaToSend
{
    /// <summary>What the file is.</summary>
    public required MediaType Type { get; init; }

    /// <summary>Its MIME type, such as <c>image/jpeg</c>. Phones show only what they know.</summary>
    public required string MimeType { get; init; }

    /// <summary>The name that a document is shown and saved by; documents only.</summary>
    public string? FileName { get; init; }

    /// <summary>A text below; not with sound and stickers.</summary>
    public string? Caption { get; init; }

    /// <summary>How long sound or video lasts; sent in whole seconds.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Width in pixels of what can be seen.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels of what can be seen.</summary>
    public int? Height { get; init; }

    /// <summary>Whether it can be looked at, or heard, only once; images, videos and voice notes.</summary>
    public bool ViewOnce { get; init; }

    /// <summary>What is shown before the file is there: a small JPEG (for a sticker PNG) of at most 64 KiB; not with sound. Nothing makes one by itself.</summary>
    public ReadOnlyMemory<byte> Thumbnail { get; init; }

    /// <summary>A voice note's loudness over time: 64 values from 0 to 100.</summary>
    public ReadOnlyMemory<byte> Waveform { get; init; }

    /// <exception cref="ArgumentException">The parts don't go together.</exception>
    internal void Check()
    {
        var isSound = Type is MediaType.Audio or MediaType.VoiceNote;
        Require(!string.IsNullOrEmpty(MimeType), "A file has a MIME type.");
        Require(FileName is null || Type is MediaType.Document, "Only a document has a file name.");
        Require(Caption is null || !(isSound || Type is MediaType.Sticker), "Sound and stickers have no caption.");
        Require(Duration is null || (Duration >= TimeSpan.Zero && (isSound || Type is MediaType.Video or MediaType.Gif)), "Only sound and video last.");
        Require(!ViewOnce || Type is MediaType.Image or MediaType.Video or MediaType.VoiceNote, "Only images, videos and voice notes can be for one time.");
        Require(Thumbnail.IsEmpty || !isSound, "Sound has no thumbnail.");
        Require(Thumbnail.Length <= Limits.ThumbnailBytes, "A thumbnail has at most 64 KiB.");
        Require(Waveform.IsEmpty || (Waveform.Length == 64 && Type is MediaType.VoiceNote), "A waveform has 64 values, and only a voice note has one.");
        Require((Width ?? 0) >= 0 && (Height ?? 0) >= 0, "Width and height are not negative.");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
            throw new ArgumentException(rule);
    }
}
