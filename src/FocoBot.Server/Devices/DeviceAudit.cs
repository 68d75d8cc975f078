using System.Text.Json;
using FocoBot.PhoneLinks;
using FocoBot.Storage;

namespace FocoBot.Devices;

/// <summary>The append-only log of what was done as an account's WhatsApp user, in the transaction of what it records.</summary>
internal static class DeviceAudit
{
    public static Task WriteAsync(Work work, TimeProvider clock, Guid account, Guid? device, string action, RequestOrigin? origin = null, object? metadata = null) => work.PostAsync(
        """
        INSERT INTO whatsapp_audit_log (id, user_id, device_id, action, ip_address, user_agent, metadata, created_at)
        VALUES (@id, @account, @device, @action, @ip, @agent, @metadata, @now)
        """,
        new
        {
            id = Ids.New(clock), account, device, action, ip = origin?.Ip, agent = origin?.UserAgent,
            metadata = new Json(metadata is null ? "{}" : JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web)), now = clock.GetUtcNow(),
        });
}
