namespace FocoBot.Sandbox.Media;

/// <summary>An encrypted file as clients have uploaded it: in memory, or in a file of its own.</summary>
internal sealed class MediaBlob(byte[] sha256, long length, byte[]? bytes, string? path)
{
    public byte[] Sha256 { get; } = sha256;

    public long Length { get; } = length;

    /// <summary>The file that it is in; null when it is in memory.</summary>
    public string? Path { get; } = path;

    /// <summary>Reads it from the beginning.</summary>
    public Stream Open() => bytes is not null
        ? new MemoryStream(bytes, writable: false)
        : new FileStream(Path!, new FileStreamOptions { Options = FileOptions.Asynchronous, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 });
}
