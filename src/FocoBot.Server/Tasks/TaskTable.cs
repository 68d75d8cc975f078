using FocoBot.Storage;

namespace FocoBot.Tasks;

/// <summary>The SQL of the tasks table.</summary>
internal static class TaskTable
{
    private const string Columns =
        """
        id, user_id AS UserId, project_id AS ProjectId, title, notes, due_date AS DueDate, due_time AS DueTime, due_zone AS DueZone, due_at AS DueAt, recurrence, priority,
        source_message AS SourceMessage, done_at AS DoneAt, deleted_at AS DeletedAt, version, created_at AS CreatedAt, updated_at AS UpdatedAt
        """;

    // Dated tasks first, the nearest on top; within a day those without a time lead.
    public const string ByDue = "CASE WHEN due_date IS NULL THEN 1 ELSE 0 END, due_date, CASE WHEN due_time IS NULL THEN 0 ELSE 1 END, due_time, id";

    /// <summary>The zone whose calendar the account lives by.</summary>
    public static Task<string> ZoneOfAsync(Work work, Guid userId) => work.ScalarAsync<string>("SELECT time_zone FROM accounts WHERE id = @userId", new { userId });

    /// <summary>A task to look at, also one that was deleted.</summary>
    public static Task<TaskItem?> LookAsync(Work work, Guid userId, Guid id) =>
        work.FirstAsync<TaskItem>($"SELECT {Columns} FROM tasks WHERE user_id = @userId AND id = @id", new { userId, id });

    public static Task<TaskItem?> FindAsync(Work work, Guid userId, Guid id) =>
        work.FirstAsync<TaskItem>($"SELECT {Columns} FROM tasks WHERE user_id = @userId AND id = @id AND deleted_at IS NULL /*pg: FOR UPDATE */", new { userId, id });

    public static Task<TaskItem?> FindAnyAsync(Work work, Guid userId, Guid id) =>
        work.FirstAsync<TaskItem>($"SELECT {Columns} FROM tasks WHERE user_id = @userId AND id = @id /*pg: FOR UPDATE */", new { userId, id });

    public static Task<List<TaskItem>> QueryAsync(Work work, string where, string orderBy, object args) =>
        work.QueryAsync<TaskItem>($"SELECT {Columns} FROM tasks WHERE {where} ORDER BY {orderBy}", args);

    public static Task<long> CountAsync(Work work, string where, object args) =>
        work.ScalarAsync<long>($"SELECT count(*) FROM tasks WHERE {where}", args);

    public static Task InsertAsync(Work work, TaskItem task) => work.PostAsync(
        """
        INSERT INTO tasks (id, user_id, project_id, title, notes, due_date, due_time, due_zone, due_at, recurrence, priority, source_message, done_at, deleted_at, version, created_at, updated_at)
        VALUES (@Id, @UserId, @ProjectId, @Title, @Notes, @DueDate, @DueTime, @DueZone, @DueAt, @Recurrence, @Priority, @SourceMessage, @DoneAt, @DeletedAt, @Version, @CreatedAt, @UpdatedAt)
        """, task);

    public static Task<int> UpdateAsync(Work work, TaskItem task) => work.ExecuteAsync(
        """
        UPDATE tasks SET project_id = @ProjectId, title = @Title, notes = @Notes, due_date = @DueDate, due_time = @DueTime, due_zone = @DueZone, due_at = @DueAt,
          recurrence = @Recurrence, priority = @Priority, done_at = @DoneAt, deleted_at = @DeletedAt, version = @Version, updated_at = @UpdatedAt
        WHERE user_id = @UserId AND id = @Id
        """, task);
}
