using System.Globalization;
using System.Text.Json;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// What the server tells of an account that may begin no chats for a while.
/// <code>
/// &lt;notification type="mex" from&gt;&lt;update op_name?&gt;{"data":{"xwa2_notify_account_reachout_timelock":
///     {"is_active":true,"enforcement_type":"…","time_enforcement_ends":"unix seconds"}}}&lt;/update&gt;&lt;/notification&gt;
/// </code>
/// </summary>
internal static class ReachoutNotice
{
    /// <summary>What a notification says of that; null when it is about something else, or makes no sense.</summary>
    public static NewChatsRestricted? Read(Node notification)
    {
        foreach (var update in notification.ChildrenOf("update"))
        {
            if (update.Content.Bytes.Length is 0 or > Limits.NoticeBytes)
                continue;
            try
            {
                using var json = JsonDocument.Parse(update.Content.Bytes);
                if (json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object
                    && data.TryGetProperty("xwa2_notify_account_reachout_timelock", out var notice) && notice.ValueKind is JsonValueKind.Object
                    && notice.TryGetProperty("is_active", out var active) && active.ValueKind is JsonValueKind.True or JsonValueKind.False)
                    return new(active.ValueKind is JsonValueKind.True, EndOf(notice));
            }
            catch (JsonException)
            {
                // Something that came after this library.
            }
        }

        return null;
    }

    private static DateTimeOffset? EndOf(JsonElement notice) =>
        notice.TryGetProperty("time_enforcement_ends", out var ends)
        && long.TryParse(ends.ValueKind is JsonValueKind.String ? ends.GetString() : ends.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
