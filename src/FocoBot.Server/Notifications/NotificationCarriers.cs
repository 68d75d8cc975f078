using System.Globalization;
using FocoBot.Channels;
using FocoBot.Channels.Twilio;
using FocoBot.Devices;
using FocoBot.Devices.Routing;
using FocoBot.Devices.Sending;
using FocoBot.Messages;
using FocoBot.Storage;

namespace FocoBot.Notifications;

/// <summary>What became of a notification that a channel has.</summary>
/// <param name="IsSent">It has reached the person's WhatsApp.</param>
/// <param name="Failure">Why it won't; null while it may still.</param>
internal sealed record Carried(bool IsSent, string? Failure)
{
    public static readonly Carried Sent = new(true, null);
    public static readonly Carried Unknown = new(false, null);

    public static Carried Failed(string why) => new(false, why);
}

/// <summary>Hands notifications to the channels that carry them, and asks what became of them. A channel takes one in the unit that hands it over, and sends it then whatever happens.</summary>
internal sealed class NotificationCarriers(Outbox business, DeviceOutbox devices, DeviceKeys keys, TimeProvider clock)
{
    /// <summary>Hands one to the chat with oneself of a device, or to the business channel.</summary>
    /// <returns>The device's message; null for the business channel. False when there is nobody to hand it to by now.</returns>
    public Task<(bool IsTaken, Guid? Handed)> HandOverAsync(Work work, NotificationRow row, string text, Hop hop) =>
        hop.DeviceId is { } device ? ToDeviceAsync(work, row, text, device) : ToBusinessAsync(work, row, text);

    /// <summary>What became of one.</summary>
    public Task<Carried> AskAsync(Work work, NotificationRow row) => row.Channel == Hop.Device ? AskDeviceAsync(work, row) : AskBusinessAsync(work, row);

    private async Task<(bool IsTaken, Guid? Handed)> ToDeviceAsync(Work work, NotificationRow row, string text, Guid device)
    {
        var message = await devices.WriteToOneselfAsync(work, row.AccountId, device, text).ConfigureAwait(false);
        return (message is not null, message);
    }

    private async Task<(bool IsTaken, Guid? Handed)> ToBusinessAsync(Work work, NotificationRow row, string text)
    {
        var owner = await work.FirstAsync<Owner>(
            """
            SELECT l.address, a.language FROM whatsapp_user_links l JOIN accounts a ON a.id = l.user_id
            WHERE l.user_id = @AccountId AND l.verified AND l.suspended_reason IS NULL ORDER BY l.id LIMIT 1
            """, new { row.AccountId }).ConfigureAwait(false);
        if (owner is null) return (false, null);
        await business.EnqueueAsync(work, new OutgoingMessage(ChannelNames.Twilio, owner.Address, "notice", text)
        {
            UserId = row.AccountId, Template = nameof(TemplateKind.Notice), TemplateValues = [text], Language = owner.Language, NoticeId = row.Id,
        }).ConfigureAwait(false);
        return (true, null);
    }

    private async Task<Carried> AskDeviceAsync(Work work, NotificationRow row)
    {
        var message = await work.FirstAsync<DeviceMessage>(
            "SELECT m.status, m.refusal_code AS code, d.auth_keys AS wrapped FROM whatsapp_messages m JOIN whatsapp_devices d ON d.id = m.device_id WHERE m.id = @HandedId", new { row.HandedId }).ConfigureAwait(false);
        if (message is null || row.DeviceId is not { } device) return Carried.Failed("The device was unlinked.");
        if (message.Status == "failed") return Carried.Failed($"The device could not send it: {Refusal.ReasonOf(message.Code)}");
        if (message.Status != "pending") return Carried.Sent;
        if (clock.GetUtcNow() - row.HandedAt < NotificationLimits.Patience || message.Wrapped is not { } wrapped) return Carried.Unknown;
        // What may have left is waited for: nobody is to be told twice.
        var isBack = await devices.UndoAsync(work, new KeptDevice(device, row.AccountId, keys.Open(device, wrapped)), row.HandedId!.Value).ConfigureAwait(false);
        return isBack ? Carried.Failed("The device did not send it in time.") : Carried.Unknown;
    }

    // A message that failed may have been replaced by another one for the same notification.
    private async Task<Carried> AskBusinessAsync(Work work, NotificationRow row)
    {
        var parts = await work.QueryAsync<BusinessMessage>("SELECT state, error_code AS error FROM outbox WHERE notice_id = @Id ORDER BY id", new { row.Id }).ConfigureAwait(false);
        if (parts.TrueForAll(part => part.State is "failed" or "suppressed"))
            return Carried.Failed(string.Create(CultureInfo.InvariantCulture, $"The business channel could not send it ({parts.LastOrDefault()?.Error ?? "it is gone"})."));
        if (parts.Exists(part => part.State is "sent" or "delivered" or "read")) return Carried.Sent;
        // Twilio has it, and calls back only where it can reach us.
        return parts.Exists(part => part.State == "accepted") && clock.GetUtcNow() - row.HandedAt >= NotificationLimits.Patience ? Carried.Sent : Carried.Unknown;
    }

    private sealed record Owner(string Address, string Language);

    private sealed record DeviceMessage(string Status, string? Code, byte[]? Wrapped);

    private sealed record BusinessMessage(string State, string? Error);
}
