using System.Globalization;
using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Reads which tasks a list is to show.</summary>
internal static class Filters
{
    private static readonly (PhraseSet Set, string Name)[] Named =
    [
        (Lexicon.Overdue, "overdue"),
        (Lexicon.DoneFilter, "done"),
        (Lexicon.HighFilter, "high"),
        (Lexicon.NoDateFilter, "no_date"),
        (Lexicon.RecurringFilter, "recurring"),
        (Lexicon.NextWeekFilter, "next_week"),
        (Lexicon.WeekFilter, "week"),
        (Lexicon.WeekendFilter, "weekend"),
        (Lexicon.MonthFilter, "month"),
    ];

    public static int Read(Sentence s, int i, out string filter)
    {
        filter = "";
        var best = i;
        foreach (var (set, name) in Named)
        {
            var next = set.After(s, i);
            if (next > best)
                (best, filter) = (next, name);
        }
        var end = Days.Read(s, i, out var day);
        if (end <= best || day.Kind == DayKind.Past)
        {
            var clock = Clocks.Read(s, i, false, out _, out var today);
            if (today && clock > best)
                (best, filter) = (clock, "today");
            return best;
        }
        for (var at = i + 1; at < end; at++)
        {
            foreach (var (set, name) in Named)
            {
                if (set.After(s, at) != end)
                    continue;
                filter = name;
                return end;
            }
        }
        filter = day.Kind == DayKind.Weekday ? "date:" + day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Of(s, day.Date);
        return Clocks.Read(s, end, true, out _, out _) is var part && part > end ? part : end;
    }

    public static string Of(Sentence s, DateOnly date) => (date.DayNumber - s.Today.DayNumber) switch
    {
        0 => "today",
        1 => "tomorrow",
        _ => "date:" + date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
