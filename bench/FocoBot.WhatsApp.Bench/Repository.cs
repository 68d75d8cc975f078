namespace FocoBot.WhatsApp.Bench;

/// <summary>Files of the repository that this program was built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Find(params string[] path) => Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FocoBot.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("This runs inside the repository only.");
        return folder;
    }
}
