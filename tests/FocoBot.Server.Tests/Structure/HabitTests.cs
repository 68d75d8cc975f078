using System.Text.RegularExpressions;

namespace FocoBot.Tests.Structure;

/// <summary>Habits of the repository that a compiler doesn't see.</summary>
public partial class HabitTests
{
    private const int LongestFile = 600;

    [Fact]
    public void No_source_file_is_longer_than_600_lines() =>
        Assert.DoesNotContain(SourceTree.Sources(""), file => SourceTree.Read(file).Count(c => c == '\n') > LongestFile);

    [Fact]
    public void Half_of_the_servers_files_have_at_most_90_lines_and_nearly_all_at_most_400()
    {
        var lengths = SourceTree.Sources("src/").Select(file => SourceTree.Read(file).Count(c => c == '\n')).Order().ToList();
        Assert.InRange(lengths[lengths.Count / 2], 1, 90);
        Assert.InRange(lengths[lengths.Count * 95 / 100], 1, 400);
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("postgres")]
    public void Migrations_are_numbered_from_one_without_gaps(string engine)
    {
        var folder = $"src/FocoBot.Server/Storage/Migrations/{engine}/";
        var numbers = SourceTree.Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal)).Select(file => MigrationName().Match(file[folder.Length..])).ToList();
        Assert.All(numbers, match => Assert.True(match.Success));
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers.Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_product_refers_to_no_test_project() =>
        Assert.DoesNotContain(SourceTree.Files, file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal) && ReferenceToTests().IsMatch(SourceTree.Read(file)));

    [Fact]
    public void Only_the_sandbox_knows_the_sandbox()
    {
        var projects = SourceTree.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal));
        Assert.DoesNotContain(projects, file => SourceTree.Read(file).Contains("FocoBot.Sandbox.csproj", StringComparison.Ordinal));
        Assert.DoesNotContain("ProjectReference", SourceTree.Read("src/FocoBot.WhatsApp/FocoBot.WhatsApp.csproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_clock_and_the_ids_are_banned_in_their_hidden_forms()
    {
        var banned = SourceTree.Read("BannedSymbols.txt");
        foreach (var symbol in new[] { "System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTimeOffset.UtcNow", "System.Threading.Thread.Sleep", "System.Threading.Tasks.Task.Delay(System.TimeSpan)", "System.Guid.NewGuid" })
            Assert.Contains(symbol, banned, StringComparison.Ordinal);
        Assert.Contains("BannedSymbols.txt", SourceTree.Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", SourceTree.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine()
    {
        var offences = from file in SourceTree.Files
                       where Texts().IsMatch(file)
                       from line in SourceTree.Read(file).Split('\n')
                       where MachinePath().IsMatch(line)
                       select $"{file}: {line.Trim()}";
        Assert.Empty(offences);
    }

    [Fact]
    public void Log_lines_have_ids_of_their_own_within_a_file()
    {
        var offences = from file in SourceTree.Sources("src/")
                       from id in LogId().Matches(SourceTree.Read(file)).Select(match => match.Groups[1].Value).GroupBy(id => id)
                       where id.Count() > 1
                       select $"{file}: {id.Key}";
        Assert.Empty(offences);
    }

    [GeneratedRegex(@"^(\d{4})_[a-z_]+\.sql$")]
    private static partial Regex MigrationName();

    [GeneratedRegex(@"ProjectReference[^>]*tests", RegexOptions.IgnoreCase)]
    private static partial Regex ReferenceToTests();

    [GeneratedRegex(@"\.(cs|csproj|props|slnx|sql|json|md|sh|txt|yml)$|/run$")]
    private static partial Regex Texts();

    [GeneratedRegex(@"(?<![\w./])/(home/\w|Users/\w|root/|work/\w|tmp/\w)|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"LoggerMessage\((\d+)")]
    private static partial Regex LogId();
}
