namespace FocoBot.Storage;

/// <summary>The folder with the database file, secrets and media.</summary>
internal static class DataDirectory
{
    /// <summary>Makes the folder of a file, open to the server's own user alone; one that exists is left as it is.</summary>
    public static void EnsureFor(string file)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
