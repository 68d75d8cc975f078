using FocoBot.Storage;

namespace FocoBot.Events;

/// <summary>Waits for an account's events. Whatever woke it, it reads the log: the log is the truth.</summary>
public sealed class EventFeed(Database database, EventLog log, EventSignal signal, TimeProvider clock)
{
    /// <summary>
    /// Up to <paramref name="limit"/> events after <paramref name="after"/>, oldest first: at once when there are any, else as soon
    /// as there are; none when <paramref name="patience"/> ran out.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public async Task<IReadOnlyList<LoggedEvent>> NextAsync(Guid accountId, long after, int limit, TimeSpan patience, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + patience;
        while (true)
        {
            var raised = signal.Next(accountId);
            var found = await database.AsAccount(accountId).ReadAsync(work => log.ReadAsync(work, accountId, after, limit), cancellation).ConfigureAwait(false);
            var left = until - clock.GetUtcNow();
            if (found.Count > 0 || left <= TimeSpan.Zero) return found;
            var wait = left < EventLimits.Look ? left : EventLimits.Look;
            await raised.WaitAsync(wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The seq of the account's newest event; 0 when there is none.</summary>
    public Task<long> NewestAsync(Guid accountId, CancellationToken cancellation) =>
        database.AsAccount(accountId).ReadAsync(work => work.ScalarAsync<long>("SELECT COALESCE(max(last_seq), 0) FROM event_counters WHERE user_id = @accountId", new { accountId }), cancellation);
}
