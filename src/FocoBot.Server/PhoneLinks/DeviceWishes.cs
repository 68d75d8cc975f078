using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.PhoneLinks;

/// <summary>A device to be linked to a phone once it is verified.</summary>
/// <param name="Method"><c>qr_code</c> or <c>pairing_code</c>.</param>
/// <param name="DeviceName">What the owner calls it.</param>
/// <param name="Network">Where it is linked.</param>
/// <param name="Consent">What the owner allows, all of it said.</param>
internal sealed record DeviceWish(string Method, string DeviceName, string Network, DeviceConsent Consent);

/// <summary>Says whether a device can be linked as somebody wishes. Whoever links devices answers: this room knows nothing of them.</summary>
internal interface IDeviceWishReader
{
    /// <summary>Reads a wish; else what is wrong with it.</summary>
    (DeviceWish? Wish, ProblemHttpResult? Problem) Read(LinkRequest request);
}

/// <summary>Tells whoever links devices that a phone is verified to which one is to be linked. A hint only: the table is the truth.</summary>
public sealed class WishSignal
{
    private Action<Guid>? _listener;

    internal void Listen(Action<Guid> listener) => _listener = listener;

    internal void Raise(Guid link) => _listener?.Invoke(link);
}

/// <summary>What has become of the wish to link a device.</summary>
/// <param name="Method"><c>qr_code</c> or <c>pairing_code</c>.</param>
/// <param name="Status"><c>waiting</c> for the phone to be verified, <c>started</c> or <c>failed</c>.</param>
/// <param name="AttemptId">The attempt that was started: its status says how far it is.</param>
/// <param name="DeviceId">The device that is linked by it.</param>
/// <param name="Error">Why no attempt was started.</param>
public sealed record DeviceLinkingView(string Method, string Status, Guid? AttemptId, Guid? DeviceId, DeviceLinkingError? Error);

/// <summary>Why no attempt was started.</summary>
public sealed record DeviceLinkingError(string Code, string Message);

/// <summary>A wish as it stands in the table, with the phone it is for.</summary>
internal sealed record WishRow(
    Guid LinkId, Guid AccountId, string? Address, string Method, string DeviceName, string Network, string Consent, bool Assistant, string Status, Guid? AttemptId, Guid? DeviceId,
    string? ErrorCode, string? ErrorMessage, System.Net.IPAddress? Ip, string? UserAgent, DateTimeOffset? VerifiedAt)
{
    public DeviceLinkingView View => new(Method, Status, AttemptId, DeviceId, ErrorCode is null ? null : new DeviceLinkingError(ErrorCode, ErrorMessage ?? ""));
}

/// <summary>The table of wishes, at most one a link.</summary>
internal static class DeviceWishes
{
    private const string Columns =
        """
        w.link_id AS LinkId, w.user_id AS AccountId, l.address, w.method, w.device_name AS DeviceName, w.network, w.consent, w.assistant, w.status, w.attempt_id AS AttemptId, w.device_id AS DeviceId,
        w.error_code AS ErrorCode, w.error_message AS ErrorMessage, w.ip_address AS Ip, w.user_agent AS UserAgent, w.verified_at AS VerifiedAt
        """;

    public static Task<List<WishRow>> ListAsync(Work work, Guid account) =>
        work.QueryAsync<WishRow>($"SELECT {Columns} FROM device_linking_wishes w JOIN whatsapp_user_links l ON l.id = w.link_id WHERE w.user_id = @account", new { account });

    /// <summary>Those whose phones are verified, and that were not begun.</summary>
    public static Task<List<WishRow>> DueAsync(Work work) =>
        work.QueryAsync<WishRow>($"SELECT {Columns} FROM device_linking_wishes w JOIN whatsapp_user_links l ON l.id = w.link_id WHERE w.status = 'waiting' AND w.verified_at IS NOT NULL ORDER BY w.verified_at");

    /// <summary>A wish whose phone is verified, and that was not begun; null when there is none like that by now.</summary>
    public static Task<WishRow?> FindDueAsync(Work work, Guid link) => work.FirstAsync<WishRow>(
        $"SELECT {Columns} FROM device_linking_wishes w JOIN whatsapp_user_links l ON l.id = w.link_id WHERE w.link_id = @link AND w.status = 'waiting' AND w.verified_at IS NOT NULL", new { link });

    /// <summary>Puts down what goes with the code that was just asked for; null takes back what was wished before.</summary>
    /// <param name="work">The unit.</param>
    /// <param name="account">Whose link it is.</param>
    /// <param name="phone">The link's phone, canonical; null for a sender without one.</param>
    /// <param name="wish">The wish.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="now">The time.</param>
    public static async Task PutAsync(Work work, Guid account, string? phone, DeviceWish? wish, RequestOrigin origin, DateTimeOffset now)
    {
        var link = phone is null ? Guid.Empty : await work.FirstAsync<Guid>("SELECT id FROM whatsapp_user_links WHERE user_id = @account AND phone = @phone", new { account, phone }).ConfigureAwait(false);
        if (link == Guid.Empty) return;
        await work.ExecuteAsync("DELETE FROM device_linking_wishes WHERE link_id = @link", new { link }).ConfigureAwait(false);
        if (wish is null) return;
        await work.ExecuteAsync(
            """
            INSERT INTO device_linking_wishes (link_id, user_id, method, device_name, network, consent, assistant, ip_address, user_agent, created_at)
            VALUES (@link, @account, @Method, @DeviceName, @Network, @Chats, @Assistant, @Ip, @UserAgent, @now)
            """, new { link, account, wish.Method, wish.DeviceName, wish.Network, wish.Consent.Chats, wish.Consent.Assistant, origin.Ip, origin.UserAgent, now }).ConfigureAwait(false);
    }

    /// <summary>Takes note that the phone of a link is verified.</summary>
    /// <returns>Whether a device is to be linked to it.</returns>
    public static async Task<bool> VerifiedAsync(Work work, Guid link, DateTimeOffset now) => await work.ExecuteAsync(
        "UPDATE device_linking_wishes SET verified_at = @now WHERE link_id = @link AND status = 'waiting' AND verified_at IS NULL", new { link, now }).ConfigureAwait(false) > 0;

    /// <summary>Takes note of the attempt that was started; false when the wish was taken back, or somebody else has begun.</summary>
    public static async Task<bool> StartedAsync(Work work, Guid link, Guid attempt, Guid? device) => await work.ExecuteAsync(
        "UPDATE device_linking_wishes SET status = 'started', attempt_id = @attempt, device_id = @device WHERE link_id = @link AND status = 'waiting'", new { link, attempt, device }).ConfigureAwait(false) > 0;

    /// <summary>Takes note that none could be started.</summary>
    public static Task FailedAsync(Work work, Guid link, string code, string message) =>
        work.ExecuteAsync("UPDATE device_linking_wishes SET status = 'failed', error_code = @code, error_message = @message WHERE link_id = @link", new { link, code, message });
}
