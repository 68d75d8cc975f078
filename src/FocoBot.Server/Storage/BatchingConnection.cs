using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace FocoBot.Storage;

/// <summary>
/// A unit's connection to PostgreSQL. Statements made on <see cref="Posts"/> wait, and travel with the next statement whose result
/// is wanted, or with <see cref="CommitAsync"/>: a unit costs a round trip a question, not one a statement.
/// </summary>
internal sealed class BatchingConnection : DbConnection
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly BatchingConnection? _owner;
    private NpgsqlBatch? _waiting;

    public BatchingConnection(NpgsqlConnection connection, NpgsqlTransaction transaction)
        : this(connection, transaction, null) => Posts = new BatchingConnection(connection, transaction, this);

    private BatchingConnection(NpgsqlConnection connection, NpgsqlTransaction transaction, BatchingConnection? owner)
    {
        _connection = connection;
        _transaction = transaction;
        _owner = owner;
        Posts = this;
    }

    /// <summary>The same connection for statements whose result nobody wants.</summary>
    public BatchingConnection Posts { get; }

    [AllowNull]
    public override string ConnectionString { get => _connection.ConnectionString; set => throw new NotSupportedException(); }
    public override string Database => _connection.Database;
    public override string DataSource => _connection.DataSource;
    public override string ServerVersion => _connection.ServerVersion;
    public override ConnectionState State => _connection.State;

    /// <summary>Sends what waits and commits, in one round trip: a statement that fails keeps the server from reading the commit behind it.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        if (_waiting is not { } batch)
        {
            await _transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        _waiting = null;
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();
    public override void Close() => throw new NotSupportedException();
    public override void Open() => throw new NotSupportedException();
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();
    protected override DbCommand CreateDbCommand() => new Statement(_owner ?? this, posted: _owner is not null);

    private NpgsqlBatch With(NpgsqlBatchCommand statement)
    {
        var batch = _waiting ??= new NpgsqlBatch(_connection, _transaction);
        batch.BatchCommands.Add(statement);
        return batch;
    }

    private NpgsqlBatch Take(NpgsqlBatchCommand statement)
    {
        var batch = With(statement);
        _waiting = null;
        return batch;
    }

    /// <summary>One statement; several in one text can't be part of a batch and go by themselves.</summary>
    private sealed class Statement(BatchingConnection owner, bool posted) : DbCommand
    {
        private NpgsqlBatchCommand _statement = new();

        [AllowNull]
        public override string CommandText { get => _statement.CommandText; set => _statement.CommandText = value ?? ""; }
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; } = CommandType.Text;
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        protected override DbConnection? DbConnection { get; set; } = owner;
        protected override DbParameterCollection DbParameterCollection => _statement.Parameters;
        protected override DbTransaction? DbTransaction { get; set; }

        private bool IsSeveral => CommandText.Contains(';', StringComparison.Ordinal);

        public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
        {
            if (IsSeveral) return await ExecuteSeveralAsync(cancellationToken).ConfigureAwait(false);
            var statement = HandOver();
            if (posted)
            {
                owner.With(statement);
                return 0;
            }

            await owner.Take(statement).ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return (int)statement.RecordsAffected;
        }

        // What waited answers with no rows, so the first result there is belongs to this statement.
        public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => owner.Take(HandOver()).ExecuteScalarAsync(cancellationToken);

        protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
            await owner.Take(HandOver()).ExecuteReaderAsync(behavior, cancellationToken).ConfigureAwait(false);

        public override void Cancel() => throw new NotSupportedException();
        public override int ExecuteNonQuery() => throw new NotSupportedException();
        public override object? ExecuteScalar() => throw new NotSupportedException();
        public override void Prepare() => throw new NotSupportedException();
        protected override DbParameter CreateDbParameter() => new NpgsqlParameter();
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();

        // A command may be run again with other parameters (a list of them), while a batch keeps what it was given.
        private NpgsqlBatchCommand HandOver()
        {
            var statement = _statement;
            _statement = new NpgsqlBatchCommand { CommandText = statement.CommandText };
            return statement;
        }

        private async Task<int> ExecuteSeveralAsync(CancellationToken cancellation)
        {
            if (owner._waiting is { } batch)
            {
                owner._waiting = null;
                await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            }

            await using var command = new NpgsqlCommand(CommandText, owner._connection, owner._transaction);
            foreach (var parameter in _statement.Parameters.ToArray())
            {
                _statement.Parameters.Remove(parameter);
                command.Parameters.Add(parameter);
            }

            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
