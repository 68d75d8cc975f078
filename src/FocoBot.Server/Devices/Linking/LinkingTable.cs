using FocoBot.PhoneLinks;
using FocoBot.Storage;

namespace FocoBot.Devices.Linking;

/// <summary>An attempt to link a device.</summary>
internal sealed record AttemptRow(
    Guid Id, Guid AccountId, Guid? DeviceId, long AttemptNumber, string Method, string Status, string? ErrorCode, string? ErrorMessage, DateTimeOffset ExpiresAt);

/// <summary>The table of attempts.</summary>
internal static class LinkingTable
{
    private const string Attempts =
        """
        SELECT id, user_id AS AccountId, device_id AS DeviceId, attempt_number AS AttemptNumber, method, status, error_code AS ErrorCode, error_message AS ErrorMessage, expires_at AS ExpiresAt
        FROM whatsapp_linking_attempts
        """;

    public static Task<AttemptRow?> FindAsync(Work work, Guid account, Guid id) => work.FirstAsync<AttemptRow>($"{Attempts} WHERE id = @id AND user_id = @account", new { id, account });

    /// <summary>What is under way, newest first.</summary>
    public static Task<List<AttemptRow>> UnderWayAsync(Work work, Guid account) => work.QueryAsync<AttemptRow>($"{Attempts} WHERE user_id = @account AND completed_at IS NULL ORDER BY id DESC", new { account });

    public static Task<long> CountSinceAsync(Work work, Guid account, DateTimeOffset since) =>
        work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_linking_attempts WHERE user_id = @account AND started_at > @since", new { account, since });

    public static Task AddAsync(Work work, AttemptRow attempt, RequestOrigin origin, DateTimeOffset now) => work.ExecuteAsync(
        """
        INSERT INTO whatsapp_linking_attempts (id, user_id, device_id, attempt_number, method, status, ip_address, user_agent, started_at, expires_at, created_at)
        VALUES (@Id, @AccountId, @DeviceId, 1, @Method, 'pending', @Ip, @UserAgent, @now, @ExpiresAt, @now)
        """, new { attempt.Id, attempt.AccountId, attempt.DeviceId, attempt.Method, attempt.ExpiresAt, origin.Ip, origin.UserAgent, now });

    /// <summary>Makes a device that was logged out one that is being linked: what it keeps of the protocol goes, all else stays.</summary>
    public static async Task BeginAgainAsync(Work work, Guid device, DateTimeOffset now)
    {
        await ForgetAsync(work, device).ConfigureAwait(false);
        await work.ExecuteAsync("UPDATE whatsapp_devices SET status_before = status, status = 'pending', linking_started_at = @now, updated_at = @now WHERE id = @device", new { device, now }).ConfigureAwait(false);
    }

    /// <summary>Makes the device of an attempt one that is linked.</summary>
    public static async Task SucceedAsync(Work work, AttemptRow attempt, DateTimeOffset now)
    {
        await work.PostAsync(
            """
            UPDATE whatsapp_devices SET status = 'active', status_before = NULL, link_method = @Method, linked_at = @now, disconnected_at = NULL, error_code = NULL, error_message = NULL,
              expires_at = @expires, noticed = NULL, phone_warned = 0, updated_at = @now
            WHERE id = @DeviceId
            """, new { attempt.DeviceId, attempt.Method, now, expires = now + DeviceLimits.WithoutPhone }).ConfigureAwait(false);
        await EndUnsureAsync(work, attempt.DeviceId!.Value).ConfigureAwait(false);
    }

    /// <summary>Undoes what an attempt has made of its device: one that was there before is again what it was, a new one is gone with its keys.</summary>
    /// <returns>Whether it was there before.</returns>
    public static async Task<bool> UndoAsync(Work work, AttemptRow attempt)
    {
        if (attempt.DeviceId is not { } device) return false;
        await ForgetAsync(work, device).ConfigureAwait(false);
        if (await work.ExecuteAsync("UPDATE whatsapp_devices SET status = status_before, status_before = NULL WHERE id = @device AND status_before IS NOT NULL", new { device }).ConfigureAwait(false) > 0) return true;
        await work.PostAsync("DELETE FROM whatsapp_devices WHERE id = @device", new { device }).ConfigureAwait(false);
        return false;
    }

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

    /// <summary>Removes what a device keeps of the protocol; whoever still wants to store something of it is refused. Its data key stays, and so its messages can be read.</summary>
    public static async Task ForgetAsync(Work work, Guid device)
    {
        await work.ExecuteAsync("UPDATE whatsapp_devices SET auth_creds = NULL, owner_node = NULL, owner_epoch = owner_epoch + 1 WHERE id = @device", new { device }).ConfigureAwait(false);
        await work.PostAsync("DELETE FROM whatsapp_device_records WHERE device_id = @device", new { device }).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives up what may have left before a device was logged out: whether it has left was known to the keys that are gone, and nothing may leave twice. What had not begun leaves now.
    /// </summary>
    public static async Task EndUnsureAsync(Work work, Guid device)
    {
        foreach (var id in await work.QueryAsync<Guid>("DELETE FROM whatsapp_device_outbox WHERE device_id = @device AND is_handed = true RETURNING id", new { device }).ConfigureAwait(false))
            await work.PostAsync("UPDATE whatsapp_messages SET status = 'failed', refusal_code = COALESCE(refusal_code, @Code) WHERE id = @id AND status = 'pending'", new { id, DeviceTrouble.LoggedOut.Code }).ConfigureAwait(false);
    }
}
