namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>Reads a folder of Baileys file by file, and makes one: beside its place at first, so that there is all of it or nothing.</summary>
internal static class BaileysFolder
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The names of the files; there may be others among them than those of Baileys.</summary>
    /// <exception cref="FormatException">There are far too many.</exception>
    public static IEnumerable<string> Files(string folder)
    {
        var count = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
        {
            if (++count > Limits.ImportedFiles)
                throw new FormatException("The folder has too many files to be one of Baileys.");
            yield return Path.GetFileName(path);
        }
    }

    /// <exception cref="FormatException">The file is empty, far too long, or no JSON.</exception>
    public static async Task<BaileysValue> ReadAsync(string folder, string name, CancellationToken token)
    {
        var path = Path.Combine(folder, name);
        // Asked before it is opened, for what has no length may be a pipe, and opening that waits for ever.
        if (new FileInfo(path).Length is 0 or > Limits.ImportedFile)
            throw BaileysValue.Broken(name);
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), Limits.ImportedFile)];
        var length = await RandomAccess.ReadAsync(file, bytes, 0, token);
        return BaileysValue.Parse(name, bytes.AsMemory(0, length));
    }

    /// <exception cref="IOException">It is there already, or can't be made.</exception>
    public static async Task WriteAsync(string folder, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, CancellationToken token)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.Exists(place))
            throw new IOException("The folder is there already.");
        var draft = $"{place}.{Path.GetRandomFileName()}";
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(draft);
        else
            Directory.CreateDirectory(draft, OwnersFolder);
        try
        {
            foreach (var (name, bytes) in files)
                await WriteFileAsync(Path.Combine(draft, name), bytes, token);
            Directory.Move(draft, place);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    private static async Task WriteFileAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(bytes, token);
    }
}
