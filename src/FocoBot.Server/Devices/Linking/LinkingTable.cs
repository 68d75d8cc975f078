using FocoBot.PhoneLinks;
using FocoBot.Storage;

namespace FocoBot.Devices.Linking;

/// <summary>An attempt to link a device.</summary>
internal sealed record AttemptRow(
    Guid Id, Guid AccountId, Guid? DeviceId, long AttemptNumber, string Method, string Status, string? ErrorCode, string? ErrorMessage, DateTimeOffset ExpiresAt);

/// <summary>The table of attempts.</summary>
internal static class LinkingTable
{
    public static Task<AttemptRow?> FindAsync(Work work, Guid account, Guid id) => work.FirstAsync<AttemptRow>(
        """
        SELECT id, user_id AS AccountId, device_id AS DeviceId, attempt_number AS AttemptNumber, method, status, error_code AS ErrorCode, error_message AS ErrorMessage, expires_at AS ExpiresAt
        FROM whatsapp_linking_attempts WHERE id = @id AND user_id = @account
        """, new { id, account });

    public static Task<long> CountSinceAsync(Work work, Guid account, DateTimeOffset since) =>
        work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_linking_attempts WHERE user_id = @account AND started_at > @since", new { account, since });

    public static Task AddAsync(Work work, AttemptRow attempt, RequestOrigin origin, DateTimeOffset now) => work.ExecuteAsync(
        """
        INSERT INTO whatsapp_linking_attempts (id, user_id, device_id, attempt_number, method, status, ip_address, user_agent, started_at, expires_at, created_at)
        VALUES (@Id, @AccountId, @DeviceId, 1, @Method, 'pending', @Ip, @UserAgent, @now, @ExpiresAt, @now)
        """, new { attempt.Id, attempt.AccountId, attempt.DeviceId, attempt.Method, attempt.ExpiresAt, origin.Ip, origin.UserAgent, now });

    /// <summary>Counts one more code that is begun; false when there were too many.</summary>
    public static async Task<bool> BeginAnotherAsync(Work work, Guid id) => await work.ExecuteAsync(
        """
        UPDATE whatsapp_linking_attempts SET attempt_number = attempt_number + 1, qr_code_data = NULL, pairing_code = NULL
        WHERE id = @id AND completed_at IS NULL AND attempt_number < @most
        """, new { id, most = DeviceLimits.GenerationsAnAttempt }).ConfigureAwait(false) > 0;

    /// <summary>Ends an attempt; false when it has ended already.</summary>
    public static async Task<bool> EndAsync(Work work, Guid id, string status, DeviceTrouble? trouble, DateTimeOffset now) => await work.ExecuteAsync(
        """
        UPDATE whatsapp_linking_attempts SET status = @status, error_code = @Code, error_message = @Message, completed_at = @now, qr_code_data = NULL, pairing_code = NULL
        WHERE id = @id AND completed_at IS NULL
        """, new { id, status, trouble?.Code, trouble?.Message, now }).ConfigureAwait(false) > 0;
}
