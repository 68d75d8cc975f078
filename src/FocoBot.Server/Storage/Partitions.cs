using System.Globalization;

namespace FocoBot.Storage;

/// <summary>Monthly partitions of the append-only tables on PostgreSQL: made ahead of need, dropped whole when too old.</summary>
internal static class Partitions
{
    public const string Audit = "whatsapp_security_audit_log";

    private const int MonthsAhead = 2;
    private const string MonthFormat = "yyyyMM";

    private static readonly string[] Tables = ["events", Audit, "whatsapp_messages"];

    /// <summary>Makes the partitions of this month and the next ones.</summary>
    public static async Task CreateAheadAsync(Work work, TimeProvider clock)
    {
        var today = clock.GetUtcNow();
        var month = new DateTimeOffset(today.Year, today.Month, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i <= MonthsAhead; i++, month = month.AddMonths(1))
            foreach (var table in Tables)
                await CreateAsync(work, table, month, month.AddMonths(1)).ConfigureAwait(false);
    }

    /// <summary>Drops the partitions of <paramref name="table"/> that hold nothing newer than <paramref name="before"/>.</summary>
    public static async Task DropAsync(Work work, string table, DateTimeOffset before)
    {
        foreach (var partition in await NamesAsync(work, table).ConfigureAwait(false))
        {
            if (!DateTimeOffset.TryParseExact(partition[(table.Length + 1)..], MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month) || month.AddMonths(1) > before)
                continue;
            // Dropping locks the whole table: rather an hour later than behind a long query, with every message waiting behind us.
            await work.ExecuteAsync("SET LOCAL lock_timeout = '2s'").ConfigureAwait(false);
            await work.ExecuteAsync($"DROP TABLE {partition}").ConfigureAwait(false);
        }
    }

    private static async Task CreateAsync(Work work, string table, DateTimeOffset from, DateTimeOffset to)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{table}_{from.ToString(MonthFormat, CultureInfo.InvariantCulture)}");
        if ((await NamesAsync(work, table).ConfigureAwait(false)).Contains(name)) return;
        // A month that began without its partition (a clock that jumped) stays in the default one: a partition that rows belong to can't be added.
        if (await work.ScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM {table}_default WHERE created_at >= @from AND created_at < @to)", new { from, to }).ConfigureAwait(false)) return;
        await work.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
            $"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES FROM ('{from:yyyy-MM-dd}Z') TO ('{to:yyyy-MM-dd}Z')")).ConfigureAwait(false);
    }

    private static Task<List<string>> NamesAsync(Work work, string table) => work.QueryAsync<string>(
        "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = @table::regclass ORDER BY c.relname", new { table });
}
