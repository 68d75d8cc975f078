namespace FocoBot.PhoneLinks;

/// <summary>Who a message came from, as the channel says it.</summary>
public sealed class ChannelSender
{
    private const string Prefix = "whatsapp:";

    /// <param name="channel">The channel's name.</param>
    /// <param name="address">The exact address, such as <c>whatsapp:+5215512345678</c> or <c>whatsapp:MX.a1b2</c>.</param>
    /// <param name="externalUserId">The channel's lasting id of the person, when it sends one; with or without <c>whatsapp:</c>.</param>
    /// <param name="messageSid">The message's id, for the audit log.</param>
    public ChannelSender(string channel, string address, string? externalUserId = null, string? messageSid = null)
    {
        Channel = channel;
        Address = address;
        Phone = PhoneNumber.FromAddress(address)?.Canonical;
        // Twilio writes the id bare beside a phone number, and with the channel's prefix when it stands in the phone's place.
        ExternalUserId = string.IsNullOrEmpty(externalUserId) ? null
            : externalUserId.StartsWith(Prefix, StringComparison.Ordinal) ? externalUserId[Prefix.Length..] : externalUserId;
        MessageSid = messageSid;
    }

    public string Channel { get; }

    public string Address { get; }

    /// <summary>The canonical phone number; null when the person hides it.</summary>
    public string? Phone { get; }

    public string? ExternalUserId { get; }

    public string? MessageSid { get; }

    /// <summary>What is proven and limited: the phone, or the address without one.</summary>
    public string Subject => Phone ?? Address;
}
