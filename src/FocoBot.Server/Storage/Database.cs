namespace FocoBot.Storage;

/// <summary>The store, whichever engine is behind it. Every unit of work enters through <see cref="AsAccount"/> or <see cref="AsService"/>.</summary>
public abstract class Database : IAsyncDisposable
{
    /// <summary>The engine's name: <c>sqlite</c> or <c>postgres</c>.</summary>
    public abstract string Engine { get; }

    /// <summary>Work on behalf of one account: it may touch that account's rows only.</summary>
    public Door AsAccount(Guid accountId) => new(this, new Actor(accountId, null, Urgent: true));

    /// <summary>
    /// Work of the service itself; <paramref name="why"/> names the reason (a worker, a sign-in). What somebody waits for is
    /// <paramref name="urgent"/>.
    /// </summary>
    public Door AsService(string why, bool urgent = false) => new(this, new Actor(null, why, urgent));

    /// <summary>Brings the schema to the newest migration.</summary>
    /// <exception cref="DatabaseUnusableException">A newer program has been here, or a migration failed.</exception>
    public Task MigrateAsync(CancellationToken cancellation) => MigrateAsync(null, cancellation);

    /// <summary>The same; when <paramref name="check"/> throws, in the same unit of work, the schema stays as it was.</summary>
    public abstract Task MigrateAsync(Func<Work, Task>? check, CancellationToken cancellation);

    /// <summary>
    /// Makes the partitions of the months to come, and drops those of the audit log that hold nothing newer than
    /// <paramref name="auditBefore"/>. Nothing to do on an engine without partitions.
    /// </summary>
    public virtual Task TendPartitionsAsync(DateTimeOffset auditBefore, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    internal abstract Task<T> WriteAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation);

    internal abstract Task<T> ReadAsync<T>(Actor actor, Func<Work, Task<T>> unit, CancellationToken cancellation);
}

/// <summary>The one door to the store for one actor.</summary>
public readonly struct Door(Database database, Actor actor)
{
    /// <summary>Runs a unit that changes rows; it is durable when the task completes.</summary>
    public Task<T> WriteAsync<T>(Func<Work, Task<T>> unit, CancellationToken cancellation = default) =>
        database.WriteAsync(actor, unit, cancellation);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<Work, Task> unit, CancellationToken cancellation = default) =>
        database.WriteAsync(actor, async work =>
        {
            await unit(work).ConfigureAwait(false);
            return true;
        }, cancellation);

    /// <summary>Runs a unit that only reads, on a consistent snapshot.</summary>
    public Task<T> ReadAsync<T>(Func<Work, Task<T>> unit, CancellationToken cancellation = default) =>
        database.ReadAsync(actor, unit, cancellation);
}
