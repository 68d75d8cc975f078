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

    private readonly Channel<Unit> _queue = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<Unit> { SingleReader = true });
    private readonly AutoResetEvent _wake = new(false);
    private readonly PreparingConnection _connection;
    private readonly TimeProvider _clock;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Unit> _batch = [];
    private long _units;
    private volatile bool _checkpointDue;

    public SqliteWriter(PreparingConnection connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        _thread = new Thread(Loop) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    public async Task<T> RunAsync<T>(Actor actor, Func<Work, Task<T>> body, CancellationToken cancellation)
    {
        var unit = new Unit<T>(actor, body, Interlocked.Increment(ref _units), cancellation);
        await _queue.Writer.WriteAsync(unit, cancellation).ConfigureAwait(false);
        return await unit.Result.ConfigureAwait(false);
    }

    /// <summary>Copies the rest of the log after the commit that is under way, or the next one.</summary>
    public void FinishCheckpoint() => _checkpointDue = true;

    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        await _stopped.Task.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _wake.Dispose();
    }

    private void Loop()
    {
        var reader = _queue.Reader;
        while (WaitForUnits(reader))
        {
            CommitBatch(reader);
            if (_checkpointDue) Checkpoint();
        }

        _stopped.SetResult();
    }

    private void Checkpoint()
    {
        _checkpointDue = false;
        try
        {
            _connection.Run(null, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // The next one copies it.
        }
    }

    // The writer owns its thread, so it may block; an event does it without spinning first, as waiting for a task would.
    private bool WaitForUnits(ChannelReader<Unit> reader)
    {
        var ready = reader.WaitToReadAsync().AsTask().ConfigureAwait(false).GetAwaiter();
        if (!ready.IsCompleted)
        {
            ready.OnCompleted(() => _wake.Set());
            _wake.WaitOne();
        }

#pragma warning disable VSTHRD002 // Completed.
        return ready.GetResult();
#pragma warning restore VSTHRD002
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

    // What somebody waits for comes before background work, else first come, first served.
    private abstract class Unit(bool urgent, long number) : IComparable<Unit>
    {
        private readonly (bool Waits, long Number) _place = (!urgent, number);

        public int CompareTo(Unit? other) => _place.CompareTo(other!._place);

        public abstract void Run(PreparingConnection connection, SqliteTransaction transaction);
        public abstract void Fail(Exception error);
        public abstract void Complete();
    }

    private sealed class Unit<T>(Actor actor, Func<Work, Task<T>> body, long number, CancellationToken cancellation) : Unit(actor.Urgent, number)
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Work? _work;
        private T? _value;
        private Exception? _error;

        public Task<T> Result => _result.Task;

        public override void Run(PreparingConnection connection, SqliteTransaction transaction)
        {
            connection.Run(transaction, "SAVEPOINT unit");
            try
            {
                cancellation.ThrowIfCancellationRequested();
                _work = new Work(connection, connection, transaction, static sql => sql, actor, cancellation);
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
                connection.Run(transaction, "ROLLBACK TO unit");
            }

            connection.Run(transaction, "RELEASE unit");
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
