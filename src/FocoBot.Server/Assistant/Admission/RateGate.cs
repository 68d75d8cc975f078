using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>
/// Counts a sender's messages and its violations. Everything is derived from the inbox and from
/// <c>whatsapp_rate_limit_violations</c>, so deleting a phone's rows there really lifts its penalty, and a restart forgets nothing.
/// </summary>
public sealed class RateGate(TimeProvider clock)
{
    private const string PerMinute = "per_minute";

    /// <summary>Checks one message against the limits of its sender, and in the same question whether a lock holds.</summary>
    /// <param name="work">The message's unit of work.</param>
    /// <param name="message">The message.</param>
    /// <param name="subject">The phone, or the address of a sender without one: what penalties stick to.</param>
    /// <param name="userId">The account, when the sender is linked.</param>
    /// <param name="tier">The limits.</param>
    internal async Task<Standing> CheckAsync(Work work, PendingMessage message, string subject, Guid? userId, RateTier tier)
    {
        var now = clock.GetUtcNow();
        var usage = await UsageAsync(work, message, subject, userId, now, tier).ConfigureAwait(false);
        var locked = usage.Locks > 0;
        if (Penalty(usage.Violations, usage.LastViolationAt, now) is { } penalty) return new(penalty, locked);
        var exceeded = usage.LastMinute > tier.PerMinute ? PerMinute : usage.LastHour > tier.PerHour ? "per_hour" : usage.LastDay > tier.PerDay ? "per_day" : null;
        return new(exceeded is null ? null : await PunishAsync(work, subject, userId, exceeded, usage.Violations + 1, now).ConfigureAwait(false), locked);
    }

    // A penalty that is running. Messages sent into it are refused but add nothing to it, so waiting always helps.
    private static string? Penalty(long violations, DateTimeOffset? last, DateTimeOffset now) => violations switch
    {
        >= Penalties.Lock => "refusal.rate.locked",
        >= Penalties.Block when now - last < Penalties.BlockFor => "refusal.rate.blocked",
        >= Penalties.Delay and < Penalties.Block when now - last < Penalties.DelayFor => "refusal.rate.delayed",
        _ => null,
    };

    private static async Task<Usage> UsageAsync(Work work, PendingMessage message, string subject, Guid? userId, DateTimeOffset now, RateTier tier) =>
        (await work.FirstAsync<Usage>(
            $"""
            SELECT
              (SELECT count(*) FROM inbox WHERE address = @Address AND received_at > @minute AND received_at <= @ReceivedAt) AS LastMinute,
              (SELECT count(*) FROM inbox WHERE address = @Address AND received_at > @hour AND received_at <= @ReceivedAt) AS LastHour,
              (SELECT count(*) FROM (SELECT 1 FROM inbox WHERE address = @Address AND received_at > @day AND received_at <= @ReceivedAt LIMIT @enough) AS counted) AS LastDay,
              (SELECT CAST(coalesce(sum(violation_count), 0) AS bigint) FROM whatsapp_rate_limit_violations WHERE phone = @subject AND expires_at > @now) AS Violations,
              (SELECT max(last_violation_at) FROM whatsapp_rate_limit_violations WHERE phone = @subject AND expires_at > @now) AS LastViolationAt,
              ({Lockouts.Holding}) AS Locks
            """,
            new
            {
                message.Address, message.ReceivedAt, subject, userId, now, enough = tier.PerDay + 1,
                minute = message.ReceivedAt.AddMinutes(-1), hour = message.ReceivedAt.AddHours(-1), day = message.ReceivedAt.AddDays(-1),
            }).ConfigureAwait(false))!;

    private async Task<string> PunishAsync(Work work, string subject, Guid? userId, string type, long violations, DateTimeOffset now)
    {
        var expires = violations >= Penalties.Lock ? Penalties.Forever : now + Penalties.CountedFor;
        // A row each, at most twenty before the lock: each stops counting a day after it happened, however long the series goes on.
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_rate_limit_violations (id, phone, user_id, violation_type, violation_count, first_violation_at, last_violation_at, expires_at)
            VALUES (@id, @subject, @userId, @type, 1, @now, @now, @expires)
            """, new { id = Ids.New(clock), subject, userId, type, now, expires }).ConfigureAwait(false);
        if (violations >= Penalties.Lock)
            // The lock has no end, so neither may the count it rests on.
            await work.ExecuteAsync("UPDATE whatsapp_rate_limit_violations SET expires_at = @expires WHERE phone = @subject AND expires_at > @now", new { subject, now, expires }).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.RateLimitViolation, false) { UserId = userId, Phone = subject, ErrorCode = "RATE_LIMITED", Details = new { type, violations } }).ConfigureAwait(false);
        if (violations >= Penalties.Block)
            await Lockouts.LockAsync(work, clock, subject, userId, violations >= Penalties.Lock ? null : now + Penalties.BlockFor).ConfigureAwait(false);
        return violations switch
        {
            >= Penalties.Lock => "refusal.rate.locked",
            >= Penalties.Block => "refusal.rate.blocked",
            >= Penalties.Delay => "refusal.rate.delayed",
            >= Penalties.Warn => "refusal.rate.warned",
            _ => "refusal.rate",
        };
    }

    private sealed record Usage(long LastMinute, long LastHour, long LastDay, long Violations, DateTimeOffset? LastViolationAt, long Locks);
}

/// <summary>What stands against a sender.</summary>
/// <param name="Refusal">The key of the reply when it writes too much; null when it may pass.</param>
/// <param name="Locked">A lock set by a person or an alarm holds.</param>
internal readonly record struct Standing(string? Refusal, bool Locked);
