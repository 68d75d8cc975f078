using System.Data.Common;
using System.Reflection;

namespace FocoBot.Storage;

/// <summary>
/// Numbered, append-only migrations: <c>Migrations/0001_name.sql</c> for both engines, <c>Migrations/postgres/…</c>
/// for what only PostgreSQL has. A migration that was applied is never edited; its name is its identity.
/// </summary>
internal static class Migrations
{
    public static IReadOnlyList<Migration> Shared { get; } = Load(".Migrations.shared.");
    public static IReadOnlyList<Migration> PostgresOnly { get; } = Load(".Migrations.postgres.");

    public static async Task ApplyAsync(Work work, IReadOnlyList<Migration> migrations, TimeProvider clock)
    {
        await work.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL)").ConfigureAwait(false);
        var applied = await work.QueryAsync<string>("SELECT name FROM schema_migrations ORDER BY name").ConfigureAwait(false);
        if (applied.Except(migrations.Select(migration => migration.Name)).FirstOrDefault() is { } unknown)
            throw new DatabaseUnusableException($"This database was made by a newer FocoBot: it has the migration {unknown}, which this program does not know. Start the newer program, or restore a backup from before the upgrade.");
        foreach (var migration in migrations.ExceptBy(applied, m => m.Name))
        {
            await RunAsync(work, migration).ConfigureAwait(false);
            await work.ExecuteAsync("INSERT INTO schema_migrations (name, applied_at) VALUES (@Name, @now)",
                new { migration.Name, now = clock.GetUtcNow() }).ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(Work work, Migration migration)
    {
        try
        {
            await work.ExecuteAsync(migration.Sql).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            throw new DatabaseUnusableException($"The migration {migration.Name} failed and was rolled back: {e.Message}", e);
        }
    }

    private static List<Migration> Load(string folder)
    {
        var assembly = typeof(Migrations).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(folder, StringComparison.Ordinal))
            .Select(name => new Migration(name[(name.IndexOf(folder, StringComparison.Ordinal) + ".Migrations.".Length)..^".sql".Length], Read(assembly, name)))
            .OrderBy(migration => migration.Name, StringComparer.Ordinal)];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <summary>One migration: <c>shared.0001_name</c> and its SQL.</summary>
internal sealed record Migration(string Name, string Sql);
