namespace FocoBot.Tests.Channels.Twilio.Contract;

/// <summary>Finds files of the repository from wherever the tests were built to.</summary>
internal static class RepositoryRoot
{
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FocoBot.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests holds FocoBot.slnx.");
    }

    /// <summary>A file of a package that the contract tests install.</summary>
    public static string ContractTool(string path)
    {
        var file = Path.Combine(Find(), "tests", "contract", "node_modules", path);
        return File.Exists(file)
            ? file
            : throw new FileNotFoundException($"The contract tests need {path}. Run \"npm ci --ignore-scripts\" in tests/contract (test.sh does).");
    }
}
