using System.Collections.Concurrent;
using System.Security.Cryptography;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Media;

namespace FocoBot.Sandbox.Media;

/// <summary>The files on the media host, by their path. Small ones are in memory as long as there is room, all others in a folder that goes with the network.</summary>
internal sealed class MediaStore(RandomNumberGenerator random) : IDisposable
{
    private const int ChunkLength = 64 * 1024;
    private const int MediaKeyLength = 32;
    private const int MacLength = 10;

    private readonly ConcurrentDictionary<string, MediaBlob> _byPath = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _expired = new(StringComparer.Ordinal);
    private readonly Lazy<DirectoryInfo> _folder = new(() => System.IO.Directory.CreateTempSubdirectory("focobot-sandbox-"));
    private long _bytes, _inMemory, _files;
    private volatile string _auth = NewAuth(random);

    /// <summary>What lets clients upload.</summary>
    public string Auth => _auth;

    /// <summary>From now on clients need another <see cref="Auth"/>.</summary>
    public void RenewAuth() => _auth = NewAuth(random);

    /// <summary>Reads a file to its end and keeps it.</summary>
    /// <exception cref="SandboxException">There is no room.</exception>
    public async Task<MediaBlob> KeepAsync(Stream file, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkLength];
        var memory = new MemoryStream();
        FileStream? disk = null;
        var done = false;
        long length = 0;
        try
        {
            while (await file.ReadAsync(chunk, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
                if (Interlocked.Add(ref _bytes, read) > ServerLimits.MediaBytes) throw new SandboxException("MEDIA_FULL", "The media host has no more room.");
                hash.AppendData(chunk, 0, read);
                if (disk is null && (length > ServerLimits.SmallMedia || Interlocked.Read(ref _inMemory) + length > ServerLimits.MediaInMemory))
                {
                    disk = new FileStream(Path.Combine(_folder.Value.FullName, Interlocked.Increment(ref _files).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
                    memory.WriteTo(disk);
                }

                await (disk ?? (Stream)memory).WriteAsync(chunk.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }

            done = true;
        }
        finally
        {
            if (disk is not null) await disk.DisposeAsync().ConfigureAwait(false);
            if (!done) Forget(disk?.Name, length);
        }

        if (disk is null) Interlocked.Add(ref _inMemory, length);
        return new MediaBlob(hash.GetHashAndReset(), length, disk is null ? memory.ToArray() : null, disk?.Name);
    }

    /// <summary>Encrypts a file, as phones and the server do for companions, and puts it where it can be downloaded.</summary>
    public MediaReference Keep(MediaKind kind, byte[] plain)
    {
        var mediaKey = random.Take(MediaKeyLength);
        var keys = MediaKeys.Expand(mediaKey, kind);
        using var aes = Aes.Create();
        aes.SetKey(keys.CipherKey);
        var encrypted = aes.EncryptCbc(plain, keys.Iv);
        byte[] file = [.. encrypted, .. HMACSHA256.HashData(keys.MacKey, [.. keys.Iv, .. encrypted])[..MacLength]];
        Interlocked.Add(ref _bytes, file.Length);
        Interlocked.Add(ref _inMemory, file.Length);
        var blob = new MediaBlob(SHA256.HashData(file), file.Length, file, path: null);
        return new MediaReference(kind, mediaKey, new MediaFile(SHA256.HashData(plain), blob.Sha256, plain.Length), Publish(blob));
    }

    /// <summary>Throws a file away that was not published.</summary>
    public void Discard(MediaBlob blob)
    {
        if (blob.Path is null) Interlocked.Add(ref _inMemory, -blob.Length);
        Forget(blob.Path, blob.Length);
    }

    /// <summary>Puts a file where it can be downloaded.</summary>
    /// <returns>Path and query.</returns>
    public string Publish(MediaBlob blob)
    {
        var path = $"/v/{Convert.ToHexStringLower(random.Take(16))}.enc";
        _byPath[path] = blob;
        // Clients add to the query; what is in it here means nothing.
        return path + "?ccb=11-4";
    }

    /// <summary>The file at a path, with or without a query.</summary>
    public MediaBlob? Find(string path) => _byPath.GetValueOrDefault(WithoutQuery(path));

    /// <summary>Whether there was a file once.</summary>
    public bool IsExpired(string path) => _expired.ContainsKey(WithoutQuery(path));

    /// <summary>Takes a file away from all its paths.</summary>
    public void Expire(MediaBlob blob)
    {
        foreach (var (path, at) in _byPath)
            if (at == blob && _byPath.TryRemove(path, out _)) _expired.TryAdd(path, 0);
    }

    public void Dispose()
    {
        if (_folder.IsValueCreated) _folder.Value.Delete(recursive: true);
    }


    private void Forget(string? path, long length)
    {
        Interlocked.Add(ref _bytes, -length);
        if (path is not null) File.Delete(path);
    }

    private static string NewAuth(RandomNumberGenerator random) => Convert.ToHexStringLower(random.Take(24));

    private static string WithoutQuery(string path) => path.Split('?', 2)[0];
}
