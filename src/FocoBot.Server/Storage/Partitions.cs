using System.Globalization;

namespace FocoBot.Storage;

/// <summary>Monthly partitions of the append-only tables on PostgreSQL, made ahead of need.</summary>
internal static class Partitions
{
    private const int MonthsAhead = 2;

    private static readonly string[] Tables = ["events", "whatsapp_security_audit_log"];

    public static async Task CreateAheadAsync(Work work, TimeProvider clock)
    {
        var today = clock.GetUtcNow();
        var month = new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i <= MonthsAhead; i++, month = month.AddMonths(1))
            foreach (var table in Tables)
                await work.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
                    $"CREATE TABLE IF NOT EXISTS {table}_{month:yyyyMM} PARTITION OF {table} FOR VALUES FROM ('{month:yyyy-MM-dd}Z') TO ('{month.AddMonths(1):yyyy-MM-dd}Z')")).ConfigureAwait(false);
    }
}
