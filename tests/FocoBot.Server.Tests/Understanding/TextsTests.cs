using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

public class TextsTests
{
    private const double Tuned = 0.97;

    // Never tuned on, so that they tell how texts are understood that nobody has looked at.
    private const double Blind = 0.92;

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.jsonl").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Texts_are_understood_as_expected(string file)
    {
        var failed = new StringBuilder();
        var (right, all) = (0, 0);
        foreach (var line in File.ReadLines(Path.Combine(Folder(), file)))
        {
            using var json = JsonDocument.Parse(line);
            var asked = json.RootElement;
            using var got = JsonSerializer.SerializeToDocument(Understand(asked), UnderstandJson.Default.ResultJson);
            all++;
            if (Accepted(asked).Any(other => Comparator.Same(asked.GetProperty("expect"), other, got.RootElement)))
                right++;
            else
                failed.AppendLine().Append(asked.GetProperty("id")).Append(": ").Append(asked.GetProperty("text")).AppendLine().Append("  expected ").Append(asked.GetProperty("expect")).AppendLine().Append("  got      ").Append(got.RootElement);
        }
        Assert.True(all > 0 && right >= all * (file.StartsWith("blind-", StringComparison.Ordinal) ? Blind : Tuned), $"{file}: {right} of {all}{failed}");
    }

    private static IEnumerable<JsonElement?> Accepted(JsonElement asked)
    {
        yield return null;
        if (!asked.TryGetProperty("accept", out var accept))
            yield break;
        foreach (var other in accept.EnumerateArray())
            yield return other;
    }

    private static ResultJson Understand(JsonElement asked) => ResultJson.Of(Understander.Understand(
        asked.GetProperty("text").GetString()!,
        asked.GetProperty("lang").GetString() is "en" ? Language.English : Language.Spanish,
        DateTimeOffset.Parse(asked.GetProperty("now").GetString()!, CultureInfo.InvariantCulture),
        TimeZoneInfo.FindSystemTimeZoneById(asked.GetProperty("tz").GetString()!)));

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Texts");
}
