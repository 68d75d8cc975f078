namespace FocoBot.WhatsApp.Media;

/// <summary>What a message says of its file, so that a receiver can check it.</summary>
/// <param name="FileSha256">SHA-256 of the plain file.</param>
/// <param name="FileEncSha256">SHA-256 of the encrypted file, its MAC included.</param>
/// <param name="FileLength">Bytes of the plain file; null where the message does not tell (thumbnails).</param>
internal sealed record MediaFile(byte[] FileSha256, byte[] FileEncSha256, long? FileLength);
