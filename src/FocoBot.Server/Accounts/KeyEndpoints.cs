using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>A key to make: with at least one of the scopes, and without an end when none is given.</summary>
public sealed record NewKeyRequest(string? Name, IReadOnlyList<string>? Scopes, int? ExpiresInDays);

/// <summary>A key as it is listed: by its start, never whole.</summary>
public sealed record KeyView(Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt);

/// <summary>A key that was just made, shown whole this once.</summary>
public sealed record NewKey(Guid Id, string Name, string Key, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>API keys for programs that act for the account.</summary>
internal static class KeyEndpoints
{
    private const int VisibleLength = 11; // fb_ and 8 of its 43 characters

    public static void MapKeys(this RouteGroupBuilder api)
    {
        // Only a person makes keys: a key that could make others would outlive its own scopes and end.
        api.MapPost("/keys", MakeAsync).RequireWebSession().WithName("MakeKey").WithSummary("Makes an API key; it is shown this once");
        api.MapGet("/keys", ListAsync).RequireScope(Scopes.AccountRead).WithName("ListKeys").WithSummary("The account's live API keys, newest first");
        api.MapDelete("/keys/{id:guid}", RevokeAsync).RequireScope(Scopes.AccountWrite).WithName("RevokeKey").WithSummary("Revokes an API key");
    }

    private static async Task<Results<Created<NewKey>, ProblemHttpResult>> MakeAsync(NewKeyRequest request, Caller caller, HttpContext context, Database database, TimeProvider clock)
    {
        var name = request.Name?.Trim();
        if (name is null or { Length: 0 or > AccountLimits.KeyName } || name.Any(char.IsControl))
            return Problem.Invalid("name", $"A key needs a name of at most {AccountLimits.KeyName} characters.");
        if (request.Scopes is not { Count: > 0 } || request.Scopes.Except(Scopes.All).Any())
            return Problem.Invalid("scopes", $"Choose from: {string.Join(", ", Scopes.All)}.");
        if (request.ExpiresInDays is < 1 or > AccountLimits.KeyDays)
            return Problem.Invalid("expiresInDays", $"A key lives 1 to {AccountLimits.KeyDays} days.");

        var key = ApiKeys.Prefix + SecretToken.New();
        var now = clock.GetUtcNow();
        var made = new NewKey(Ids.New(clock), name, key, key[..VisibleLength], [.. Scopes.All.Intersect(request.Scopes)], now,
            request.ExpiresInDays is { } days ? now.AddDays(days) : null);
        var room = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            var live = await work.ScalarAsync<long>(
                "SELECT count(*) FROM api_keys WHERE user_id = @AccountId AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now)", new { caller.AccountId, now }).ConfigureAwait(false);
            if (live >= AccountLimits.Keys) return false;
            await work.ExecuteAsync(
                """
                INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes, created_at, expires_at)
                VALUES (@Id, @AccountId, @Name, @Prefix, @hash, @scopes, @now, @ExpiresAt)
                """,
                new { made.Id, caller.AccountId, made.Name, made.Prefix, hash = SecretToken.Hash(key), scopes = string.Join(' ', made.Scopes), now, made.ExpiresAt }).ConfigureAwait(false);
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.SessionCreated, success: true, caller.AccountId) with { Details = new { kind = "api_key", made.Id, made.Scopes } }).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        return room ? TypedResults.Created($"/api/keys/{made.Id}", made)
            : Problem.Of(StatusCodes.Status409Conflict, "KEY_LIMIT_REACHED", $"An account has at most {AccountLimits.Keys} keys. Revoke one first.");
    }

    // There are at most AccountLimits.Keys: one page holds them.
    private static async Task<Ok<Page<KeyView>>> ListAsync(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var rows = await database.AsAccount(caller.AccountId).ReadAsync(work => work.QueryAsync<Row>(
            """
            SELECT id, name, prefix, scopes, created_at AS createdAt, last_used_at AS lastUsedAt, expires_at AS expiresAt FROM api_keys
            WHERE user_id = @AccountId AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now) ORDER BY id DESC
            """, new { caller.AccountId, now = clock.GetUtcNow() }), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new Page<KeyView>(rows.ConvertAll(row => new KeyView(
            row.Id, row.Name, row.Prefix, row.Scopes.Split(' '), row.CreatedAt, row.LastUsedAt, row.ExpiresAt)), null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, Caller caller, HttpContext context, Database database, TimeProvider clock)
    {
        var revoked = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            var count = await work.ExecuteAsync("UPDATE api_keys SET revoked_at = @now WHERE id = @id AND user_id = @AccountId AND revoked_at IS NULL",
                new { id, caller.AccountId, now = clock.GetUtcNow() }).ConfigureAwait(false);
            if (count > 0)
                await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.SessionRevoked, success: true, caller.AccountId) with { Details = new { kind = "api_key", id } }).ConfigureAwait(false);
            return count > 0;
        }).ConfigureAwait(false);
        return revoked ? TypedResults.NoContent() : Problem.NotFound("key");
    }

    private sealed record Row(Guid Id, string Name, string Prefix, string Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt);
}
