using FocoBot.Storage;
using Npgsql;

namespace FocoBot.Tests;

/// <summary>
/// A fresh, migrated database for one test on the engine that this run is for. The suite runs once per engine:
/// <c>FOCOBOT_TEST_ENGINE</c> is <c>sqlite</c> (default) or <c>postgres</c>, which also needs <c>FOCOBOT_TEST_POSTGRES</c>.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    // Runs at the same time may share a server, so each has a template of its own.
    private static readonly string Template = $"focobot_template_{Environment.ProcessId}";
    private static readonly SemaphoreSlim TemplateGate = new(1, 1);
    private static bool _templateReady;

    private TestDatabase(string directory, string? postgres, string? name)
    {
        Directory = directory;
        Postgres = postgres;
        _name = name;
    }

    private readonly string? _name;

    public static bool OnPostgres => Environment.GetEnvironmentVariable("FOCOBOT_TEST_ENGINE") == "postgres";

    /// <summary>A private folder for this test.</summary>
    public string Directory { get; }

    /// <summary>The connection string; null on SQLite.</summary>
    public string? Postgres { get; }

    public string SqlitePath => Path.Combine(Directory, "focobot.db");

    public static async Task<TestDatabase> CreateAsync()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("focobot-test-").FullName;
        if (!OnPostgres) return new TestDatabase(directory, null, null);
        var name = "t_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        await PrepareTemplateAsync();
        await ServerCommandAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return new TestDatabase(directory, ConnectionTo(name), name);
    }

    /// <summary>Opens the database itself, for tests that need no server around it.</summary>
    public async Task<Database> OpenAsync(TimeProvider clock)
    {
        Database database = Postgres is null ? SqliteDatabase.Open(SqlitePath, clock) : PostgresDatabase.Open(Postgres, clock);
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        if (_name is not null) await ServerCommandAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        if (System.IO.Directory.Exists(Directory)) System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static async Task PrepareTemplateAsync()
    {
        await TemplateGate.WaitAsync();
        try
        {
            if (_templateReady) return;
            await ServerCommandAsync($"DROP DATABASE IF EXISTS {Template} WITH (FORCE)");
            await ServerCommandAsync($"CREATE DATABASE {Template}");
            await using (var database = PostgresDatabase.Open(ConnectionTo(Template), TimeProvider.System))
                await database.MigrateAsync(CancellationToken.None);
            _templateReady = true;
        }
        finally
        {
            TemplateGate.Release();
        }
    }

    private static string ConnectionTo(string name) =>
        new NpgsqlConnectionStringBuilder(Server) { Database = name, MaxPoolSize = 20, Pooling = true }.ToString();

    private static string Server => Environment.GetEnvironmentVariable("FOCOBOT_TEST_POSTGRES")
        ?? throw new InvalidOperationException("FOCOBOT_TEST_POSTGRES is not set: ./test.sh starts a private PostgreSQL and sets it.");

    private static async Task ServerCommandAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
