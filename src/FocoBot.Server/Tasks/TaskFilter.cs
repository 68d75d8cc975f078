using System.Globalization;
using FocoBot.Storage;

namespace FocoBot.Tasks;

/// <summary>Which tasks a list shows: the filter words of the understanding schema, on the owner's calendar.</summary>
internal static class TaskFilter
{
    private const string Search = "search:";
    private const int SearchBatch = 500;

    /// <summary>The tasks of a filter; null for a word that is no filter.</summary>
    public static Task<List<TaskItem>?> QueryAsync(Work work, Guid userId, string? filter, DateTime localNow, int limit) =>
        QueryAsync(work, userId, new TaskQuery { Filter = filter, Limit = limit }, localNow);

    /// <summary>A page of tasks; null for a word that is no filter, or one at odds with the status.</summary>
    public static async Task<List<TaskItem>?> QueryAsync(Work work, Guid userId, TaskQuery query, DateTime localNow)
    {
        var words = query.Filter?.StartsWith(Search, StringComparison.Ordinal) == true ? TextMatch.Words(query.Filter[Search.Length..]) : null;
        if (Where(words is null ? query.Filter : null, DateOnly.FromDateTime(localNow)) is not { } range || StatusOf(query.Status, range) is not { } status) return null;
        return words is null
            ? await PageAsync(work, userId, query, status, range, localNow).ConfigureAwait(false)
            : await SearchAsync(work, userId, query, status, range, localNow, words).ConfigureAwait(false);
    }

    /// <summary>The order that <paramref name="query"/>'s pages come in.</summary>
    public static TaskOrder OrderOf(TaskQuery query) => (query.Status ?? query.Filter) switch
    {
        "done" => TaskOrder.Done,
        "deleted" => TaskOrder.Deleted,
        _ => TaskOrder.Due,
    };

    private static Task<List<TaskItem>> PageAsync(Work work, Guid userId, TaskQuery query, string status, Range range, DateTime localNow)
    {
        var order = OrderOf(query);
        var where = "user_id = @userId" + status + range.Where + (query.ProjectId is null ? "" : " AND project_id = @ProjectId") + (query.After is null ? "" : order.After);
        return TaskTable.QueryAsync(work, where, order.By + " LIMIT @Limit", new
        {
            userId, range.From, range.To, time = TimeOnly.FromDateTime(localNow), query.ProjectId, query.Limit,
            // No task is due then: TaskLimits.
            noDate = DateOnly.MaxValue, noTime = TimeOnly.MinValue,
            afterDate = query.After?.Date ?? DateOnly.MaxValue, afterTimed = query.After?.Time is null ? 0 : 1, afterTime = query.After?.Time ?? TimeOnly.MinValue,
            afterEnd = query.After?.EndedAt, afterId = query.After?.Id,
        });
    }

    // Neither engine folds accents the way people leave them out, so words are matched here, a batch at a time.
    private static async Task<List<TaskItem>> SearchAsync(Work work, Guid userId, TaskQuery query, string status, Range range, DateTime localNow, string[] words)
    {
        var found = new List<TaskItem>();
        for (var batch = query with { Limit = SearchBatch }; ;)
        {
            var tasks = await PageAsync(work, userId, batch, status, range, localNow).ConfigureAwait(false);
            found.AddRange(tasks.Where(task => TextMatch.HasAll($"{task.Title} {task.Notes}", words)).Take(query.Limit - found.Count));
            if (tasks.Count < SearchBatch || found.Count == query.Limit) return found;
            batch = batch with { After = OrderOf(query).PositionOf(tasks[^1]) };
        }
    }

    private static string? StatusOf(string? status, Range range) => status switch
    {
        null when range.Done => " AND deleted_at IS NULL AND done_at IS NOT NULL",
        "done" => " AND deleted_at IS NULL AND done_at IS NOT NULL",
        _ when range.Done => null,
        null or "open" => " AND deleted_at IS NULL AND done_at IS NULL",
        "deleted" => " AND deleted_at IS NOT NULL",
        "all" => " AND deleted_at IS NULL",
        _ => null,
    };

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
