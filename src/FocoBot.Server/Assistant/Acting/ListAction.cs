using System.Globalization;
using System.Text;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Shows tasks, and remembers the numbers they were shown under.</summary>
public sealed class ListAction
{
    // More than one bubble ever shows; the rest is only counted.
    private const int Fetch = 1_000;

    /// <summary>The tasks of a filter as a numbered list.</summary>
    public async Task<Reply> ShowAsync(Turn turn, string? filter)
    {
        var tasks = await TaskFilter.QueryAsync(turn.Work, turn.UserId, filter, turn.LocalNow, Fetch).ConfigureAwait(false);
        if (tasks is null) return turn.Fail("UNKNOWN_FILTER", "unknown");
        if (tasks.Count == 0) return turn.Say(filter is null or "open" or "all" or "pending" ? "list.empty.open" : "list.empty.other");
        return new Reply(Show(turn, Title(turn, filter, tasks.Count), tasks));
    }

    /// <summary>Writes <paramref name="tasks"/> below a title; their numbers are good until the next list.</summary>
    public static string Show(Turn turn, string title, IReadOnlyList<TaskItem> tasks)
    {
        var text = new StringBuilder(title);
        var shown = TaskLines.Write(text, turn.Phrases, tasks, turn.Today);
        if (shown < tasks.Count) text.Append('\n').Append(turn.Phrases.Say("list.more", ("count", tasks.Count - shown)));
        turn.Dialog = turn.Dialog with { Listed = [.. tasks.Take(shown).Select(task => task.Id)], ListedAt = turn.Now, Question = null };
        return text.ToString();
    }

    private static string Title(Turn turn, string? filter, int count)
    {
        if (filter is not null && filter.StartsWith("date:", StringComparison.Ordinal))
        {
            var day = DateOnly.ParseExact(filter.AsSpan(5), "yyyy-MM-dd", CultureInfo.InvariantCulture);
            return turn.Phrases.Say("list.title.date", ("when", turn.Phrases.Date(day, turn.Today)), ("count", count));
        }

        if (filter is not null && filter.StartsWith("search:", StringComparison.Ordinal))
            return turn.Phrases.Say("list.title.search", ("words", TaskLines.Short(filter[7..])), ("count", count));
        var name = filter is null or "all" or "pending" ? "open" : filter;
        return turn.Phrases.Say($"list.title.{name}", ("count", count));
    }
}
