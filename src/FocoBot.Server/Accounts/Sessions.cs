using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>Web sessions: a random token in a cookie, its hash in the database, ended by time or by hand.</summary>
public sealed class Sessions(Database database, SessionCookie cookie, TimeProvider clock)
{
    /// <summary>
    /// Opens a session in the unit that signs the account in, and ends the one that the request came with: a token
    /// known before sign-in is worth nothing after it. Give the token to the browser once the unit is durable.
    /// </summary>
    public async Task<string> OpenAsync(Work work, HttpContext context, Guid accountId)
    {
        var now = clock.GetUtcNow();
        var token = SecretToken.New();
        var id = Ids.New(clock);
        if (cookie.Read(context) is { } old)
            await work.ExecuteAsync("DELETE FROM web_sessions WHERE token_hash = @hash", new { hash = SecretToken.Hash(old) }).ConfigureAwait(false);
        await work.ExecuteAsync(
            """
            DELETE FROM web_sessions WHERE user_id = @accountId AND id NOT IN
              (SELECT id FROM web_sessions WHERE user_id = @accountId ORDER BY last_seen_at DESC, id DESC LIMIT @others)
            """, new { accountId, others = AccountLimits.Sessions - 1 }).ConfigureAwait(false);
        var opened = context.Audit(AuditActions.SessionCreated, success: true, accountId) with { Details = new { kind = "web" } };
        await work.ExecuteAsync(
            """
            INSERT INTO web_sessions (id, user_id, token_hash, ip_address, user_agent, created_at, last_seen_at, expires_at)
            VALUES (@id, @accountId, @hash, @IpAddress, @agent, @now, @now, @end)
            """,
            new { id, accountId, hash = SecretToken.Hash(token), opened.IpAddress, agent = Shortened(opened.UserAgent), now, end = now + AccountLimits.SessionMax }).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, opened).ConfigureAwait(false);
        return token;
    }

    /// <summary>Hands a session's token to the browser.</summary>
    public void GiveCookie(HttpContext context, string token) => cookie.Write(context, token);

    /// <summary>Who a request's cookie stands for; null when it stands for nobody (any more).</summary>
    internal async Task<SignedIn?> FindAsync(HttpContext context)
    {
        if (cookie.Read(context) is not { } token) return null;
        var session = await database.AsService("sign-in").ReadAsync(work => work.FirstAsync<SignedIn>(
            """
            SELECT s.id AS sessionId, s.user_id AS accountId, a.role, s.last_seen_at AS lastSeenAt, s.expires_at AS expiresAt
            FROM web_sessions s JOIN accounts a ON a.id = s.user_id WHERE s.token_hash = @hash AND a.disabled_at IS NULL
            """, new { hash = SecretToken.Hash(token) }), context.RequestAborted).ConfigureAwait(false);
        if (session is null) return null;
        var now = clock.GetUtcNow();
        if (session.ExpiresAt <= now || session.LastSeenAt + AccountLimits.SessionIdle <= now)
        {
            await EndAsync(context, session.AccountId, session.SessionId, AuditActions.SessionExpired).ConfigureAwait(false);
            return null;
        }

        if (now - session.LastSeenAt >= AccountLimits.SeenStep) await SeenAsync(session, now).ConfigureAwait(false);
        return session;
    }

    /// <summary>Ends one session of the account; false when it has none of that id.</summary>
    public Task<bool> EndAsync(HttpContext context, Guid accountId, Guid sessionId, string action = AuditActions.SessionRevoked) =>
        database.AsAccount(accountId).WriteAsync(async work =>
        {
            if (await work.ExecuteAsync("DELETE FROM web_sessions WHERE id = @sessionId AND user_id = @accountId", new { sessionId, accountId }).ConfigureAwait(false) == 0)
                return false;
            await AuditLog.WriteAsync(work, clock, context.Audit(action, success: true, accountId) with { Details = new { kind = "web" } }).ConfigureAwait(false);
            return true;
        });

    /// <summary>Ends all sessions of the account but <paramref name="kept"/>, in the unit that gives the reason; how many there were.</summary>
    public async Task<int> EndOthersAsync(Work work, HttpContext context, Guid accountId, Guid? kept)
    {
        var ended = await work.ExecuteAsync("DELETE FROM web_sessions WHERE user_id = @accountId AND id <> @kept",
            new { accountId, kept = kept ?? Guid.Empty }).ConfigureAwait(false);
        if (ended > 0)
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.SessionRevoked, success: true, accountId) with { Details = new { kind = "web", ended } }).ConfigureAwait(false);
        return ended;
    }

    /// <summary>Takes the cookie back.</summary>
    public void TakeCookie(HttpContext context) => cookie.Clear(context);

    private Task SeenAsync(SignedIn session, DateTimeOffset now) => database.AsAccount(session.AccountId).WriteAsync(work =>
        work.ExecuteAsync("UPDATE web_sessions SET last_seen_at = @now WHERE id = @SessionId AND last_seen_at < @now", new { session.SessionId, now }));

    private static string? Shortened(string? agent) => agent is { Length: > 300 } ? agent[..300] : agent;

    internal sealed record SignedIn(Guid SessionId, Guid AccountId, string Role, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);
}
