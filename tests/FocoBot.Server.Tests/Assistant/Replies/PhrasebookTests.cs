using System.Text.RegularExpressions;
using FocoBot.Assistant.Replies;
using FocoBot.Assistant.Understanding;
using FocoBot.Tests.Channels.Twilio.Contract;

namespace FocoBot.Tests.Assistant.Replies;

/// <summary>What the assistant says: both languages alike, every phrase used, short, and its examples true.</summary>
public partial class PhrasebookTests
{
    private const int Bubble = 1_600;
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 16, 15, 0, TimeSpan.Zero);

    [Fact]
    public void Both_languages_have_the_same_phrases_with_the_same_placeholders()
    {
        var spanish = Phrasebook.Of("es").Phrases;
        var english = Phrasebook.Of("en").Phrases;

        Assert.Equal(spanish.Keys.Order(StringComparer.Ordinal), english.Keys.Order(StringComparer.Ordinal));
        Assert.All(spanish.Keys, key => Assert.Equal(Placeholders(spanish[key]), Placeholders(english[key])));
    }

    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public void Every_phrase_leaves_room_for_its_values_in_one_bubble(string language) =>
        Assert.All(Phrasebook.Of(language).Phrases.Values, phrase => Assert.InRange(phrase.Length + (100 * Placeholders(phrase).Count), 1, Bubble));

    [Fact]
    public void Every_key_in_the_code_exists_and_every_phrase_is_used()
    {
        var phrases = Phrasebook.Of("es").Phrases;
        var sources = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Find(), "src", "FocoBot.Server", "Assistant"), "*.cs", SearchOption.AllDirectories).ToList();
        var families = phrases.Keys.Select(key => key.Split('.')[0]).ToHashSet();
        var used = new HashSet<string>();
        foreach (var source in sources)
            foreach (var (key, isStart) in KeysIn(File.ReadAllText(source)).Where(found => families.Contains(found.Key.Split('.')[0])))
            {
                var meant = phrases.Keys.Where(phrase => isStart ? Fits(phrase, key) : phrase == key || phrase == key + ".several").ToList();
                Assert.True(meant.Count > 0 || !KnownForm(key), $"{Path.GetFileName(source)} says {key}, which is no phrase.");
                used.UnionWith(meant);
            }

        var all = string.Concat(sources.Select(File.ReadAllText));
        used.UnionWith(phrases.Keys.Where(key => !key.Contains('.', StringComparison.Ordinal) && all.Contains($"\"{key}\"", StringComparison.Ordinal)));
        Assert.Empty(phrases.Keys.Except(used));
    }

    [Theory]
    [InlineData("es", "«([^»{]+)»")]
    [InlineData("en", "“([^”{]+)”")]
    public void Every_example_that_is_given_is_understood(string language, string quoted)
    {
        var phrases = Phrasebook.Of(language).Phrases.Where(phrase => !phrase.Key.StartsWith("list.title", StringComparison.Ordinal));
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
        var examples = phrases.SelectMany(phrase => Regex.Matches(phrase.Value, quoted).Select(match => (phrase.Key, Text: match.Groups[1].Value))).ToList();

        Assert.True(examples.Count > 15);
        Assert.All(examples, example =>
        {
            var understood = Understander.Understand(example.Text, Phrasebook.Of(language).Code == "es" ? Language.Spanish : Language.English, Now, zone);
            Assert.Equal(Expected(example.Key, example.Text), understood.Intent);
        });
    }

    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public void Questions_and_exclamations_are_opened_in_spanish_and_nothing_is_shouted(string language) =>
        Assert.All(Phrasebook.Of(language).Phrases.Values, phrase =>
        {
            Assert.Equal(language == "es" ? phrase.Count(c => c == '?') : 0, phrase.Count(c => c == '¿'));
            Assert.Equal(language == "es" ? phrase.Count(c => c == '!') : 0, phrase.Count(c => c == '¡'));
            Assert.DoesNotContain("  ", phrase, StringComparison.Ordinal);
        });

    private static Intent Expected(string key, string text) => key switch
    {
        "settings.unknown" => Intent.Settings,
        "ref.toomany" or "ask.task.delete" => Intent.Delete,
        "ask.task.complete" => Intent.Complete,
        "ask.task.edit" => Intent.Edit,
        "ask.task.reschedule" => Intent.Reschedule,
        "help" => text switch
        {
            "¿Qué tengo para hoy?" or "What's due today?" => Intent.List,
            "Completar 2" or "ya hice la de Juan" or "Complete 2" or "finished the Juan one" => Intent.Complete,
            "Pasa la 3 al lunes" or "Move 3 to Monday" => Intent.Reschedule,
            "borra la 4" or "delete 4" => Intent.Delete,
            "Deshacer" or "Undo" => Intent.Undo,
            _ => Intent.Create,
        },
        _ => Intent.Create,
    };

    private static List<string> Placeholders(string phrase) => [.. PlaceholderPattern().Matches(phrase).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    // "task.created", and the start of $"undo.{kind}" or $"{intent}.done".
    private static IEnumerable<(string Key, bool IsStart)> KeysIn(string source) =>
        KeyPattern().Matches(source).Select(match => (match.Groups[1].Value, match.Groups[1].Value.Contains('{', StringComparison.Ordinal)))
            .Concat(source.Contains("$\"{intent}.done\"", StringComparison.Ordinal) ? [("stop.done", false), ("start.done", false)] : []);

    private static bool Fits(string phrase, string pattern) => Regex.IsMatch(phrase, "^" + string.Join("[a-z_]+", HolePattern().Split(pattern).Select(Regex.Escape)) + "$");

    // File names, claims and the like also look like keys; a phrase key has a family of ours and only small letters.
    private static bool KnownForm(string key) => !key.EndsWith(".json", StringComparison.Ordinal) && !key.Contains('{', StringComparison.Ordinal) && !EventName().IsMatch(key);

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex PlaceholderPattern();

    [GeneratedRegex("\"([a-z]+(?:\\.(?:[a-z_]+|\\{[^}\"]*(?:\"[^\"]*\"[^}\"]*)*\\}))+)\"")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex HolePattern();

    [GeneratedRegex(@"^settings\.updated$")]
    private static partial Regex EventName();
}
