using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>The signed-in account, as its owner sees it.</summary>
public sealed record Me(Guid Id, string Email, string Role, string Language, string TimeZone, bool TotpEnabled, DateTimeOffset CreatedAt)
{
    internal static async Task<Me> ReadAsync(Work work, Guid accountId) => (await work.FirstAsync<Me>(
        """
        SELECT id, email, role, language, time_zone AS timeZone, totp_enabled_at IS NOT NULL AS totpEnabled, created_at AS createdAt
        FROM accounts WHERE id = @accountId
        """, new { accountId }).ConfigureAwait(false))!;
}
