using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace FocoBot.Storage;

/// <summary>
/// A SQLite connection that keeps its statements: compiling one takes the engine longer than running it, and ours are few and
/// hot. For one thread at a time, as any connection.
/// </summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString)
{
    // More texts than the server has; one made at run time (a filter, a migration) must not push out the hot ones.
    private const int MaxKept = 256;

    private readonly Dictionary<string, SqliteCommand> _idle = new(StringComparer.Ordinal);

    /// <summary>Runs a statement without parameters.</summary>
    public void Run(SqliteTransaction? transaction, string text)
    {
        var command = Take(text);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
        GiveBack(command);
    }

    protected override DbCommand CreateDbCommand() => new KeptCommand(this);

    protected override void Dispose(bool disposing)
    {
        foreach (var command in _idle.Values) command.Dispose();
        _idle.Clear();
        base.Dispose(disposing);
    }

    private SqliteCommand Take(string text)
    {
        if (_idle.Remove(text, out var known)) return known;
        var command = CreateCommand();
        command.CommandText = text;
        return command;
    }

    private void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (_idle.Count >= MaxKept || !_idle.TryAdd(command.CommandText, command)) command.Dispose();
    }

    // The engine knows parameters by their names with the @; given without, each is searched for twice.
    private sealed class NamedParameter : SqliteParameter
    {
        [AllowNull]
        public override string ParameterName
        {
            get => base.ParameterName;
            set => base.ParameterName = value is { Length: > 0 } ? "@" + value : value;
        }
    }

    /// <summary>Stands for a kept command from when its text is set until it is disposed.</summary>
    private sealed class KeptCommand(PreparingConnection owner) : DbCommand
    {
        private SqliteCommand? _command;
        private DbTransaction? _transaction;

        [AllowNull]
        public override string CommandText
        {
            get => _command?.CommandText ?? "";
            set
            {
                Release();
                _command = owner.Take(value ?? "");
                _command.Transaction = (SqliteTransaction?)_transaction;
            }
        }

        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; } = CommandType.Text;
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        protected override DbConnection? DbConnection { get; set; } = owner;
        protected override DbParameterCollection DbParameterCollection => Command.Parameters;

        protected override DbTransaction? DbTransaction
        {
            get => _transaction;
            set => _transaction = value;
        }

        private SqliteCommand Command => _command ?? throw new InvalidOperationException("The command has no text yet.");

        public override void Cancel() => Command.Cancel();
        public override int ExecuteNonQuery() => Command.ExecuteNonQuery();
        public override object? ExecuteScalar() => Command.ExecuteScalar();
        public override void Prepare() => Command.Prepare();
        protected override DbParameter CreateDbParameter() => new NamedParameter();
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Command.ExecuteReader(behavior);

        protected override void Dispose(bool disposing)
        {
            Release();
            base.Dispose(disposing);
        }

        private void Release()
        {
            if (_command is not null) owner.GiveBack(_command);
            _command = null;
        }
    }
}
