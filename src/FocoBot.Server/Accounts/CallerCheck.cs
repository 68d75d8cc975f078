using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>Tells whether what a lasting connection was opened with is still good.</summary>
public sealed class CallerCheck(Database database, TimeProvider clock)
{
    /// <summary>False once the session was ended, the key revoked, either has expired, or the account is disabled.</summary>
    public async Task<bool> StillHoldsAsync(Caller caller, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).ReadAsync(work => work.ScalarAsync<long>(
            """
            SELECT count(*) FROM accounts WHERE id = @AccountId AND disabled_at IS NULL AND (
              EXISTS (SELECT 1 FROM web_sessions WHERE id = @SessionId AND user_id = @AccountId AND expires_at > @now)
              OR EXISTS (SELECT 1 FROM api_keys WHERE id = @ApiKeyId AND user_id = @AccountId AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now)))
            """, new { caller.AccountId, caller.SessionId, caller.ApiKeyId, now = clock.GetUtcNow() }), cancellation).ConfigureAwait(false) > 0;
}
