using System.Text.RegularExpressions;
using FocoBot.Tests.Channels.Twilio.Contract;

namespace FocoBot.Tests.Structure;

/// <summary>The repository's own files, as text.</summary>
internal static partial class SourceTree
{
    private static readonly string[] Skipped = ["artifacts", "node_modules", "data", "bin", "obj", ".git", ".vs", ".idea"];

    public static string Root { get; } = RepositoryRoot.Find();

    /// <summary>Every file that belongs to the repository, by its path from the root.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Below(new DirectoryInfo(Root)).Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Sources(string folder) =>
        Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The namespaces of ours that a source names: in <c>using</c>, in full, or by their last part from within <c>FocoBot</c>.</summary>
    public static IEnumerable<string> Uses(string file, IReadOnlyCollection<string> rooms)
    {
        var text = Comments().Replace(Read(file), "");
        foreach (Match match in FullNames().Matches(text)) yield return match.Groups[1].Value;
        foreach (Match match in ShortNames().Matches(text))
            if (rooms.Contains(match.Groups[1].Value)) yield return match.Groups[1].Value;
    }

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(child => !Skipped.Contains(child.Name)).SelectMany(Below));

    [GeneratedRegex(@"^\s*//.*$|^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"(?<!\x22)\bFocoBot\.([A-Za-z.]+)")]
    private static partial Regex FullNames();

    // "Storage.Work" in namespace FocoBot.X needs no using; a member of that name ("found.Tasks.Count") has a dot before it.
    [GeneratedRegex(@"(?<![.\w@\x22])([A-Z][A-Za-z]+)\.[A-Z]\w+")]
    private static partial Regex ShortNames();
}
