using System.Threading.Channels;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Channels;

/// <summary>
/// Takes messages in: when <see cref="AcceptAsync"/> completes, the message is on the disk and will have its effect
/// exactly once. Messages that arrive while a commit is on its way share the next one.
/// </summary>
public sealed class Inbox(Database database, Keyring keyring, InboxSignal signal, TimeProvider clock) : BackgroundService
{
    internal const string BodyColumn = "inbox.body";
    private const int BatchLimit = 128;

    // Rows of one statement: SQLite looks up each parameter's name among all of the statement's.
    private const int RowsLimit = 16;

    // Beyond this the callers wait; the provider's time-out is the back-pressure.
    private const int QueueLimit = 4096;

    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });

    /// <summary>Stores a message. The answer tells whether it is new; a repeat changes nothing.</summary>
    public async Task<Acceptance> AcceptAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        var arrival = new Arrival(message, Ids.New(clock), clock.GetUtcNow());
        await _arrivals.Writer.WriteAsync(arrival, cancellation).ConfigureAwait(false);
        return await arrival.Stored.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a message in within a unit of the caller's, for one that comes with what else must be stored.</summary>
    /// <param name="work">The unit.</param>
    /// <param name="message">The message; a repeat changes nothing.</param>
    /// <param name="at">When it was written.</param>
    public async Task AddAsync(Work work, ReceivedMessage message, DateTimeOffset at)
    {
        if ((await InsertAsync(work, [new Arrival(message, Ids.New(clock), at)]).ConfigureAwait(false)).Count > 0)
            work.OnCommit(() => signal.Raise([message.Address]));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Arrival>(BatchLimit);
        try
        {
            while (await _arrivals.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                batch.Clear();
                while (batch.Count < BatchLimit && _arrivals.Reader.TryRead(out var arrival)) batch.Add(arrival);
                await StoreAsync(batch).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _arrivals.Writer.TryComplete();
            while (_arrivals.Reader.TryRead(out var late)) late.Stored.TrySetException(new InvalidOperationException("The server is stopping."));
        }
    }

    private async Task StoreAsync(List<Arrival> batch)
    {
        try
        {
            var added = await database.AsService("take messages in", urgent: true).WriteAsync(async work =>
            {
                var added = new HashSet<Guid>();
                // Powers of two: five statement texts serve every batch, so that engines can keep them prepared.
                for (var (start, size) = (0, RowsLimit); start < batch.Count; size /= 2)
                    for (; batch.Count - start >= size; start += size)
                        added.UnionWith(await InsertAsync(work, batch.GetRange(start, size)).ConfigureAwait(false));
                work.OnCommit(() => signal.Raise(batch.Where(arrival => added.Contains(arrival.Id)).Select(arrival => arrival.Message.Address)));
                return added;
            }).ConfigureAwait(false);
            foreach (var arrival in batch) arrival.Stored.TrySetResult(new Acceptance(arrival.Id, added.Contains(arrival.Id)));
        }
        catch (Exception e)
        {
            // Nothing was stored, so nothing is acknowledged: each caller hears of it.
            foreach (var arrival in batch) arrival.Stored.TrySetException(e);
        }
    }

    private Task<List<Guid>> InsertAsync(Work work, List<Arrival> batch)
    {
        var sql = new System.Text.StringBuilder("INSERT INTO inbox (id, channel, provider_id, address, user_id, body, received_at) VALUES ");
        var args = new Dapper.DynamicParameters();
        for (var i = 0; i < batch.Count; i++)
        {
            var (message, id, at) = batch[i];
            sql.Append(i == 0 ? "" : ", ").Append($"(@i{i}, @c{i}, @p{i}, @a{i}, @u{i}, @b{i}, @t{i})");
            args.Add($"i{i}", id);
            args.Add($"c{i}", message.Channel);
            args.Add($"p{i}", message.ProviderId);
            args.Add($"a{i}", message.Address);
            args.Add($"u{i}", message.UserId);
            args.Add($"b{i}", keyring.Service.SealJson(BodyColumn, id, message.Content));
            args.Add($"t{i}", at);
        }

        sql.Append(" ON CONFLICT (channel, provider_id) DO NOTHING RETURNING id");
        return work.QueryAsync<Guid>(sql.ToString(), args);
    }

    private sealed record Arrival(ReceivedMessage Message, Guid Id, DateTimeOffset At)
    {
        public TaskCompletionSource<Acceptance> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What became of an accepted message.</summary>
/// <param name="Id">Its inbox id; of a repeat, an id that was not used.</param>
/// <param name="IsNew">False for a repeat.</param>
public readonly record struct Acceptance(Guid Id, bool IsNew);

/// <summary>Tells the workers which senders have messages waiting. A hint only: the inbox is the truth.</summary>
public sealed class InboxSignal
{
    private Action<string>? _listener;

    /// <summary>Sets who is told; there is one worker pool.</summary>
    public void Listen(Action<string> listener) => _listener = listener;

    internal void Raise(IEnumerable<string> addresses)
    {
        if (_listener is not { } listener) return;
        foreach (var address in addresses) listener(address);
    }
}
