using Microsoft.Data.Sqlite;

namespace FocoBot.Storage;

/// <summary>The embedded engine: one file, one writer with group commit, many readers.</summary>
public sealed class SqliteDatabase : Database
{
    private readonly FileStream _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly string _readConnection;
    private readonly TimeProvider _clock;
    private Task? _disposal;

    static SqliteDatabase()
    {
        SQLitePCL.Batteries_V2.Init();
        TypeHandlers.Register();
    }

    private SqliteDatabase(string path, FileStream fileLock, TimeProvider clock)
    {
        _lock = fileLock;
        _clock = clock;
        _readConnection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
        _writer = new SqliteWriter(Open(path), clock);
        _checkpointer = new SqliteCheckpointer(Open(path), path + "-wal", _writer, clock);
    }

    /// <inheritdoc/>
    public override string Engine => "sqlite";

    /// <summary>Opens (or makes) the database file.</summary>
    /// <exception cref="DatabaseInUseException">Another server has the file open.</exception>
    public static SqliteDatabase Open(string path, TimeProvider clock)
    {
        DataDirectory.EnsureFor(path);
        return new SqliteDatabase(path, TakeLock(path), clock);
    }

    /// <inheritdoc/>
    public override Task MigrateAsync(Func<Work, Task>? check, CancellationToken cancellation) =>
        _writer.RunAsync(new Actor(null, "migration"), async work =>
        {
            await Migrations.ApplyAsync(work, Migrations.Shared, _clock).ConfigureAwait(false);
            if (check is not null) await check(work).ConfigureAwait(false);
            return true;
        }, cancellation);

    internal override Task<T> WriteAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation) =>
        _writer.RunAsync(actor, unit, cancellation);

    internal override async Task<T> ReadAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation)
    {
        using var connection = new SqliteConnection(_readConnection);
#pragma warning disable VSTHRD103 // The engine has no asynchronous I/O; the Async methods only pretend.
        connection.Open();
#pragma warning restore VSTHRD103
        using var snapshot = connection.BeginTransaction(deferred: true);
        return await unit(new Work(connection, connection, snapshot, static sql => sql, actor, cancellation)).ConfigureAwait(false);
    }

    /// <summary>Lets go of the file; whoever calls waits until that is done.</summary>
    public override ValueTask DisposeAsync()
    {
        lock (_lock) return new ValueTask(_disposal ??= DisposeOnceAsync());
    }

    private async Task DisposeOnceAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _checkpointer.DisposeAsync().ConfigureAwait(false);
        SqliteConnection.ClearPool(new SqliteConnection(_readConnection));
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private static PreparingConnection Open(string path)
    {
        var connection = new PreparingConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var pragmas = connection.CreateCommand();
        // FULL: a commit is on the disk before it is acknowledged. Checkpoints run beside the writer, not inside a commit. What a
        // savepoint may have to take back is kept in memory, not in a temporary file.
        pragmas.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA busy_timeout=10000; PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DatabaseInUseException($"Another FocoBot server has {path} open. Stop it first, or give this one its own FOCOBOT_DATA_DIR.", e);
        }
    }
}
