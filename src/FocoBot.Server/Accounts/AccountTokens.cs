using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>One-time tokens in <c>account_tokens</c>: good for one purpose, once, until they expire.</summary>
internal static class AccountTokens
{
    public const string PasswordReset = "password_reset";
    public const string Invite = "invite";
    public const string FirstAdmin = "first_admin";
    public const string EmailChange = "email_change";

    public static async Task<string> MakeAsync(Work work, TimeProvider clock, string purpose, Guid? accountId, string? payload, TimeSpan life)
    {
        var token = SecretToken.New();
        var now = clock.GetUtcNow();
        await work.ExecuteAsync(
            """
            INSERT INTO account_tokens (id, user_id, purpose, token_hash, payload, created_at, expires_at)
            VALUES (@id, @accountId, @purpose, @hash, @payload, @now, @expires)
            """,
            new { id = Ids.New(clock), accountId, purpose, hash = SecretToken.Hash(token), payload, now, expires = now + life }).ConfigureAwait(false);
        return token;
    }

    /// <summary>Spends a token; null when it is not (or no longer) good. It stays unspent if the unit fails.</summary>
    public static Task<Spent?> SpendAsync(Work work, TimeProvider clock, string purpose, string? token) =>
        token is null or { Length: > AccountLimits.Token } ? Task.FromResult<Spent?>(null) : work.FirstAsync<Spent>(
            """
            UPDATE account_tokens SET used_at = @now WHERE token_hash = @hash AND purpose = @purpose AND used_at IS NULL AND expires_at > @now
            RETURNING user_id AS accountId, payload
            """, new { hash = SecretToken.Hash(token), purpose, now = clock.GetUtcNow() });

    /// <summary>Makes all unspent tokens of a purpose worthless, of one account or (null) of the purpose as a whole.</summary>
    public static Task VoidAsync(Work work, string purpose, Guid? accountId) => accountId is null
        ? work.ExecuteAsync("DELETE FROM account_tokens WHERE purpose = @purpose AND used_at IS NULL", new { purpose })
        : work.ExecuteAsync("DELETE FROM account_tokens WHERE purpose = @purpose AND user_id = @accountId AND used_at IS NULL", new { purpose, accountId });

    internal sealed record Spent(Guid? AccountId, string? Payload);
}
