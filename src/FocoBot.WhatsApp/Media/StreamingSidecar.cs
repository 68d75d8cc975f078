using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// Lets a receiver check parts of a video or sound before all of it is there.
/// <code>
/// for each k with k·65536 &lt; length of the file: HMAC-SHA256(macKey, file[k·65536 .. k·65536+65552])[0:10]
/// </code>
/// </summary>
internal static class StreamingSidecar
{
    private const int Step = 1 << 16;
    private const int Overlap = 16;
    private const int MacLength = 10;

    /// <summary>Reads an encrypted file from its beginning.</summary>
    public static async Task<byte[]> OfAsync(Stream file, MediaKeys keys, CancellationToken token = default)
    {
        var macs = new MemoryStream();
        var window = new byte[Step + Overlap];
        var length = await file.ReadAtLeastAsync(window, window.Length, throwOnEndOfStream: false, token);
        while (length > 0)
        {
            macs.Write(HMACSHA256.HashData(keys.MacKey, window.AsSpan(0, length)).AsSpan(0, MacLength));
            var kept = Math.Max(0, length - Step);
            window.AsSpan(Step, kept).CopyTo(window);
            length = kept + (kept < Overlap ? 0 : await file.ReadAtLeastAsync(window.AsMemory(kept), window.Length - kept, throwOnEndOfStream: false, token));
        }

        return macs.ToArray();
    }
}
