using System.Data.Common;
using Dapper;

namespace FocoBot.Storage;

/// <summary>Whom a unit of work acts for: an account, or the service itself with the reason why.</summary>
/// <param name="AccountId">The account; null for the service.</param>
/// <param name="Why">The service's reason; null for an account.</param>
/// <param name="Urgent">Somebody waits for the unit: where units queue up, it goes before background work.</param>
public readonly record struct Actor(Guid? AccountId, string? Why, bool Urgent = false);

/// <summary>
/// One unit of work: statements that commit together or not at all. It must await nothing but its own statements,
/// and may be run again when the engine asks for a retry, so it changes nothing outside the database but through
/// <see cref="OnCommit"/>.
/// </summary>
public sealed class Work
{
    private readonly DbConnection _connection;
    private readonly DbConnection _posts;
    private readonly DbTransaction? _transaction;
    private readonly Func<string, string> _dialect;
    private List<Action>? _onCommit;

    internal Work(DbConnection connection, DbConnection posts, DbTransaction? transaction, Func<string, string> dialect, Actor actor, CancellationToken cancellation)
    {
        _connection = connection;
        _posts = posts;
        _transaction = transaction;
        _dialect = dialect;
        Actor = actor;
        Cancellation = cancellation;
    }

    /// <summary>Whom this unit acts for.</summary>
    public Actor Actor { get; }

    /// <summary>Cancelled when the caller no longer wants the result.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Runs a statement (or several, separated by semicolons); the count of rows changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? args = null) => _connection.ExecuteAsync(Command(sql, args));

    /// <summary>
    /// Runs a statement whose outcome nobody asks for. It may travel with a later one, so that on PostgreSQL it costs no round trip
    /// of its own; should it fail, that one throws, or the commit.
    /// </summary>
    public Task PostAsync(string sql, object? args = null) => _posts.ExecuteAsync(Command(sql, args));

    /// <summary>All rows of a query.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, object? args = null) =>
        (await _connection.QueryAsync<T>(Command(sql, args)).ConfigureAwait(false)).AsList();

    /// <summary>The first row, or default when there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? args = null) =>
        _connection.QueryFirstOrDefaultAsync<T>(Command(sql, args));

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql, object? args = null) =>
        (await _connection.ExecuteScalarAsync<T>(Command(sql, args)).ConfigureAwait(false))!;

    /// <summary>Runs <paramref name="action"/> once the unit is durable; never when it failed.</summary>
    public void OnCommit(Action action) => (_onCommit ??= []).Add(action);

    internal void Committed()
    {
        if (_onCommit is null) return;
        foreach (var action in _onCommit) action();
    }

    private CommandDefinition Command(string sql, object? args) =>
        new(_dialect(sql), args, _transaction, cancellationToken: Cancellation);
}
