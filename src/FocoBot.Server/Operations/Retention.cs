using Dapper;
using FocoBot.Storage;

namespace FocoBot.Operations;

/// <summary>
/// Lets go of what has had its time, once an hour, in batches that are short enough for messages to pass between them.
/// It may stop anywhere and run on several servers at once: the next round finds what is left.
/// </summary>
internal sealed class Retention(Database database, RetentionOptions options, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    /// <summary>Rows of one transaction: some milliseconds of the writer.</summary>
    public const int Batch = 1_000;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            do await SweepAsync(stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One round over all rules. A rule that fails does not keep the others from theirs.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await TryAsync("partitions", () => database.TendPartitionsAsync(now - TimeSpan.FromDays(options.Audit), cancellation)).ConfigureAwait(false);
        foreach (var rule in RetentionRules.Of(options))
            await TryAsync(rule.Table, () => ApplyAsync(rule, now, cancellation)).ConfigureAwait(false);
    }

    private async Task TryAsync(string what, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            OperationsLog.RetentionFailed(log, what, e.GetType().Name);
        }
    }

    // Searching may take long and holds up nobody; only the change itself, row by row by its key, needs the writer.
    private async Task ApplyAsync(RetentionRule rule, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - rule.KeptFor;
        var limits = new { now, before, before_day = DateOnly.FromDateTime(before.UtcDateTime), Batch };
        var (search, change) = (rule.SearchSql, rule.ChangeSql);
        var door = database.AsService("retention");
        while (true)
        {
            var found = await door.ReadAsync(work => work.QueryAsync<object>(search, limits), cancellation).ConfigureAwait(false);
            if (found.Count == 0) return;
            var keys = found.ConvertAll(row =>
            {
                var parameters = new DynamicParameters(limits);
                foreach (var (column, value) in (IDictionary<string, object>)row) parameters.Add(column, value);
                return parameters;
            });
            var changed = await door.WriteAsync(work => work.ExecuteAsync(change, keys), cancellation).ConfigureAwait(false);
            if (changed == 0 || found.Count < Batch) return;
        }
    }
}
