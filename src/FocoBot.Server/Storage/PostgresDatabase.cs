using Npgsql;

namespace FocoBot.Storage;

/// <summary>The PostgreSQL engine: one pooled connection and one transaction a unit; the server groups commits.</summary>
public sealed class PostgresDatabase : Database
{
    private const int Attempts = 5;
    private const long MigrationLock = 0x466F636F426F74; // "FocoBot"

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _clock;

    static PostgresDatabase() => TypeHandlers.Register();

    private PostgresDatabase(NpgsqlDataSource source, TimeProvider clock)
    {
        _source = source;
        _clock = clock;
    }

    /// <inheritdoc/>
    public override string Engine => "postgres";

    /// <summary>Opens a pool; nothing is contacted yet.</summary>
    public static PostgresDatabase Open(string connectionString, TimeProvider clock)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // Statements are few and hot: prepare them unless the operator says otherwise (a transaction pooler needs 0).
        // ShouldSerialize tells what was set; ContainsKey is true for every keyword there is.
        if (!settings.ShouldSerialize("Max Auto Prepare")) settings.MaxAutoPrepare = 200;
        if (!settings.ShouldSerialize("Application Name")) settings.ApplicationName = "FocoBot";
        return new PostgresDatabase(NpgsqlDataSource.Create(settings), clock);
    }

    /// <inheritdoc/>
    public override async Task MigrateAsync(Func<Work, Task>? check, CancellationToken cancellation)
    {
        await WriteAsync(new Actor(null, "migration"), async work =>
        {
            await work.ScalarAsync<object>("SELECT pg_advisory_xact_lock(@key)", new { key = MigrationLock }).ConfigureAwait(false);
            await Migrations.ApplyAsync(work, [.. Migrations.Shared, .. Migrations.PostgresOnly], _clock).ConfigureAwait(false);
            if (check is not null) await check(work).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        await WriteAsync(new Actor(null, "partitions"), async work =>
        {
            await Partitions.CreateAheadAsync(work, _clock).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task TendPartitionsAsync(DateTimeOffset auditBefore, CancellationToken cancellation) =>
        WriteAsync(new Actor(null, "partitions"), async work =>
        {
            await Partitions.CreateAheadAsync(work, _clock).ConfigureAwait(false);
            await Partitions.DropAsync(work, Partitions.Audit, auditBefore).ConfigureAwait(false);
            return true;
        }, cancellation);

    internal override async Task<T> WriteAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunAsync(actor, unit, System.Data.IsolationLevel.ReadCommitted, cancellation).ConfigureAwait(false);
            }
            catch (PostgresException e) when (attempt < Attempts && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation)
            {
                // The unit rolled back whole and may run again: the server chose it as a victim, or another one was quicker to add
                // the same row, which the unit's own look will now find.
            }
        }
    }

    internal override Task<T> ReadAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation) =>
        RunAsync(actor, unit, System.Data.IsolationLevel.RepeatableRead, cancellation);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> RunAsync<T>(Actor actor, Func<Work, Task<T>> unit, System.Data.IsolationLevel isolation, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(isolation, cancellation).ConfigureAwait(false);
        await using var batching = new BatchingConnection(connection, transaction);
        var work = new Work(batching, batching.Posts, transaction, Dialect.ForPostgres, actor, cancellation);
        var value = await unit(work).ConfigureAwait(false);
        await batching.CommitAsync(cancellation).ConfigureAwait(false);
        work.Committed();
        return value;
    }
}
