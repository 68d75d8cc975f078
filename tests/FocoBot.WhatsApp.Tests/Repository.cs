namespace FocoBot.WhatsApp.Tests;

/// <summary>Finds files of the repository from wherever the tests were built to.</summary>
internal static class Repository
{
    public static string Find(params ReadOnlySpan<string> path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FocoBot.slnx")))
            folder = folder.Parent;
        return folder is null
            ? throw new DirectoryNotFoundException("No folder above the tests holds FocoBot.slnx.")
            : Path.Combine([folder.FullName, .. path]);
    }
}
