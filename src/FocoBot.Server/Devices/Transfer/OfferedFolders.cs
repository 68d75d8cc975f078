namespace FocoBot.Devices.Transfer;

/// <summary>
/// The folders of Baileys' auth state below <c>WHATSAPP_BAILEYS_AUTH_DIR</c>, offered for import: they are read and never written. What leads elsewhere, folder or file, is none of them.
/// </summary>
internal sealed class OfferedFolders(DeviceOptions options)
{
    private const string Credentials = "creds.json";

    // Read from beginning to end, a few megabytes at most as a rule.
    private static readonly EnumerationOptions Plain = new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device, RecurseSubdirectories = false, IgnoreInaccessible = true };

    /// <summary>Their names, in order, as many as can be shown. None when the setting is missing or its folder can't be read.</summary>
    public IReadOnlyList<string> Names()
    {
        if (options.AuthFolder is not { } place || !Directory.Exists(place)) return [];
        return [.. Directory.EnumerateDirectories(place, "*", Plain).Where(IsOffered).Select(path => Path.GetFileName(path)).Where(IsName).Order(StringComparer.Ordinal).Take(DeviceLimits.OfferedFolders)];
    }

    /// <summary>The files of one, by their names; null when it is not offered.</summary>
    /// <exception cref="FormatException">It is too large to be one of Baileys, or can't be read.</exception>
    public async Task<Dictionary<string, ReadOnlyMemory<byte>>?> ReadAsync(string name, CancellationToken cancellation)
    {
        // By its own name among the others, so that no name can lead anywhere.
        if (options.AuthFolder is not { } place || !IsName(name) || !Directory.Exists(place)) return null;
        if (Directory.EnumerateDirectories(place, "*", Plain).FirstOrDefault(path => Path.GetFileName(path) == name) is not { } folder || !IsOffered(folder)) return null;
        try
        {
            return await ReadFilesAsync(folder, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException("The folder can't be read.");
        }
    }

    private static async Task<Dictionary<string, ReadOnlyMemory<byte>>> ReadFilesAsync(string folder, CancellationToken cancellation)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>();
        var left = DeviceLimits.ImportedBytes;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json", Plain))
        {
            if (files.Count == DeviceLimits.ImportedRecords) throw new FormatException("There are too many files for a device.");
            var bytes = await ReadFileAsync(path, Math.Min(left, DeviceLimits.ImportedFile), cancellation).ConfigureAwait(false);
            left -= bytes.Length;
            files[AuthFiles.Checked(Path.GetFileName(path))] = bytes;
        }

        return files;
    }

    private static async Task<byte[]> ReadFileAsync(string path, int most, CancellationToken cancellation)
    {
        // Asked before it is opened: what has no length may be a pipe, and opening that waits for ever.
        if (new FileInfo(path).Length is var length && (length == 0 || length > most)) throw new FormatException("What the folder holds is empty, or too large for a device.");
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), most)];
        var read = await RandomAccess.ReadAsync(file, bytes, 0, cancellation).ConfigureAwait(false);
        return bytes[..read];
    }

    private static bool IsOffered(string folder) => Directory.EnumerateFiles(folder, Credentials, Plain).Any();

    private static bool IsName(string name) => name.Length is > 0 and <= DeviceLimits.RecordName && !name.Any(char.IsControl);
}
