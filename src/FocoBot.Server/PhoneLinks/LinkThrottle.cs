using System.Net;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>
/// Counts in <c>link_requests</c>. A code that is only shown counts for its account's use of the phone, so nobody can spend
/// another's allowance nor learn that somebody else asked; one that is sent counts for the phone, whoever asked.
/// </summary>
internal sealed class LinkThrottle(TimeProvider clock)
{
    public const string Shown = "shown";
    public const string Sent = "sent";
    private const string Attempt = "attempt";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Takes one request of the allowance; or says how long to wait, taking nothing.</summary>
    public async Task<TimeSpan?> TakeAsync(Work work, Guid accountId, string phone, string kind, IPAddress? ip)
    {
        var block = Block(ip);
        // Counting and inserting must not interleave with another request's; the order is always the same, so nobody waits in a circle.
        await SerialAsync(work, $"account {accountId}").ConfigureAwait(false);
        if (phone.Length > 0) await SerialAsync(work, phone).ConfigureAwait(false);
        if (block is not null) await SerialAsync(work, $"ip {block}").ConfigureAwait(false);

        var now = clock.GetUtcNow();
        var counted = new { phone, accountId, block, kind, now, since = now - Day };
        var times = await work.QueryAsync<DateTimeOffset>(
            $"""
            SELECT created_at FROM link_requests
            WHERE subject = @phone AND created_at > @since AND ((user_id = @accountId AND kind <> '{Attempt}') OR (kind = '{Sent}' AND @kind = '{Sent}'))
            ORDER BY created_at DESC LIMIT {LinkLimits.CodesADayAPhone}
            """, counted).ConfigureAwait(false);
        var free = Later(times.Count > 0 ? times[0] + LinkLimits.CoolDown : now, Freed(times, LinkLimits.CodesADayAPhone));
        times = await work.QueryAsync<DateTimeOffset>(
            $"""
            SELECT created_at FROM link_requests WHERE user_id = @accountId AND created_at > @since AND kind <> '{Attempt}'
            ORDER BY created_at DESC LIMIT {LinkLimits.CodesADayAnAccount}
            """, counted).ConfigureAwait(false);
        free = Later(free, Freed(times, LinkLimits.CodesADayAnAccount));
        if (block is not null)
        {
            times = await work.QueryAsync<DateTimeOffset>(
                $"""
                SELECT created_at FROM link_requests WHERE ip_address = @block AND created_at > @since AND kind <> '{Attempt}'
                ORDER BY created_at DESC LIMIT {LinkLimits.CodesADayAnIp}
                """, counted).ConfigureAwait(false);
            free = Later(free, Freed(times, LinkLimits.CodesADayAnIp));
        }

        if (free > now) return free - now;
        await AddAsync(work, kind, phone, accountId, block).ConfigureAwait(false);
        return null;
    }

    /// <summary>How long an account must wait before it may type a code again; null when it may now.</summary>
    public async Task<TimeSpan?> TypedWaitAsync(Work work, Guid accountId) => Wait(await work.QueryAsync<DateTimeOffset>(
        $"""
        SELECT created_at FROM link_requests WHERE user_id = @accountId AND created_at > @since AND kind = '{Attempt}'
        ORDER BY created_at DESC LIMIT {LinkLimits.TypedAttemptsADay}
        """, new { accountId, since = clock.GetUtcNow() - Day }).ConfigureAwait(false), LinkLimits.TypedAttemptsADay);

    /// <summary>How long a sender must wait before another code from it is looked at; null when it is now.</summary>
    public async Task<TimeSpan?> SenderWaitAsync(Work work, string address) => Wait(await work.QueryAsync<DateTimeOffset>(
        $"""
        SELECT created_at FROM link_requests WHERE subject = @address AND created_at > @since AND kind = '{Attempt}'
        ORDER BY created_at DESC LIMIT {LinkLimits.SentAttemptsADay}
        """, new { address, since = clock.GetUtcNow() - Day }).ConfigureAwait(false), LinkLimits.SentAttemptsADay);

    /// <summary>Counts a wrong code that an account typed.</summary>
    public Task TypedWrongAsync(Work work, Guid accountId, string phone) => AddAsync(work, Attempt, phone, accountId, null);

    /// <summary>Counts a wrong code that a sender wrote.</summary>
    public Task SenderWrongAsync(Work work, string address) => AddAsync(work, Attempt, address, null, null);

    /// <summary>Lets units that concern the same subject run one after the other. SQLite has one writer anyway.</summary>
    public static Task SerialAsync(Work work, string subject) =>
        work.QueryAsync<int>("SELECT 1 /*pg: FROM pg_advisory_xact_lock(hashtextextended(@subject, 0)) */", new { subject });

    private Task AddAsync(Work work, string kind, string subject, Guid? accountId, IPAddress? block) => work.ExecuteAsync(
        "INSERT INTO link_requests (id, kind, subject, user_id, ip_address, created_at) VALUES (@id, @kind, @subject, @accountId, @block, @now)",
        new { id = Ids.New(clock), kind, subject, accountId, block, now = clock.GetUtcNow() });

    private TimeSpan? Wait(List<DateTimeOffset> times, int limit) => Freed(times, limit) - clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : null;

    // Newest first: the limit-th one stands in the way until it is a day old.
    private static DateTimeOffset Freed(List<DateTimeOffset> times, int limit) => times.Count < limit ? DateTimeOffset.MinValue : times[limit - 1] + Day;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    // Whoever has one IPv6 address has a /64 of them.
    private static IPAddress? Block(IPAddress? ip)
    {
        if (ip is null) return null;
        if (ip.IsIPv4MappedToIPv6) return ip.MapToIPv4();
        if (ip.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return ip;
        var bytes = ip.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
