using FocoBot.StandIns.Processes;
using FocoBot.Storage;
using Npgsql;

namespace FocoBot.Bench;

/// <summary>A fresh, empty store of one engine, and the settings that lead a server to it.</summary>
internal sealed class BenchStore(string folder, string? postgres)
{
    /// <summary>Set by bench.sh: a private PostgreSQL.</summary>
    private const string PostgresVariable = "FOCOBOT_BENCH_POSTGRES";

    private const string PostgresIdVariable = "FOCOBOT_BENCH_POSTGRES_PID";

    /// <summary>What the PostgreSQL server has used of the machine; null when there is none.</summary>
    public static ProcessFigures? ServerFigures => int.TryParse(Environment.GetEnvironmentVariable(PostgresIdVariable), out var id) ? new ProcessFigures(id) : null;

    public IReadOnlyDictionary<string, string> Settings => postgres is null
        ? new Dictionary<string, string> { ["FOCOBOT_DATA_DIR"] = folder }
        : new Dictionary<string, string> { ["FOCOBOT_DATA_DIR"] = folder, ["ConnectionStrings__Postgres"] = postgres };

    public static async Task<BenchStore> CreateAsync(string engine, string folder)
    {
        Directory.CreateDirectory(folder);
        if (engine == "sqlite") return new BenchStore(folder, null);
        var server = Environment.GetEnvironmentVariable(PostgresVariable) ?? throw new InvalidOperationException($"{PostgresVariable} is not set: start by ./bench.sh.");
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand("DROP DATABASE IF EXISTS bench");
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        command.CommandText = "CREATE DATABASE bench";
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        return new BenchStore(folder, new NpgsqlConnectionStringBuilder(server) { Database = "bench" }.ToString());
    }

    /// <summary>Opens it; on SQLite only while no server has.</summary>
    public Database Open() => postgres is null
        ? SqliteDatabase.Open(Path.Combine(folder, "focobot.db"), TimeProvider.System)
        : PostgresDatabase.Open(postgres, TimeProvider.System);
}
