using System.Net;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>A web session; <c>current</c> is the one that asks.</summary>
public sealed record SessionView(Guid Id, bool Current, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

/// <summary>Where the account is signed in, and ending that.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder auth)
    {
        auth.MapGet("/sessions", ListAsync).RequireScope(Scopes.AccountRead).WithName("ListSessions").WithSummary("The account's web sessions, newest first");
        auth.MapDelete("/sessions/{id:guid}", EndAsync).RequireScope(Scopes.AccountWrite).WithName("EndSession").WithSummary("Ends one web session");
        auth.MapDelete("/sessions", EndOthersAsync).RequireScope(Scopes.AccountWrite).WithName("EndOtherSessions").WithSummary("Ends all other web sessions");
    }

    // There are at most AccountLimits.Sessions: one page holds them.
    private static async Task<Ok<Page<SessionView>>> ListAsync(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var rows = await database.AsAccount(caller.AccountId).ReadAsync(work => work.QueryAsync<Row>(
            """
            SELECT id, ip_address AS ipAddress, user_agent AS userAgent, created_at AS createdAt, last_seen_at AS lastSeenAt, expires_at AS expiresAt FROM web_sessions
            WHERE user_id = @AccountId AND expires_at > @now AND last_seen_at > @idle ORDER BY created_at DESC, id DESC
            """, new { caller.AccountId, now, idle = now - AccountLimits.SessionIdle }), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new Page<SessionView>(rows.ConvertAll(row => new SessionView(
            row.Id, row.Id == caller.SessionId, row.IpAddress?.ToString(), row.UserAgent, row.CreatedAt, row.LastSeenAt, row.ExpiresAt)), null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(Guid id, Caller caller, HttpContext context, Sessions sessions)
    {
        if (!await sessions.EndAsync(context, caller.AccountId, id).ConfigureAwait(false)) return Problem.NotFound("session");
        if (id == caller.SessionId) sessions.TakeCookie(context);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndOthersAsync(Caller caller, HttpContext context, Sessions sessions, Database database)
    {
        await database.AsAccount(caller.AccountId).WriteAsync(work => sessions.EndOthersAsync(work, context, caller.AccountId, caller.SessionId)).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private sealed record Row(Guid Id, IPAddress? IpAddress, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);
}
