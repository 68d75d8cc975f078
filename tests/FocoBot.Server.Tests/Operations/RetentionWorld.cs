using FocoBot.Operations;
using FocoBot.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FocoBot.Tests.Operations;

/// <summary>A database with one account, a clock, and the retention over it; it knows how many rows each transaction changed.</summary>
internal sealed class RetentionWorld : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TestDatabase _data;
    private readonly Database _database;

    private RetentionWorld(TestDatabase data, Database database, FakeClock clock, RetentionOptions options)
    {
        (_data, _database, Clock) = (data, database, clock);
        Watched = new WatchedDatabase(database);
        Retention = new Retention(Watched, options, clock, NullLogger<Retention>.Instance);
    }

    public FakeClock Clock { get; }

    public Guid User { get; } = Ids.New(TimeProvider.System);

    public Retention Retention { get; }

    public WatchedDatabase Watched { get; }

    public static async Task<RetentionWorld> CreateAsync(RetentionOptions? options = null, FakeClock? clock = null)
    {
        clock ??= new FakeClock();
        var data = await TestDatabase.CreateAsync();
        var world = new RetentionWorld(data, await data.OpenAsync(clock), clock, options ?? new RetentionOptions());
        await world.WriteAsync(work => world.AddAccountAsync(work, world.User));
        return world;
    }

    public Task AddAccountAsync(Work work, Guid id) => work.ExecuteAsync(
        "INSERT INTO accounts (id, email, email_key, created_at, updated_at) VALUES (@id, 'x', @key, @now, @now)", new { id, key = id.ToString(), now = Clock.GetUtcNow() });

    public Task WriteAsync(Func<Work, Task> unit) => _database.AsService("test").WriteAsync(unit, None);

    public Task<long> CountAsync(string sql, object? args = null) => _database.AsService("test").ReadAsync(work => work.ScalarAsync<long>(sql, args), None);

    public Task<List<T>> QueryAsync<T>(string sql) => _database.AsService("test").ReadAsync(work => work.QueryAsync<T>(sql), None);

    public Task MigrateAsync() => _database.MigrateAsync(None);

    public Task SweepAsync() => Retention.SweepAsync(None);

    public async ValueTask DisposeAsync()
    {
        Retention.Dispose();
        await _database.DisposeAsync();
        await _data.DisposeAsync();
    }
}

/// <summary>A database that notes what each unit of work returned.</summary>
internal sealed class WatchedDatabase(Database inner) : Database
{
    /// <summary>Rows changed by each transaction that changed any.</summary>
    public List<int> Changed { get; } = [];

    public override string Engine => inner.Engine;

    public override Task MigrateAsync(Func<Work, Task>? check, CancellationToken cancellation) => inner.MigrateAsync(check, cancellation);

    public override Task TendPartitionsAsync(DateTimeOffset auditBefore, CancellationToken cancellation) => inner.TendPartitionsAsync(auditBefore, cancellation);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask; // whoever made the inner one disposes it

    internal override async Task<T> WriteAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation)
    {
        var result = await inner.WriteAsync(actor, unit, cancellation);
        if (result is int and > 0) Changed.Add((int)(object)result);
        return result;
    }

    internal override Task<T> ReadAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation) => inner.ReadAsync(actor, unit, cancellation);
}
