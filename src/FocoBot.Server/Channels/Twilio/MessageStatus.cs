namespace FocoBot.Channels.Twilio;

/// <summary>
/// Where an outbound message is, in the order it moves. Twilio's callbacks may arrive out of order or twice, so a status
/// replaces another only when it stands later here. Source: twilio.com/docs/messaging/api/message-resource, statuses.
/// </summary>
public enum MessageStatus
{
    /// <summary>A word this version does not know; it replaces nothing.</summary>
    Unknown,

    /// <summary>Twilio will send it at a later time.</summary>
    Scheduled,

    /// <summary>Twilio has it and looks for a sender.</summary>
    Accepted,

    /// <summary>It waits its turn.</summary>
    Queued,

    /// <summary>It is on its way to WhatsApp.</summary>
    Sending,

    /// <summary>WhatsApp has it.</summary>
    Sent,

    /// <summary>It was called off.</summary>
    Canceled,

    /// <summary>It never reached WhatsApp; the callback has an error code.</summary>
    Failed,

    /// <summary>WhatsApp could not hand it over; the callback has an error code.</summary>
    Undelivered,

    /// <summary>It is on the person's phone. Later than a failure: a proof of arrival is the stronger word.</summary>
    Delivered,

    /// <summary>The person opened it.</summary>
    Read,
}

/// <summary>Reading and comparing statuses.</summary>
public static class MessageStatuses
{
    /// <summary>Twilio's word for a status; <see cref="MessageStatus.Unknown"/> for any other.</summary>
    public static MessageStatus Parse(string? word) => word switch
    {
        "scheduled" => MessageStatus.Scheduled,
        "accepted" => MessageStatus.Accepted,
        "queued" => MessageStatus.Queued,
        "sending" => MessageStatus.Sending,
        "sent" => MessageStatus.Sent,
        "canceled" => MessageStatus.Canceled,
        "failed" => MessageStatus.Failed,
        "undelivered" => MessageStatus.Undelivered,
        "delivered" or "partially_delivered" => MessageStatus.Delivered,
        "read" => MessageStatus.Read,
        _ => MessageStatus.Unknown,
    };

    /// <summary>True when <paramref name="next"/> moves a message forward from <paramref name="current"/>.</summary>
    public static bool Advances(this MessageStatus next, MessageStatus current) => next > current;

    /// <summary>True when nothing was or will be delivered.</summary>
    public static bool IsFailure(this MessageStatus status) =>
        status is MessageStatus.Canceled or MessageStatus.Failed or MessageStatus.Undelivered;
}
