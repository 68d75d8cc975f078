using FocoBot.Accounts;
using FocoBot.Tasks;

namespace FocoBot.Operations;

/// <summary>Rows of one table that have had their time.</summary>
/// <param name="Table">The table.</param>
/// <param name="KeptFor">They go when the instant that <paramref name="Where"/> looks at is this long ago (<c>@before</c>, its day <c>@before_day</c>; <c>@now</c> is now).</param>
/// <param name="Where">Which rows; <c>r</c> is the row.</param>
internal sealed record RetentionRule(string Table, TimeSpan KeptFor, string Where)
{
    /// <summary>The columns of the primary key.</summary>
    public IReadOnlyList<string> Key { get; init; } = ["id"];

    /// <summary>What is overwritten; null deletes the row.</summary>
    public string? Set { get; init; }

    /// <summary>Where to begin looking.</summary>
    public string? OrderBy { get; init; }

    /// <summary>Finds the keys of up to <c>@Batch</c> such rows.</summary>
    public string SearchSql =>
        $"SELECT {string.Join(", ", Key.Select(column => "r." + column))} FROM {Table} AS r WHERE {Where} {(OrderBy is null ? "" : "ORDER BY " + OrderBy)} LIMIT @Batch";

    /// <summary>Changes the row of one key, if it still is such a row: a task may have come back meanwhile.</summary>
    public string ChangeSql =>
        $"{(Set is null ? $"DELETE FROM {Table} AS r" : $"UPDATE {Table} AS r SET {Set}")} WHERE {string.Join(" AND ", Key.Select(column => $"r.{column} = @{column}"))} AND ({Where})";
}

/// <summary>What is kept for how long, as a table. The order matters where one rule looks at what a later one deletes.</summary>
internal static class RetentionRules
{
    public static IReadOnlyList<RetentionRule> Of(RetentionOptions keep) =>
    [
        // Bodies: the newest first, so that each batch finds its rows before it comes to those that were emptied long ago.
        new("inbox", Days(keep.MessageBodies), "r.done_at < @before AND r.body IS NOT NULL") { Set = "body = NULL", OrderBy = "r.done_at DESC" },
        new("outbox", Days(keep.MessageBodies), "r.done_at < @before AND r.body IS NOT NULL") { Set = "body = NULL", OrderBy = "r.done_at DESC" },
        new("inbox", Days(keep.Messages), "r.done_at < @before"),
        new("outbox", Days(keep.Messages), "r.done_at < @before"),
        new("device_notices", Days(keep.Messages), "r.created_at < @before"),
        new("whatsapp_processed_messages", TimeSpan.Zero, "r.expires_at <= @before"),
        new("focobot_command_history", Days(keep.Commands), "r.created_at < @before"),
        new("whatsapp_bot_sessions", Days(keep.BotSessions), "r.expires_at < @before OR r.revoked_at < @before"),
        new("whatsapp_rate_limit_violations", Days(keep.Violations), "r.last_violation_at < @before AND r.expires_at <= @now"),
        // On PostgreSQL whole months are dropped as partitions; only what fitted none goes row by row.
        new("whatsapp_security_audit_log/*pg: _default*/", Days(keep.Audit), "r.created_at < @before"),
        // The steps that hold what a deleted task was: its deletion is the last of them.
        new("task_changes", Days(keep.DeletedTasks), "r.created_at < @before AND EXISTS (SELECT 1 FROM tasks t WHERE t.user_id = r.user_id AND t.deleted_at < @before AND r.created_at <= t.deleted_at)"),
        new("tasks", Days(keep.DeletedTasks), "r.deleted_at < @before"),
        new("task_changes", Days(keep.Undo), $"r.created_at < @before AND (SELECT count(*) FROM task_changes n WHERE n.user_id = r.user_id AND n.id > r.id) >= {TaskLimits.Undo}"),
        new("dialogs", Days(keep.Dialogs), "r.updated_at < @before") { Key = ["address"] },
        new("link_requests", Days(keep.LinkRequests), "r.created_at < @before"),
        new("account_tokens", Days(keep.Tokens), "r.used_at < @before OR r.expires_at < @before"),
        new("web_sessions", TimeSpan.Zero, "r.expires_at <= @before"),
        new("web_sessions", AccountLimits.SessionIdle, "r.last_seen_at <= @before"),
        new("llm_usage", Days(keep.LlmUsage), "r.day < @before_day") { Key = ["user_id", "day"] },
    ];

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);
}
