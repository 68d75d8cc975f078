using System.Text.RegularExpressions;

namespace FocoBot.Tests.Structure;

/// <summary>
/// Which room may know which. A room is a folder of the server and its namespace. The table is the truth: who needs a new
/// line in it says why in the change that adds it.
/// </summary>
public partial class DependencyTests
{
    private const string Server = "src/FocoBot.Server/";

    // From the ground up: a room knows only rooms above its line, so there are no circles.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Storage"] = [],
        ["Security"] = ["Storage"],
        ["Http"] = ["Storage", "Security"],
        ["Accounts"] = ["Storage", "Security", "Http"],
        ["Events"] = ["Storage", "Security", "Http", "Accounts"],
        ["Preferences"] = ["Storage", "Http", "Accounts", "Events"],
        ["Tasks"] = ["Storage", "Security", "Http", "Events", "Accounts"],
        ["Channels"] = ["Storage", "Security", "Http", "Accounts"],
        ["PhoneLinks"] = ["Storage", "Security", "Http", "Events", "Accounts", "Channels"],
        ["Messages"] = ["Storage", "Security", "Http", "Events", "Accounts", "Channels"],
        // Numbers are written and compared as those of phone links.
        ["Devices"] = ["Storage", "Security", "Http", "Events", "Accounts", "Channels", "PhoneLinks", "Messages"],
        ["Notifications"] = ["Storage", "Security", "Http", "Events", "Accounts", "Channels", "Messages", "Devices"],
        ["Assistant"] = ["Storage", "Security", "Http", "Events", "Accounts", "Preferences", "Tasks", "PhoneLinks", "Channels"],
        // Shows what was done in an account and stops it: sessions, keys, phones and devices at once.
        ["Oversight"] = ["Storage", "Security", "Http", "Events", "Accounts", "PhoneLinks", "Devices"],
        // Tells the browser app what this server offers.
        ["WebApp"] = ["Http", "Accounts", "Devices"],
        // Puts all of them together.
        ["Operations"] = ["Storage", "Security", "Http", "Events", "Accounts", "Preferences", "Tasks", "PhoneLinks", "Channels", "Messages", "Devices", "Notifications", "Assistant", "Oversight", "WebApp"],
    };

    public static TheoryData<string> Rooms => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_it_may(string room)
    {
        var offences = from file in SourceTree.Sources(Server + room + "/")
                       from used in SourceTree.Uses(file, Allowed.Keys).Select(name => name.Split('.')[0]).Distinct()
                       where used != room && Allowed.ContainsKey(used) && !Allowed[room].Contains(used)
                       select $"{file} uses {used}";
        Assert.Empty(offences);
    }

    [Fact]
    public void The_table_names_every_room()
    {
        var folders = SourceTree.Sources(Server).Select(file => file[Server.Length..]).Where(file => file.Contains('/', StringComparison.Ordinal)).Select(file => file.Split('/')[0]).Distinct();
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Assistant/Understanding")]
    [InlineData("Assistant/LanguageModels")]
    public void The_parser_and_the_models_client_know_nothing_else_of_the_server(string room)
    {
        var own = room.Replace('/', '.');
        var neighbours = SourceTree.Sources(Server + "Assistant/").Where(file => file.Count(c => c == '/') == 3).Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        var offences = new List<string>();
        foreach (var file in SourceTree.Sources(Server + room + "/"))
        {
            offences.AddRange(SourceTree.Uses(file, Allowed.Keys).Where(used => used != own && !used.StartsWith(own + ".", StringComparison.Ordinal)).Select(used => $"{file} uses {used}"));
            offences.AddRange(Words().Matches(SourceTree.Read(file)).Select(match => match.Value).Where(neighbours.Contains).Distinct().Select(type => $"{file} uses {type} of the room around it"));
        }

        Assert.Empty(offences);
    }

    [Fact]
    public void A_file_has_the_namespace_of_its_folder()
    {
        var offences = from file in SourceTree.Sources(Server)
                       let folder = Path.GetDirectoryName(file[Server.Length..])!.Replace('/', '.').Replace('\\', '.')
                       where folder.Length > 0 && !SourceTree.Read(file).Contains($"\nnamespace FocoBot.{folder};", StringComparison.Ordinal) && !SourceTree.Read(file).StartsWith($"namespace FocoBot.{folder};", StringComparison.Ordinal)
                       select file;
        Assert.Empty(offences);
    }

    [Fact]
    public void Only_the_storage_room_names_an_engines_driver()
    {
        var offences = from file in SourceTree.Sources(Server)
                       where !file.StartsWith(Server + "Storage/", StringComparison.Ordinal) && Drivers().IsMatch(SourceTree.Read(file))
                       select file;
        Assert.Empty(offences);
    }

    // A word after a type or a dot is a member's name.
    [GeneratedRegex(@"(?<!\.|[A-Z]\w*[>?\]]* )\b[A-Z]\w+")]
    private static partial Regex Words();

    // The classes that open an engine are the storage room's own; the rest of a name is the driver's.
    [GeneratedRegex(@"\bNpgsql|\bSqlite(?!Database\b)|Microsoft\.Data\.Sqlite|SQLitePCL")]
    private static partial Regex Drivers();
}
