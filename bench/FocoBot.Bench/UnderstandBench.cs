using System.Globalization;
using System.Text.Json;
using FocoBot.Assistant.Understanding;

namespace FocoBot.Bench;

/// <summary>
/// How many messages a second one core understands: the texts of the tests over and over, and the longest text that is read at
/// all, in shapes that would show a parser which backtracks.
/// </summary>
internal static class UnderstandBench
{
    public const string Usage = "./bench.sh understand [TEXTS.jsonl …]";

    private const int LongestText = 64 * 1024;
    private const int Rounds = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly string[] Hostile = ["a", "mañana ", "el lunes a las 3 ", "1 ", "1,", "cada ", "every ", "not no ", "\"", "\"a\" ", "“", "(", "-", "/", ":", "\n", "y luego ", "2 y 3 y ", "completar 1, ", "a las ", "\U0001F600"];

    public static async Task RunAsync(string[] files)
    {
        var texts = files.SelectMany(File.ReadLines).Where(line => line.Length > 0).Select(Read).ToList();
        Measure(texts, WarmUp);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Measure(texts, Round)).OrderBy(round => round.ASecond).ToList();
        var longest = Hostile.Select(shape => (Shape: shape, Time: Longest(shape))).MaxBy(worst => worst.Time);
        var machine = await Machine.DescribeAsync(Path.GetTempPath()).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""

            Machine: {machine}.

            | understanding, one core | |
            |---|---|
            | texts | {texts.Count:N0} |
            | messages a second: least / median / most of {Rounds} rounds | {rounds[0].ASecond:N0} / {rounds[Rounds / 2].ASecond:N0} / {rounds[^1].ASecond:N0} |
            | allocated a message | {rounds[Rounds / 2].Bytes / 1024.0:F1} KiB |
            | slowest of {Hostile.Length} texts of 64 KiB | {longest.Time.TotalMilliseconds:F1} ms ({longest.Shape.Trim()} …) |

            """));
    }

    private static (double ASecond, double Bytes) Measure(List<Said> texts, TimeSpan during)
    {
        var clock = TimeProvider.System;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = clock.GetTimestamp();
        var count = 0;
        while (clock.GetElapsedTime(start) < during)
        {
            foreach (var said in texts) Understander.Understand(said.Text, said.Language, said.Now, said.Zone);
            count += texts.Count;
        }

        return (count / clock.GetElapsedTime(start).TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count);
    }

    private static TimeSpan Longest(string shape)
    {
        var text = string.Concat(Enumerable.Repeat(shape, LongestText / shape.Length));
        Understander.Understand(text, Language.Spanish, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc);
        var start = TimeProvider.System.GetTimestamp();
        Understander.Understand(text, Language.Spanish, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc);
        return TimeProvider.System.GetElapsedTime(start);
    }

    private static Said Read(string line)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(line);
        return new Said(
            json.GetProperty("text").GetString()!,
            json.TryGetProperty("lang", out var language) && language.GetString() == "en" ? Language.English : Language.Spanish,
            DateTimeOffset.Parse(json.GetProperty("now").GetString()!, CultureInfo.InvariantCulture),
            TimeZoneInfo.FindSystemTimeZoneById(json.GetProperty("tz").GetString()!));
    }

    private sealed record Said(string Text, Language Language, DateTimeOffset Now, TimeZoneInfo Zone);
}
