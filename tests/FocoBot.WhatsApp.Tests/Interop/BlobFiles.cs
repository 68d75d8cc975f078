using System.Collections.Concurrent;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Encrypted files in memory, in place of media hosts.</summary>
internal sealed class BlobFiles
{
    private readonly ConcurrentDictionary<string, byte[]> files = new();
    private int downloads;

    /// <summary>How many were fetched.</summary>
    public int Downloads => downloads;

    public BlobReference Store(MediaKind kind, byte[] plain)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var encrypted = new MemoryStream();
        // From memory to memory there is nothing to wait for.
        var encrypting = MediaCipher.EncryptAsync(new MemoryStream(plain), encrypted, MediaKeys.Expand(key, kind));
#pragma warning disable VSTHRD002
        var file = encrypting.IsCompleted ? encrypting.Result : throw new InvalidOperationException();
#pragma warning restore VSTHRD002
        var path = $"/v/{files.Count}";
        files[path] = encrypted.ToArray();
        return new(kind, path, key, file);
    }

    public async Task<Stream> DownloadAsync(BlobReference blob, CancellationToken token)
    {
        Interlocked.Increment(ref downloads);
        var plain = new MemoryStream();
        await MediaCipher.DecryptAsync(new MemoryStream(files[blob.DirectPath]), plain, MediaKeys.Expand(blob.MediaKey, blob.Kind), blob.File, token);
        plain.Position = 0;
        return plain;
    }
}
