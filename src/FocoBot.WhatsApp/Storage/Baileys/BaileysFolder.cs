using System.Text.Json;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>Reads a folder of Baileys file by file, and makes one: beside its place at first, so that there is all of it or nothing.</summary>
internal sealed class BaileysFolder : IDisposable
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _place, _draft;
    private bool _isComplete;

    private BaileysFolder(string place)
    {
        _place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place));
        _draft = $"{_place}.{Path.GetRandomFileName()}";
    }

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
    public static BaileysFolder Create(string folder)
    {
        var made = new BaileysFolder(folder);
        if (Path.Exists(made._place))
            throw new IOException("The folder is there already.");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(made._draft);
        else
            Directory.CreateDirectory(made._draft, OwnersFolder);
        return made;
    }

    /// <summary>Writes a file; a null name stands for what can't be one.</summary>
    public async Task AddAsync(string? name, Action<Utf8JsonWriter> write, CancellationToken token)
    {
        if (name is null)
            return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        await using var file = new FileStream(Path.Combine(_draft, name), options);
        await file.WriteAsync(BaileysWriting.Json(write), token);
    }

    /// <summary>Puts the folder in its place.</summary>
    public void Complete()
    {
        Directory.Move(_draft, _place);
        _isComplete = true;
    }

    /// <summary>Removes what is not complete.</summary>
    public void Dispose()
    {
        if (!_isComplete)
            Directory.Delete(_draft, recursive: true);
    }
}
