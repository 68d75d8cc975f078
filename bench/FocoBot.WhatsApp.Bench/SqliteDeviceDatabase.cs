using System.Threading.Channels;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace FocoBot.WhatsApp.Bench;

/// <summary>Keeps many devices in one SQLite file, synced to the disk: the commits that come while one is under way share the next transaction.</summary>
internal sealed class SqliteDeviceDatabase : IAsyncDisposable
{
    private readonly SqliteConnection _reading, _writing;
    private readonly SqliteCommand _load, _list, _begin, _end, _clear, _set, _remove, _keep;
    private readonly Channel<Commit> _commits = Channel.CreateUnbounded<Commit>(new() { SingleReader = true });
    private readonly Task _storing;

    public SqliteDeviceDatabase(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        _writing = Open(file);
        Execute("CREATE TABLE IF NOT EXISTS record (device TEXT, kind INTEGER, name TEXT, value BLOB, PRIMARY KEY (device, kind, name)) WITHOUT ROWID");
        Execute("CREATE TABLE IF NOT EXISTS message (device TEXT, chat TEXT, sender TEXT, id TEXT, time INTEGER, content BLOB, PRIMARY KEY (device, chat, sender, id)) WITHOUT ROWID");
        _reading = Open(file);
        _load = Prepare(_reading, "SELECT value FROM record WHERE device = $1 AND kind = $2 AND name = $3", 3);
        _list = Prepare(_reading, "SELECT name, value FROM record WHERE device = $1 AND kind = $2", 2);
        _begin = Prepare(_writing, "BEGIN IMMEDIATE", 0);
        _end = Prepare(_writing, "COMMIT", 0);
        _clear = Prepare(_writing, "DELETE FROM record WHERE device = $1", 1);
        _set = Prepare(_writing, "INSERT INTO record VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET value = excluded.value", 4);
        _remove = Prepare(_writing, "DELETE FROM record WHERE device = $1 AND kind = $2 AND name = $3", 3);
        _keep = Prepare(_writing, "INSERT INTO message VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING", 6);
        _storing = Task.Run(StoreAsync);
    }

    public IDeviceStore Of(string device) => new Store(this, device);

    public async ValueTask DisposeAsync()
    {
        _commits.Writer.Complete();
        await _storing;
        await _reading.DisposeAsync();
        await _writing.DisposeAsync();
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
        return connection;
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string text, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}", Value = DBNull.Value });
        command.Prepare();
        return command;
    }

    private static SqliteCommand With(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    private void Execute(string text)
    {
        using var command = _writing.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private byte[]? Load(string device, RecordKey key)
    {
        lock (_load)
            return (byte[]?)With(_load, device, (int)key.Kind, key.Name).ExecuteScalar();
    }

    private List<DeviceRecord> List(string device, RecordKind kind)
    {
        lock (_load)
        {
            using var rows = With(_list, device, (int)kind).ExecuteReader();
            var records = new List<DeviceRecord>();
            while (rows.Read())
                records.Add(new(rows.GetString(0), (byte[])rows[1]));
            return records;
        }
    }

    private Task CommitAsync(string device, DeviceChanges changes)
    {
        var commit = new Commit(device, changes);
        return _commits.Writer.TryWrite(commit) ? commit.Done.Task : throw new ObjectDisposedException(nameof(SqliteDeviceDatabase));
    }

    private async Task StoreAsync()
    {
        while (await _commits.Reader.WaitToReadAsync())
            StoreWaiting();
    }

    private void StoreWaiting()
    {
        var batch = new List<Commit>();
        _begin.ExecuteNonQuery();
        while (_commits.Reader.TryRead(out var commit))
        {
            Apply(commit);
            batch.Add(commit);
        }

        _end.ExecuteNonQuery();
        batch.ForEach(commit => commit.Done.SetResult());
    }

    private void Apply(Commit commit)
    {
        if (commit.Changes.ClearsAll)
            With(_clear, commit.Device).ExecuteNonQuery();
        foreach (var (key, value) in commit.Changes.Records)
            (value is null ? With(_remove, commit.Device, (int)key.Kind, key.Name) : With(_set, commit.Device, (int)key.Kind, key.Name, value)).ExecuteNonQuery();
        foreach (var message in commit.Changes.Events.OfType<MessageReceived>())
        {
            With(_keep, commit.Device, message.Chat.ToString(), message.Sender.ToString(), message.Id, message.Time.ToUnixTimeSeconds(), message.Content.ToByteArray())
                .ExecuteNonQuery();
        }
    }

    private sealed record Commit(string Device, DeviceChanges Changes)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // One device of the file.
    private sealed class Store(SqliteDeviceDatabase database, string device) : IDeviceStore
    {
        public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token) => new(database.Load(device, key));

        public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token) => new(database.List(device, kind));

        public ValueTask CommitAsync(DeviceChanges changes) => new(database.CommitAsync(device, changes));
    }
}
