using FocoBot.Events;
using FocoBot.Storage;

namespace FocoBot.Tasks;

/// <summary>
/// Every change of an account's tasks: the rows, what undo needs, and the event, in the caller's unit of work. Chat and
/// REST both come through here.
/// </summary>
public sealed class TaskBook(UndoLog undo, EventLog events, TimeProvider clock)
{
    /// <summary>Adds a task. Id, version and times are set here.</summary>
    public async Task<TaskItem> CreateAsync(Work work, TaskItem draft) => (await CreateAsync(work, draft.UserId, [draft]).ConfigureAwait(false))[0];

    /// <summary>Adds tasks that were said together, as one undoable step.</summary>
    public async Task<IReadOnlyList<TaskItem>> CreateAsync(Work work, Guid userId, IReadOnlyList<TaskItem> drafts)
    {
        var now = clock.GetUtcNow();
        var tasks = new List<TaskItem>(drafts.Count);
        foreach (var draft in drafts)
        {
            var task = draft with { Id = Ids.New(clock), Version = 1, CreatedAt = now, UpdatedAt = now };
            await TaskTable.InsertAsync(work, task).ConfigureAwait(false);
            await AppendAsync(work, "task.created", task).ConfigureAwait(false);
            tasks.Add(task);
        }

        await undo.RecordAsync(work, userId, "create", [.. tasks.Select(task => new TaskBefore(task.Id, null))]).ConfigureAwait(false);
        return tasks;
    }

    /// <summary>Marks tasks done. A recurring one leaves a done row behind and rolls forward as a new open row.</summary>
    public async Task<IReadOnlyList<Completion>> CompleteAsync(Work work, Guid userId, IReadOnlyList<TaskItem> tasks)
    {
        var now = clock.GetUtcNow();
        var results = new List<Completion>(tasks.Count);
        var before = new List<TaskBefore>(tasks.Count);
        foreach (var task in tasks)
        {
            var done = Touch(task with { DoneAt = now, Recurrence = null });
            before.Add(new TaskBefore(task.Id, task));
            await TaskTable.UpdateAsync(work, done).ConfigureAwait(false);
            await AppendAsync(work, "task.completed", done).ConfigureAwait(false);
            var next = await RollForwardAsync(work, task).ConfigureAwait(false);
            if (next is not null) before.Add(new TaskBefore(next.Id, null));
            results.Add(new Completion(done, next));
        }

        await undo.RecordAsync(work, userId, "complete", before).ConfigureAwait(false);
        return results;
    }

    /// <summary>Opens a task that was done. What a recurring one rolled forward to stays.</summary>
    public async Task<TaskItem> ReopenAsync(Work work, TaskItem task) =>
        (await ChangeAsync(work, task.UserId, "reopen", [task], done => done with { DoneAt = null }).ConfigureAwait(false))[0];

    /// <summary>True when the account holds as many open tasks as it may.</summary>
    public async Task<bool> IsFullAsync(Work work, Guid userId) =>
        await TaskTable.CountAsync(work, "user_id = @userId AND done_at IS NULL AND deleted_at IS NULL", new { userId }).ConfigureAwait(false) >= TaskLimits.OpenTasks;

    /// <summary>Removes tasks; they stay 30 days, and undo brings them back.</summary>
    public Task DeleteAsync(Work work, Guid userId, IReadOnlyList<TaskItem> tasks) =>
        ChangeAsync(work, userId, "delete", tasks, task => task with { DeletedAt = clock.GetUtcNow() });

    /// <summary>Applies <paramref name="change"/> to each task as one undoable step.</summary>
    public async Task<IReadOnlyList<TaskItem>> ChangeAsync(Work work, Guid userId, string kind, IReadOnlyList<TaskItem> tasks, Func<TaskItem, TaskItem> change)
    {
        var changed = new List<TaskItem>(tasks.Count);
        foreach (var task in tasks)
        {
            var after = Touch(change(task));
            await TaskTable.UpdateAsync(work, after).ConfigureAwait(false);
            await AppendAsync(work, after.DeletedAt is null ? "task.updated" : "task.deleted", after).ConfigureAwait(false);
            changed.Add(after);
        }

        await undo.RecordAsync(work, userId, kind, [.. tasks.Select(task => new TaskBefore(task.Id, task))]).ConfigureAwait(false);
        return changed;
    }

    /// <summary>Takes the newest change back; null when there is none left.</summary>
    public async Task<Undone?> UndoAsync(Work work, Guid userId)
    {
        if (await undo.TakeAsync(work, userId).ConfigureAwait(false) is not { } step) return null;
        var restored = new List<TaskItem>();
        foreach (var (id, before) in step.Tasks)
        {
            if (await TaskTable.FindAnyAsync(work, userId, id).ConfigureAwait(false) is not { } current) continue; // past its 30 days
            var back = Touch((before ?? current with { DeletedAt = clock.GetUtcNow() }) with { Version = current.Version });
            if (!await HasProjectAsync(work, back).ConfigureAwait(false)) back = back with { ProjectId = null };
            await TaskTable.UpdateAsync(work, back).ConfigureAwait(false);
            await AppendAsync(work, before is null ? "task.deleted" : "task.restored", back).ConfigureAwait(false);
            restored.Add(back);
        }

        return new Undone(step.Kind, restored);
    }

    // The project may have gone since.
    private static async Task<bool> HasProjectAsync(Work work, TaskItem task) =>
        task.ProjectId is null || await work.ScalarAsync<long>("SELECT count(*) FROM projects WHERE user_id = @UserId AND id = @ProjectId AND deleted_at IS NULL", task).ConfigureAwait(false) > 0;

    private async Task<TaskItem?> RollForwardAsync(Work work, TaskItem task)
    {
        if (task.Recurrence is null || task.Due is not { } due || !RecurrenceRule.TryParse(task.Recurrence, out var rule, out _)) return null;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(task.DueZone!);
        var localNow = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime;
        if (rule!.Next(due, localNow) is not { } nextDue) return null;
        var now = clock.GetUtcNow();
        var next = (task with { Id = Ids.New(clock), Recurrence = rule.AfterOne().ToString(), Version = 1, CreatedAt = now, UpdatedAt = now }).DueAgain(nextDue, zone);
        await TaskTable.InsertAsync(work, next).ConfigureAwait(false);
        await AppendAsync(work, "task.created", next).ConfigureAwait(false);
        return next;
    }

    private TaskItem Touch(TaskItem task) => task with { Version = task.Version + 1, UpdatedAt = clock.GetUtcNow() };

    private Task AppendAsync(Work work, string type, TaskItem task) => events.AppendAsync(work, task.UserId, type, TaskView.Of(task));
}

/// <summary>A completed task and, when it recurs, the open one that follows it.</summary>
public sealed record Completion(TaskItem Done, TaskItem? Next);

/// <summary>What an undo took back.</summary>
public sealed record Undone(string Kind, IReadOnlyList<TaskItem> Tasks);
