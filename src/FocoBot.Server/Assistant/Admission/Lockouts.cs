using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>Locks on phones and accounts; a phone has at most one at a time.</summary>
internal static class Lockouts
{
    /// <summary>
    /// Counts the locks that hold over @subject or @userId at @now and were set by a person or an alarm. Locks for too many
    /// messages are judged by <see cref="RateGate"/>, from the violations themselves.
    /// </summary>
    public const string Holding =
        """
        SELECT count(*) FROM whatsapp_account_lockouts
        WHERE (phone = @subject OR user_id = @userId) AND unlocked_at IS NULL AND (locked_until IS NULL OR locked_until > @now) AND triggered_by <> 'auto_rate_limit'
        """;

    public static async Task<bool> HoldsAsync(Work work, string subject, Guid? userId, DateTimeOffset now) =>
        await work.ScalarAsync<long>(Holding, new { subject, userId, now }).ConfigureAwait(false) > 0;

    /// <summary>Records the lock that too many messages brought; a longer one takes the place of a shorter.</summary>
    public static async Task LockAsync(Work work, TimeProvider clock, string subject, Guid? userId, DateTimeOffset? until)
    {
        var now = clock.GetUtcNow();
        await work.ExecuteAsync(
            """
            UPDATE whatsapp_account_lockouts SET unlocked_at = @now, unlocked_by = 'system', unlock_reason = 'replaced'
            WHERE phone = @subject AND unlocked_at IS NULL AND (triggered_by = 'auto_rate_limit' OR locked_until <= @now)
            """, new { subject, now }).ConfigureAwait(false);
        var locked = await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_account_lockouts (id, user_id, phone, locked_at, locked_until, locked_reason, triggered_by)
            VALUES (@id, @userId, @subject, @now, @until, 'too many messages', 'auto_rate_limit') ON CONFLICT DO NOTHING
            """, new { id = Ids.New(clock), userId, subject, now, until }).ConfigureAwait(false);
        if (locked == 0) return; // a person's lock holds already
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.AccountLocked, true) { UserId = userId, Phone = subject, Details = new { triggeredBy = "auto_rate_limit", until } }).ConfigureAwait(false);
    }
}
