using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Storage;

namespace FocoBot.Tasks;

/// <summary>A named list of tasks.</summary>
public sealed record Project(Guid Id, string Name, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt) : IVersioned;

/// <summary>An account's projects.</summary>
public sealed class ProjectBook(EventLog events, TimeProvider clock)
{
    private const string Columns = "id, name, version, created_at AS CreatedAt, updated_at AS UpdatedAt";

    public Task<List<Project>> ListAsync(Work work, Guid userId) =>
        work.QueryAsync<Project>($"SELECT {Columns} FROM projects WHERE user_id = @userId AND deleted_at IS NULL ORDER BY name_key, id", new { userId });

    public Task<Project?> FindAsync(Work work, Guid userId, Guid id) =>
        work.FirstAsync<Project>($"SELECT {Columns} FROM projects WHERE user_id = @userId AND id = @id AND deleted_at IS NULL", new { userId, id });

    /// <summary>A project to change: no other unit changes it until this one is done.</summary>
    public Task<Project?> FindToChangeAsync(Work work, Guid userId, Guid id) =>
        work.FirstAsync<Project>($"SELECT {Columns} FROM projects WHERE user_id = @userId AND id = @id AND deleted_at IS NULL /*pg: FOR UPDATE */", new { userId, id });

    public Task<Project?> FindByNameAsync(Work work, Guid userId, string name) =>
        work.FirstAsync<Project>($"SELECT {Columns} FROM projects WHERE user_id = @userId AND name_key = @key AND deleted_at IS NULL", new { userId, key = Key(name) });

    /// <summary>Makes a project; null when one of that name exists.</summary>
    public async Task<Project?> CreateAsync(Work work, Guid userId, string name)
    {
        var now = clock.GetUtcNow();
        var project = new Project(Ids.New(clock), name.Trim(), 1, now, now);
        var made = await work.ExecuteAsync(
            "INSERT INTO projects (id, user_id, name, name_key, version, created_at, updated_at) VALUES (@Id, @userId, @Name, @key, 1, @CreatedAt, @UpdatedAt) ON CONFLICT DO NOTHING",
            new { project.Id, userId, project.Name, key = Key(name), project.CreatedAt, project.UpdatedAt }).ConfigureAwait(false);
        if (made == 0) return null;
        await events.AppendAsync(work, userId, "project.created", project).ConfigureAwait(false);
        return project;
    }

    /// <summary>Gives a project another name. The caller has checked that it is free.</summary>
    public async Task<Project> RenameAsync(Work work, Guid userId, Project project, string name)
    {
        var renamed = project with { Name = name.Trim(), Version = project.Version + 1, UpdatedAt = clock.GetUtcNow() };
        await work.ExecuteAsync("UPDATE projects SET name = @Name, name_key = @key, version = @Version, updated_at = @UpdatedAt WHERE user_id = @userId AND id = @Id",
            new { renamed.Name, key = Key(name), renamed.Version, renamed.UpdatedAt, userId, renamed.Id }).ConfigureAwait(false);
        await events.AppendAsync(work, userId, "project.updated", renamed).ConfigureAwait(false);
        return renamed;
    }

    /// <summary>Removes a project; its tasks stay, without a project.</summary>
    public async Task DeleteAsync(Work work, Guid userId, Project project)
    {
        var now = clock.GetUtcNow();
        await work.ExecuteAsync(
            """
            UPDATE tasks SET project_id = NULL, version = version + 1, updated_at = @now WHERE user_id = @userId AND project_id = @Id;
            UPDATE accounts SET current_project_id = NULL WHERE id = @userId AND current_project_id = @Id;
            UPDATE projects SET deleted_at = @now, version = version + 1, updated_at = @now WHERE user_id = @userId AND id = @Id
            """, new { now, userId, project.Id }).ConfigureAwait(false);
        await events.AppendAsync(work, userId, "project.deleted", project).ConfigureAwait(false);
    }

    private static string Key(string name) => name.Trim().ToLowerInvariant();
}
