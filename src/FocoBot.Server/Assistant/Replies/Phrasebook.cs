using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using FocoBot.Assistant.Understanding;

namespace FocoBot.Assistant.Replies;

/// <summary>
/// Everything the assistant says, in one language, from <c>replies.xx.json</c>. Both files hold the same keys and
/// placeholders; a test sees to it.
/// </summary>
public sealed class Phrasebook
{
    private static readonly Phrasebook Spanish = new("es");
    private static readonly Phrasebook English = new("en");

    private readonly Dictionary<string, string> _phrases;
    private readonly string[] _days;
    private readonly string[] _months;

    private Phrasebook(string code)
    {
        Code = code;
        _phrases = Load(code);
        _days = _phrases["word.days"].Split(',');
        _months = _phrases["word.months"].Split(',');
    }

    /// <summary>es or en.</summary>
    public string Code { get; }

    /// <summary>Words that mean "no project", of both languages, folded.</summary>
    public static IReadOnlySet<string> NoneWords { get; } = new HashSet<string>([.. Spanish._phrases["word.none"].Split(','), .. English._phrases["word.none"].Split(',')]);

    internal IReadOnlyDictionary<string, string> Phrases => _phrases;

    public static Phrasebook Of(Language language) => language == Language.Spanish ? Spanish : English;

    public static Phrasebook Of(string code) => code == "en" ? English : Spanish;

    /// <summary>The phrase of a key with its <c>{placeholders}</c> filled in.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var phrase = _phrases[key];
        if (values.Length == 0) return phrase;
        var said = new StringBuilder(phrase.Length + 32);
        for (var at = 0; at < phrase.Length;)
        {
            var open = phrase.IndexOf('{', at);
            if (open < 0)
            {
                said.Append(phrase, at, phrase.Length - at);
                break;
            }

            var close = phrase.IndexOf('}', open);
            said.Append(phrase, at, open - at);
            said.Append(Value(phrase.AsSpan(open + 1, close - open - 1), values));
            at = close + 1;
        }

        return said.ToString();
    }

    /// <summary>A date as people say it: today, tomorrow, vie 27 nov; with the year when it is another one.</summary>
    public string Date(DateOnly date, DateOnly today)
    {
        switch (date.DayNumber - today.DayNumber)
        {
            case 0: return _phrases["word.today"];
            case 1: return _phrases["word.tomorrow"];
            case -1: return _phrases["word.yesterday"];
        }

        return Say(date.Year == today.Year ? "format.date" : "format.date.year",
            ("day", _days[(int)date.DayOfWeek]), ("date", date.Day), ("month", _months[date.Month - 1]), ("year", date.Year));
    }

    /// <summary>A clock time: 3:00 p.m., 3:00 PM.</summary>
    public string Time(TimeOnly time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(time.Hour + 11) % 12 + 1}:{time.Minute:00} {_phrases[time.Hour < 12 ? "word.am" : "word.pm"]}");

    /// <summary>A date, with its time when it has one.</summary>
    public string When(DateOnly date, TimeOnly? time, DateOnly today) =>
        time is { } clock ? Say("format.datetime", ("date", Date(date, today)), ("time", Time(clock))) : Date(date, today);

    private static string Value(ReadOnlySpan<char> name, ReadOnlySpan<(string Name, object Value)> values)
    {
        foreach (var (key, value) in values)
            if (name.SequenceEqual(key)) return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        throw new InvalidOperationException($"The phrase needs a value for {name}.");
    }

    private static Dictionary<string, string> Load(string code)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"FocoBot.Assistant.Replies.replies.{code}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
