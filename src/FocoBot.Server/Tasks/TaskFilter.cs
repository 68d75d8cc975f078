using System.Globalization;
using FocoBot.Storage;

namespace FocoBot.Tasks;

/// <summary>Which tasks a list shows: the filter words of the understanding schema, on the owner's calendar.</summary>
internal static class TaskFilter
{
    private const string Search = "search:";
    private const string Live = "user_id = @userId AND deleted_at IS NULL";
    private const string Open = Live + " AND done_at IS NULL";

    /// <summary>The tasks of a filter; null for a word that is no filter.</summary>
    public static async Task<List<TaskItem>?> QueryAsync(Work work, Guid userId, string? filter, DateTime localNow, int limit)
    {
        if (filter is not null && filter.StartsWith(Search, StringComparison.Ordinal)) return await SearchAsync(work, userId, filter[Search.Length..], limit).ConfigureAwait(false);
        if (Where(filter, DateOnly.FromDateTime(localNow)) is not { } chosen) return null;
        var (where, orderBy) = chosen.Done ? (Live + " AND done_at IS NOT NULL", "done_at DESC, id DESC") : (Open + chosen.Where, TaskTable.ByDue);
        return await TaskTable.QueryAsync(work, where, orderBy + " LIMIT @limit", new { userId, chosen.From, chosen.To, time = TimeOnly.FromDateTime(localNow), limit }).ConfigureAwait(false);
    }

    // Neither engine folds accents the way people leave them out, so words are matched here.
    private static async Task<List<TaskItem>> SearchAsync(Work work, Guid userId, string text, int limit)
    {
        var words = TextMatch.Words(text);
        var open = await TaskTable.QueryAsync(work, Open, TaskTable.ByDue, new { userId }).ConfigureAwait(false);
        return [.. open.Where(task => TextMatch.HasAll($"{task.Title} {task.Notes}", words)).Take(limit)];
    }

    private static Range? Where(string? filter, DateOnly today)
    {
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var saturday = monday.AddDays(5);
        var firstOfMonth = new DateOnly(today.Year, today.Month, 1);
        return filter switch
        {
            null or "open" or "all" or "pending" => new Range(""),
            "today" => Days(today, today),
            "tomorrow" => Days(today.AddDays(1), today.AddDays(1)),
            "week" => Days(monday, monday.AddDays(6)),
            "next_week" => Days(monday.AddDays(7), monday.AddDays(13)),
            "weekend" => Days(saturday, saturday.AddDays(1)),
            "month" => Days(firstOfMonth, firstOfMonth.AddMonths(1).AddDays(-1)),
            "overdue" => new Range(" AND (due_date < @From OR (due_date = @From AND due_time < @time))", today),
            "done" => new Range("", Done: true),
            "high" => new Range(" AND priority = 'high'"),
            "no_date" => new Range(" AND due_date IS NULL"),
            "recurring" => new Range(" AND recurrence IS NOT NULL"),
            _ when filter.StartsWith("date:", StringComparison.Ordinal) =>
                DateOnly.TryParseExact(filter.AsSpan(5), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Days(day, day) : null,
            _ => null,
        };
    }

    private static Range Days(DateOnly from, DateOnly to) => new(" AND due_date BETWEEN @From AND @To", from, to);

    private sealed record Range(string Where, DateOnly? From = null, DateOnly? To = null, bool Done = false);
}
