using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Tasks;

/// <summary>What each change replaced, newest last; the last 20 can be taken back.</summary>
public sealed class UndoLog(Keyring keyring, TimeProvider clock)
{
    private const string BeforeColumn = "task_changes.before";

    internal async Task RecordAsync(Work work, Guid userId, string kind, IReadOnlyList<TaskBefore> before)
    {
        var id = Ids.New(clock);
        var key = await keyring.OfAsync(work, userId).ConfigureAwait(false);
        await work.PostAsync("INSERT INTO task_changes (id, user_id, kind, before, created_at) VALUES (@id, @userId, @kind, @before, @now)",
            new { id, userId, kind, before = key.SealJson(BeforeColumn, id, before), now = clock.GetUtcNow() }).ConfigureAwait(false);
    }

    /// <summary>Takes the newest change that was not yet undone off the log.</summary>
    internal async Task<UndoStep?> TakeAsync(Work work, Guid userId)
    {
        while (await NewestAsync(work, userId).ConfigureAwait(false) is { } row)
        {
            var taken = await work.ExecuteAsync("UPDATE task_changes SET undone_at = @now WHERE id = @Id AND undone_at IS NULL", new { row.Id, now = clock.GetUtcNow() }).ConfigureAwait(false);
            if (taken == 0) continue; // another undo of the same account got there first: take the one before
            var key = await keyring.OfAsync(work, userId).ConfigureAwait(false);
            return new UndoStep(row.Kind, key.OpenJson<List<TaskBefore>>(BeforeColumn, row.Id, row.Before));
        }

        return null;
    }

    private static Task<Row?> NewestAsync(Work work, Guid userId) => work.FirstAsync<Row>(
        """
        SELECT id, kind, before FROM (SELECT id, kind, before, undone_at FROM task_changes WHERE user_id = @userId ORDER BY id DESC LIMIT @limit) AS latest
        WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1
        """, new { userId, limit = TaskLimits.Undo });

    private sealed record Row(Guid Id, string Kind, byte[] Before);
}

/// <summary>A task as it was before a change; null when the change made it.</summary>
internal sealed record TaskBefore(Guid Id, TaskItem? Task);

/// <summary>One undoable change.</summary>
internal sealed record UndoStep(string Kind, IReadOnlyList<TaskBefore> Tasks);
