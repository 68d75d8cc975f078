using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>Locks on phones and accounts; a phone has at most one at a time. One on an account locks all its phones.</summary>
internal static class Lockouts
{
    /// <summary>The trigger of the lock that an account's owner sets.</summary>
    public const string Emergency = "emergency_procedure";

    /// <summary>
    /// Counts the locks that hold over @subject or @userId at @now and were set by a person or an alarm. Locks for too many
    /// messages are judged where messages are counted, from the violations themselves.
    /// </summary>
    public const string Holding =
        """
        SELECT count(*) FROM whatsapp_account_lockouts
        WHERE (phone = @subject OR user_id = @userId) AND unlocked_at IS NULL AND (locked_until IS NULL OR locked_until > @now) AND triggered_by <> 'auto_rate_limit'
        """;

    public static async Task<bool> HoldsAsync(Work work, string subject, Guid? userId, DateTimeOffset now) =>
        await work.ScalarAsync<long>(Holding, new { subject, userId, now }).ConfigureAwait(false) > 0;

    /// <summary>Whether the account as a whole is locked. Takes the account's row, so that what depends on the answer and a new lock come one after the other.</summary>
    public static async Task<bool> HoldsOverAsync(Work work, Guid accountId, DateTimeOffset now)
    {
        await work.ScalarAsync<Guid>("SELECT id FROM accounts WHERE id = @accountId /*pg: FOR UPDATE */", new { accountId }).ConfigureAwait(false);
        return await HoldsAsync(work, "", accountId, now).ConfigureAwait(false);
    }

    /// <summary>Locks an account until somebody lifts it; false when its owner has locked it already.</summary>
    public static async Task<bool> LockAccountAsync(Work work, TimeProvider clock, Guid accountId)
    {
        await work.ScalarAsync<Guid>("SELECT id FROM accounts WHERE id = @accountId /*pg: FOR UPDATE */", new { accountId }).ConfigureAwait(false);
        return await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_account_lockouts (id, user_id, locked_at, locked_reason, triggered_by)
            SELECT @id, @accountId, @now, 'locked by its owner', 'emergency_procedure'
            WHERE NOT EXISTS (SELECT 1 FROM whatsapp_account_lockouts WHERE user_id = @accountId AND unlocked_at IS NULL AND triggered_by = 'emergency_procedure')
            """, new { id = Ids.New(clock), accountId, now = clock.GetUtcNow() }).ConfigureAwait(false) > 0;
    }

    /// <summary>Lifts the lock that an account's owner has set; false when there is none.</summary>
    public static async Task<bool> UnlockAccountAsync(Work work, TimeProvider clock, Guid accountId) => await work.ExecuteAsync(
        """
        UPDATE whatsapp_account_lockouts SET unlocked_at = @now, unlocked_by = 'owner', unlock_reason = 'password'
        WHERE user_id = @accountId AND unlocked_at IS NULL AND triggered_by = 'emergency_procedure'
        """, new { accountId, now = clock.GetUtcNow() }).ConfigureAwait(false) > 0;

    /// <summary>Lifts one lock as an administrator; null when there is none of that id that holds. With a lock for too many messages go the violations that it rests on.</summary>
    public static async Task<LiftedLock?> LiftAsync(Work work, TimeProvider clock, Guid id, Guid administrator)
    {
        var lifted = await work.FirstAsync<LiftedLock>(
            """
            UPDATE whatsapp_account_lockouts SET unlocked_at = @now, unlocked_by = @by, unlock_reason = 'administrator' WHERE id = @id AND unlocked_at IS NULL
            RETURNING user_id AS accountId, phone, triggered_by AS triggeredBy
            """, new { id, by = administrator.ToString(), now = clock.GetUtcNow() }).ConfigureAwait(false);
        if (lifted is { TriggeredBy: "auto_rate_limit" })
            await work.ExecuteAsync("DELETE FROM whatsapp_rate_limit_violations WHERE phone = @Phone", new { lifted.Phone }).ConfigureAwait(false);
        return lifted;
    }

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

/// <summary>A lock that was just lifted: whose it was, if it was an account's or a phone's.</summary>
internal sealed record LiftedLock(Guid? AccountId, string? Phone, string TriggeredBy);
