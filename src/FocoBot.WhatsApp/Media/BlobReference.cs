namespace FocoBot.WhatsApp.Media;

/// <summary>Where an encrypted file is that goes with no chat: history, or a snapshot of settings.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DirectPath">Its path at the media hosts.</param>
/// <param name="MediaKey">The key it is encrypted with, 32 bytes.</param>
/// <param name="File">What it must turn out to be.</param>
internal sealed record BlobReference(MediaKind Kind, string DirectPath, byte[] MediaKey, MediaFile File);

/// <summary>Fetches, verifies and decrypts a file.</summary>
/// <returns>The plain file; the caller disposes of it.</returns>
internal delegate Task<Stream> DownloadBlob(BlobReference blob, CancellationToken token);
