using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FocoBot.Assistant.Understanding;

/// <summary>The <c>understand</c> command: JSON lines in, one result line each out.</summary>
public static class UnderstandCommand
{
    private static readonly UnderstandJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>
    /// Reads <c>{"id","text","lang","now","tz"}</c> lines from <paramref name="input"/> until its end and writes
    /// <c>{"id","result"}</c> lines, each flushed before the next is read when no more input waits.
    /// </summary>
    /// <returns>0, or 1 if some line was malformed; such a line is answered with <c>{"id","error"}</c>.</returns>
    public static int Run(Stream input, Stream output)
    {
        using var reader = new StreamReader(input, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true);
        using var writer = new StreamWriter(output, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        var zones = new Dictionary<string, TimeZoneInfo>(StringComparer.Ordinal);
        var exit = 0;
        while (reader.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var answer = Answer(line, zones);
            if (answer.Error is not null)
                exit = 1;
            writer.WriteLine(JsonSerializer.Serialize(answer, Json.UnderstandAnswer));
        }
        return exit;
    }

    private static UnderstandAnswer Answer(string line, Dictionary<string, TimeZoneInfo> zones)
    {
        UnderstandRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(line, Json.UnderstandRequest);
        }
        catch (JsonException)
        {
            return new UnderstandAnswer(null, null, "not a JSON object of this kind");
        }
        if (request is not { Text: not null, Now: not null, Tz: not null })
            return new UnderstandAnswer(request?.Id, null, "text, now and tz are needed");
        if (!DateTimeOffset.TryParse(request.Now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now))
            return new UnderstandAnswer(request.Id, null, "now is not an ISO 8601 time");
        if (!zones.TryGetValue(request.Tz, out var zone))
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.Tz, out zone))
                return new UnderstandAnswer(request.Id, null, "tz is not a known zone");
            zones.Add(request.Tz, zone);
        }
        var language = request.Lang is "en" ? Language.English : Language.Spanish;
        return new UnderstandAnswer(request.Id, ResultJson.Of(Understander.Understand(request.Text, language, now, zone)), null);
    }
}
