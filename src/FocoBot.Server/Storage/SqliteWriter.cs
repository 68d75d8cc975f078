using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace FocoBot.Storage;

/// <summary>
/// The one writer of a SQLite file. Units queue up while a commit is on its way to the disk; the next commit takes
/// all of them, each in a savepoint of its own, so that one that fails takes nothing of its neighbours with it.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    // A batch closes when the queue is empty; these are ceilings that keep the first unit of a long queue from waiting.
    private const int MaxUnits = 512;
    private static readonly TimeSpan MaxBatchTime = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Unit> _queue = Channel.CreateBounded<Unit>(new BoundedChannelOptions(8192) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _clock;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Unit> _batch = [];

    public SqliteWriter(SqliteConnection connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        _thread = new Thread(Loop) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    public async Task<T> RunAsync<T>(Actor actor, Func<Work, Task<T>> body, CancellationToken cancellation)
    {
        var unit = new Unit<T>(actor, body, cancellation);
        await _queue.Writer.WriteAsync(unit, cancellation).ConfigureAwait(false);
        return await unit.Result.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        await _stopped.Task.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Loop()
    {
        var reader = _queue.Reader;
#pragma warning disable VSTHRD002 // The writer owns its thread: waiting here blocks nobody else.
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
#pragma warning restore VSTHRD002
            CommitBatch(reader);
        _stopped.SetResult();
    }

    private void CommitBatch(ChannelReader<Unit> reader)
    {
        _batch.Clear();
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var started = _clock.GetTimestamp();
            while (_batch.Count < MaxUnits && _clock.GetElapsedTime(started) < MaxBatchTime && reader.TryRead(out var unit))
            {
                _batch.Add(unit);
                unit.Run(_connection, transaction);
            }

            transaction.Commit();
        }
        catch (Exception e)
        {
            foreach (var unit in _batch) unit.Fail(e);
        }

        foreach (var unit in _batch) unit.Complete();
    }

    private abstract class Unit
    {
        public abstract void Run(SqliteConnection connection, SqliteTransaction transaction);
        public abstract void Fail(Exception error);
        public abstract void Complete();
    }

    private sealed class Unit<T>(Actor actor, Func<Work, Task<T>> body, CancellationToken cancellation) : Unit
    {
        private const string Savepoint = "unit";
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Work? _work;
        private T? _value;
        private Exception? _error;

        public Task<T> Result => _result.Task;

        public override void Run(SqliteConnection connection, SqliteTransaction transaction)
        {
            transaction.Save(Savepoint);
            try
            {
                cancellation.ThrowIfCancellationRequested();
                _work = new Work(connection, transaction, static sql => sql, actor, cancellation);
                var task = body(_work);
                if (!task.IsCompleted)
                    throw new InvalidOperationException("A unit of work awaited something other than its own statements.");
#pragma warning disable VSTHRD002 // Completed: the engine is synchronous.
                _value = task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }
            catch (Exception e)
            {
                _error = e;
                transaction.Rollback(Savepoint);
            }

            transaction.Release(Savepoint);
        }

        public override void Fail(Exception error) => _error ??= error;

        public override void Complete()
        {
            if (_error is OperationCanceledException) _result.TrySetCanceled(cancellation);
            else if (_error is not null) _result.TrySetException(_error);
            else
            {
                _work!.Committed();
                _result.TrySetResult(_value!);
            }
        }
    }
}
