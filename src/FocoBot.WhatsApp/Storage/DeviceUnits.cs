using FocoBot.WhatsApp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// The one door to what a device has stored. Units of work run one after the other and don't wait for the store: the next one goes on with
/// the changes of those before, while these are being stored; those finished meanwhile are stored together. When the store fails, nothing
/// that has not been stored ever was, and there are no further units until <see cref="ResetAsync"/>. It outlives connections, for what was
/// begun on one may end after the next has come.
/// </summary>
internal sealed class DeviceUnits : IAsyncDisposable
{
    private readonly IDeviceStore _store;
    private readonly Action<ClientEvent> _publish;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1), _waiting = new(0);
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private readonly RecordCache _stored = new();
    private readonly Task _storing;
    private Batch _open = new();
    private Batch? _landing;
    private StoreFailedException? _failure;

    public DeviceUnits(IDeviceStore store, Action<ClientEvent> publish, ILogger log, TimeProvider? clock = null)
    {
        _store = store;
        _publish = publish;
        _log = log;
        _clock = clock ?? TimeProvider.System;
        _storing = StoreAllAsync();
    }

    /// <summary>Is told when the store has failed.</summary>
    public Action<StoreFailedException>? Failed { get; set; }

    /// <summary>Does a unit of work, and waits until it is stored. Nothing in there may wait for the server, or run another unit.</summary>
    /// <exception cref="StoreFailedException">It could not be stored, and never was.</exception>
    public async Task<T> RunAsync<T>(Func<DeviceUnit, Task<T>> work, CancellationToken token)
    {
        var (result, landed) = await BeginAsync(work, token);
        await landed;
        return result;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<DeviceUnit, Task> work, CancellationToken token) => RunAsync(
        async unit =>
        {
            await work(unit);
            return true;
        },
        token);

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Action<DeviceUnit> work, CancellationToken token) => RunAsync(Returning(work), token);

    /// <summary>Does a unit of work, and leaves it to be stored. Nothing in there may wait for the server, or run another unit.</summary>
    /// <returns>What the work gave, and when it is stored.</returns>
    /// <exception cref="StoreFailedException">An earlier unit could not be stored; this one never was either.</exception>
    public async Task<(T Result, Task Landed)> BeginAsync<T>(Func<DeviceUnit, Task<T>> work, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            // A store that is slow holds back those who would fill the memory.
            if (TooMany() is { } full)
                await full.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ThrowIfFailed();
            var unit = new DeviceUnit(this);
            var result = await work(unit);
            return (result, Accept(unit));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc cref="BeginAsync{T}"/>
    public Task BeginAsync(Action<DeviceUnit> work, CancellationToken token) => BeginAsync(Returning(work), token);

    /// <summary>Looks something up, with the changes of all units so far.</summary>
    /// <exception cref="StoreFailedException">An earlier unit could not be stored.</exception>
    public async Task<T> ReadAsync<T>(Func<DeviceUnit, Task<T>> read, CancellationToken token) => (await BeginAsync(read, token)).Result;

    /// <summary>The value of a record, with the changes of all units so far. Only for those within a unit.</summary>
    public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token)
    {
        lock (_gate)
        {
            if (_open.Changes.TryGet(key, out var value) || (_landing?.Changes.TryGet(key, out value) ?? false) || _stored.TryGet(key, out value))
                return new(value);
        }

        return AskAsync(key, token);
    }

    /// <summary>The names of all records of a kind, with the changes of all units so far. Only for those within a unit.</summary>
    public async Task<HashSet<string>> NamesAsync(RecordKind kind, CancellationToken token)
    {
        DeviceChanges?[] unstored;
        lock (_gate)
            unstored = [_landing?.Changes, _open.Changes];
        var names = (await _store.ListAsync(kind, token)).Select(record => record.Name).ToHashSet(StringComparer.Ordinal);
        // Those that were stored meanwhile change nothing here a second time.
        foreach (var changes in unstored)
            changes?.ApplyTo(names, kind);
        return names;
    }

    /// <summary>All records of a kind, once all units so far are stored.</summary>
    public Task<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token) => ListAsync(kind, records => records, token);

    /// <summary>Takes in all records of a kind, once all units so far are stored and before another one begins.</summary>
    public async Task<T> ListAsync<T>(RecordKind kind, Func<IReadOnlyList<DeviceRecord>, T> take, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            ThrowIfFailed();
            await Accept(new(this));
            return take(await _store.ListAsync(kind, token));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts anew from what is stored, once all that was under way has ended.</summary>
    public async Task ResetAsync(CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            if (_failure is null)
                await Accept(new(this)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
            {
                _failure = null;
                _stored.Clear();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stores what is left and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _storing;
        _disposing.Dispose();
    }

    private static Func<DeviceUnit, Task<bool>> Returning(Action<DeviceUnit> work) => unit =>
    {
        work(unit);
        return Task.FromResult(true);
    };

    private Task? TooMany()
    {
        lock (_gate)
            return _open.Units >= Limits.UnstoredUnits ? _open.Landed : null;
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failed)
            throw failed;
    }

    private Task Accept(DeviceUnit unit)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_open.Units == 0)
                _waiting.Release();
            _open.Add(unit);
            unit.Accepted?.Invoke();
            return _open.Landed;
        }
    }

    private async ValueTask<byte[]?> AskAsync(RecordKey key, CancellationToken token)
    {
        var value = await _store.LoadAsync(key, token);
        lock (_gate)
            _stored.Set(key, value);
        return value;
    }

    // One batch after the other: all units that have ended by the time the one before is stored and told.
    private async Task StoreAllAsync()
    {
        while (await NextAsync() is { } batch)
        {
            try
            {
                if (!batch.Changes.IsEmpty)
                    await CommitAsync(batch);
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                Fail(batch, new(failed));
                continue;
            }

            lock (_gate)
            {
                _landing = null;
                _stored.Apply(batch.Changes);
            }

            foreach (var happened in batch.Changes.Events)
            {
                Telemetry.Stored(happened);
                _publish(happened);
            }

            batch.Land();
            foreach (var follower in batch.Followers)
                await FollowAsync(follower);
        }
    }

    private async ValueTask CommitAsync(Batch batch)
    {
        var began = _clock.GetTimestamp();
        var isStored = false;
        try
        {
            await _store.CommitAsync(batch.Changes);
            isStored = true;
        }
        finally
        {
            Telemetry.Committed(batch.Units, _clock.GetElapsedTime(began), isStored);
        }
    }

    private async Task FollowAsync(Func<Task> follower)
    {
        try
        {
            await follower();
        }
        catch (Exception over) when (over is ConnectionEndedException or OperationCanceledException)
        {
            // What the peer has not got it will ask for, or send again.
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(_log, failed);
        }
    }

    private async Task<Batch?> NextAsync()
    {
        try
        {
            await _waiting.WaitAsync(_disposing.Token);
        }
        catch (OperationCanceledException)
        {
            // Units that have ended are stored all the same.
        }

        lock (_gate)
        {
            if (_open.Units == 0)
                return null;
            (_landing, _open) = (_open, new());
            return _landing;
        }
    }

    private void Fail(Batch batch, StoreFailedException failed)
    {
        Batch behind;
        lock (_gate)
        {
            (_failure, _landing, behind, _open) = (failed, null, _open, new());
            // Its place in the queue goes with it.
            if (behind.Units > 0)
                _waiting.Wait(0);
            _stored.Clear();
        }

        // First of all: who waits must find the connection ended, and acknowledge nothing on it any more.
        Failed?.Invoke(failed);
        batch.Fail(failed);
        behind.Fail(failed);
    }

    // Units that are stored together.
    private sealed class Batch
    {
        private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Func<Task>> _followers = [];

        public int Units { get; private set; }

        public DeviceChanges Changes { get; } = new();

        public IReadOnlyList<Func<Task>> Followers => _followers;

        public Task Landed => _landed.Task;

        public void Add(DeviceUnit unit)
        {
            Units++;
            Changes.Add(unit.Changes);
            _followers.AddRange(unit.Followers);
        }

        public void Land() => _landed.TrySetResult();

        public void Fail(Exception why)
        {
            _landed.TrySetException(why);
            // Not everybody waits for it.
            _ = _landed.Task.Exception;
        }
    }
}
