using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FocoBot.Tasks;

public sealed partial record RecurrenceRule
{
    private delegate bool TryRead<T>(string text, out T value);

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=;,+-");

    // RFC 5545 §3.3.10; UNTIL with Z is left out because a rule does not know its zone.
    private static readonly FrozenDictionary<string, string> Expected = new Dictionary<string, string>
    {
        ["FREQ"] = "FREQ is MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY.",
        ["INTERVAL"] = $"INTERVAL is 1 to {CalendarLimits.Interval}.",
        ["COUNT"] = $"COUNT is 1 to {CalendarLimits.Count}.",
        ["UNTIL"] = "UNTIL is a local YYYYMMDD or YYYYMMDDTHHMMSS, without Z.",
        ["BYMONTH"] = "BYMONTH is a list of 1 to 12.",
        ["BYMONTHDAY"] = "BYMONTHDAY is a list of 1 to 31 or -1 to -31.",
        ["BYDAY"] = "BYDAY is a list of MO, TU, WE, TH, FR, SA and SU, each with an ordinal of 1 to 53 or -1 to -53 at most.",
        ["BYSETPOS"] = "BYSETPOS is a list of 1 to 366 or -1 to -366.",
        ["WKST"] = "WKST is one of MO, TU, WE, TH, FR, SA and SU.",
    }.ToFrozenDictionary();

    /// <summary>
    /// Reads a rule, without <c>RRULE:</c>, in any order and case, at most 200 characters. Never throws.
    /// </summary>
    /// <param name="text">What somebody sent.</param>
    /// <param name="rule">The rule when true.</param>
    /// <param name="error">When false, one English sentence saying what was expected; it repeats nothing of the text.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out RecurrenceRule? rule, [NotNullWhen(false)] out string? error)
    {
        rule = new RecurrenceRule();
        error = text is not { Length: > 0 and <= CalendarLimits.RuleLength } || text.AsSpan().ContainsAnyExcept(Allowed)
            ? $"A rule is NAME=VALUE parts joined by semicolons, at most {CalendarLimits.RuleLength} characters."
            : Read(text.ToUpperInvariant(), ref rule) ?? rule.Contradiction();
        if (error is not null) rule = null;
        return rule is not null;
    }

    private static string? Read(string text, ref RecurrenceRule rule)
    {
        var seen = new HashSet<string>();
        foreach (var part in text.Split(';'))
        {
            var (name, value) = part.IndexOf('=') is var cut and > 0 ? (part[..cut], part[(cut + 1)..]) : (part, "");
            if (!Expected.TryGetValue(name, out var expected))
                return $"A rule is made of {string.Join(", ", Expected.Keys.Order())}.";
            if (!seen.Add(name)) return $"{name} stands twice.";
            if (!TryAdd(name, value, ref rule)) return expected;
        }
        return seen.Contains("FREQ") ? null : Expected["FREQ"];
    }

    private static bool TryAdd(string name, string value, ref RecurrenceRule rule)
    {
        var read = (name, value) switch
        {
            ("FREQ", _) when TryFrequency(value, out var frequency) => rule with { Frequency = frequency },
            ("INTERVAL", _) when TryNumber(value, 1, CalendarLimits.Interval, out var interval) => rule with { Interval = interval },
            ("COUNT", _) when TryNumber(value, 1, CalendarLimits.Count, out var count) => rule with { Count = count },
            ("UNTIL", _) when TryUntil(value, out var until) => rule with { Until = until },
            ("BYMONTH", _) when TryNumbers(value, 1, 12, out var months) => rule with { ByMonth = months },
            ("BYMONTHDAY", _) when TryNumbers(value, -31, 31, out var days) => rule with { ByMonthDay = days },
            ("BYDAY", _) when TryDays(value, out var days) => rule with { ByDay = days },
            ("BYSETPOS", _) when TryNumbers(value, -366, 366, out var positions) => rule with { BySetPosition = positions },
            ("WKST", _) when RecurrenceDay.TryParseName(value, out var day) => rule with { WeekStart = day },
            _ => null,
        };
        rule = read ?? rule;
        return read is not null;
    }

    /// <summary>What RFC 5545 §3.3.10 forbids in combination.</summary>
    private string? Contradiction() => this switch
    {
        { Count: not null, Until: not null } => "COUNT and UNTIL exclude each other.",
        { Frequency: RecurrenceFrequency.Weekly, ByMonthDay.IsEmpty: false } => "BYMONTHDAY does not go with FREQ=WEEKLY.",
        { Frequency: < RecurrenceFrequency.Monthly } when ByDay.Any(day => day.Ordinal != 0)
            => "BYDAY takes ordinals only with FREQ=MONTHLY or FREQ=YEARLY.",
        { BySetPosition.IsEmpty: false, ByMonth.IsEmpty: true, ByMonthDay.IsEmpty: true, ByDay.IsEmpty: true }
            => "BYSETPOS needs BYMONTH, BYMONTHDAY or BYDAY.",
        _ => null,
    };

    private static bool TryFrequency(string text, out RecurrenceFrequency frequency)
    {
        foreach (var candidate in Enum.GetValues<RecurrenceFrequency>())
            if (candidate.ToString().ToUpperInvariant() == text)
            {
                frequency = candidate;
                return true;
            }
        frequency = default;
        return false;
    }

    // 0 is never a value: not of a count, nor of a position that may be counted from either end.
    private static bool TryNumber(string text, int min, int max, out int number) =>
        int.TryParse(text, min < 0 ? NumberStyles.AllowLeadingSign : NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number != 0 && number >= min && number <= max;

    private static bool TryUntil(string text, out Due until)
    {
        until = default;
        var format = text.Length == 8 ? "yyyyMMdd" : "yyyyMMdd'T'HHmmss";
        if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < CalendarLimits.FirstYear or > CalendarLimits.LastYear)
            return false;
        until = new Due(DateOnly.FromDateTime(local), text.Length == 8 ? null : TimeOnly.FromDateTime(local));
        return true;
    }

    private static bool TryNumbers(string text, int min, int max, out ImmutableArray<int> numbers) =>
        TryList(text, (string item, out int number) => TryNumber(item, min, max, out number), FromEnd, out numbers);

    private static bool TryDays(string text, out ImmutableArray<RecurrenceDay> days) =>
        TryList(text, TryDay, day => (((int)day.Day + 6) % 7, FromEnd(day.Ordinal)), out days);

    private static bool TryDay(string text, out RecurrenceDay day)
    {
        day = default;
        var ordinal = 0;
        if (text.Length < 2 || !RecurrenceDay.TryParseName(text[^2..], out var weekday)) return false;
        if (text.Length > 2 && !TryNumber(text[..^2], -53, 53, out ordinal)) return false;
        day = new RecurrenceDay(weekday, ordinal);
        return true;
    }

    private static bool TryList<T, TKey>(string text, TryRead<T> tryRead, Func<T, TKey> order, out ImmutableArray<T> values)
    {
        values = [];
        var read = new List<T>();
        foreach (var item in text.Split(','))
        {
            if (!tryRead(item, out var value)) return false;
            read.Add(value);
        }
        values = [.. read.Distinct().OrderBy(order)];
        return true;
    }

    /// <summary>Sorts 1, 2, … before …, -2, -1, as they follow in a month.</summary>
    private static (bool, int) FromEnd(int position) => (position < 0, position);
}
