using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Phones;

/// <summary>A file in a message as a phone shows it.</summary>
/// <param name="Kind">image, video, gif, ptv, audio, ptt, document or sticker.</param>
/// <param name="MimeType">As the sender says.</param>
/// <param name="FileName">As the sender says.</param>
/// <param name="Caption">The text below.</param>
/// <param name="Size">Bytes of the decrypted file; null when it could not be had.</param>
/// <param name="Sha256">In hex, of the decrypted file; null when it could not be had.</param>
/// <param name="Problem">Why not.</param>
public sealed record PhoneMedia(string Kind, string MimeType, string? FileName, string? Caption, long? Size, string? Sha256, string? Problem)
{
    /// <summary>What a message says of its file; null when it has none.</summary>
    internal static PhoneMedia? Of(Message message)
    {
        var kind = MessageClass.Of(message).MediaType;
        return MessageClass.Unwrap(message) switch
        {
            { ImageMessage: { } m } => new(kind!, m.Mimetype, null, m.HasCaption ? m.Caption : null, null, null, null),
            { VideoMessage: { } m } => new(kind!, m.Mimetype, null, m.HasCaption ? m.Caption : null, null, null, null),
            { PtvMessage: { } m } => new(kind!, m.Mimetype, null, null, null, null, null),
            { AudioMessage: { } m } => new(kind!, m.Mimetype, null, null, null, null, null),
            { DocumentMessage: { } m } => new(kind!, m.Mimetype, m.HasFileName ? m.FileName : null, m.HasCaption ? m.Caption : null, null, null, null),
            { StickerMessage: { } m } => new(kind!, m.Mimetype, null, null, null, null, null),
            _ => null,
        };
    }
}
