using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>API keys as requests present them. A key is looked up by its hash, so no comparison can be timed.</summary>
public sealed class ApiKeys(Database database, TimeProvider clock)
{
    /// <summary>Every key starts so: people and secret scanners know what they look at.</summary>
    internal const string Prefix = "fb_";

    private const string Bearer = "Bearer " + Prefix;

    /// <summary>The key in the request's Authorization header; other bearers (a cron caller's) are not ours to judge.</summary>
    internal static string? Presented(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { Length: <= AccountLimits.Token } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim() : null;

    internal async Task<LiveKey?> FindAsync(string key, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var found = await database.AsService("sign-in").ReadAsync(work => work.FirstAsync<LiveKey>(
            """
            SELECT k.id AS keyId, k.user_id AS accountId, k.scopes, k.last_used_at AS lastUsedAt FROM api_keys k JOIN accounts a ON a.id = k.user_id
            WHERE k.key_hash = @hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > @now) AND a.disabled_at IS NULL
            """, new { hash = SecretToken.Hash(key), now }), cancellation).ConfigureAwait(false);
        if (found is not null && (found.LastUsedAt is not { } used || now - used >= AccountLimits.SeenStep))
            await database.AsAccount(found.AccountId).WriteAsync(work =>
                work.ExecuteAsync("UPDATE api_keys SET last_used_at = @now WHERE id = @KeyId", new { found.KeyId, now }), cancellation).ConfigureAwait(false);
        return found;
    }

    /// <summary>Revokes all keys of an account, in the unit that gives the reason; how many there were.</summary>
    internal async Task<int> RevokeAllAsync(Work work, HttpContext context, Guid accountId)
    {
        var revoked = await work.ExecuteAsync("UPDATE api_keys SET revoked_at = @now WHERE user_id = @accountId AND revoked_at IS NULL", new { accountId, now = clock.GetUtcNow() }).ConfigureAwait(false);
        if (revoked > 0)
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.SessionRevoked, success: true, accountId) with { Details = new { kind = "api_key", revoked } }).ConfigureAwait(false);
        return revoked;
    }

    internal sealed record LiveKey(Guid KeyId, Guid AccountId, string Scopes, DateTimeOffset? LastUsedAt);
}
