namespace FocoBot.Tasks;

/// <summary>A page of an account's tasks.</summary>
internal sealed record TaskQuery
{
    /// <summary>A filter word; null for every task of the status.</summary>
    public string? Filter { get; init; }

    /// <summary>open, done, deleted, or all (open and done); null for what the filter implies.</summary>
    public string? Status { get; init; }

    public Guid? ProjectId { get; init; }

    /// <summary>The last task of the page before; null for the first page.</summary>
    public TaskPosition? After { get; init; }

    public required int Limit { get; init; }
}

/// <summary>
/// Where a task stands in a list: what the list is sorted by, and the id. A page starts after a position, not at a
/// count, so tasks that come or go meanwhile neither repeat nor hide others.
/// </summary>
internal sealed record TaskPosition(Guid Id, DateOnly? Date = null, TimeOnly? Time = null, DateTimeOffset? EndedAt = null);

/// <summary>An order of tasks and the condition "after that position", which must say the same.</summary>
internal sealed record TaskOrder(string By, string After, Func<TaskItem, TaskPosition> PositionOf)
{
    /// <summary>Dated tasks first, the nearest on top; within a day those without a time lead.</summary>
    public static readonly TaskOrder Due = new(TaskTable.ByDue,
        " AND (COALESCE(due_date, @noDate), CASE WHEN due_time IS NULL THEN 0 ELSE 1 END, COALESCE(due_time, @noTime), id) > (@afterDate, @afterTimed, @afterTime, @afterId)",
        task => new TaskPosition(task.Id, task.DueDate, task.DueTime));

    /// <summary>What was done last on top.</summary>
    public static readonly TaskOrder Done = new("done_at DESC, id DESC", " AND (done_at, id) < (@afterEnd, @afterId)", task => new TaskPosition(task.Id, EndedAt: task.DoneAt));

    /// <summary>What was deleted last on top.</summary>
    public static readonly TaskOrder Deleted = new("deleted_at DESC, id DESC", " AND (deleted_at, id) < (@afterEnd, @afterId)", task => new TaskPosition(task.Id, EndedAt: task.DeletedAt));
}
