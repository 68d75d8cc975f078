namespace FocoBot.Channels.Twilio;

/// <summary>
/// Keeps sends below what WhatsApp allows a sender (80 a second unless configured) and a pair of sender and recipient
/// (<see cref="TwilioLimits.RecipientBurst"/> at once, then one every <see cref="TwilioLimits.RecipientSecondsPerMessage"/> s).
/// </summary>
public sealed class SendPace(TwilioOptions options, TimeProvider clock)
{
    // A tenth of a second's worth at once: a sender may not open with a full second's load.
    private readonly TokenBucket _senders = new(
        TimeSpan.FromSeconds(1.0 / options.MessagesPerSecond), Math.Max(1, options.MessagesPerSecond / 10), capacity: 100, clock);

    private readonly TokenBucket _recipients = new(
        TimeSpan.FromSeconds(TwilioLimits.RecipientSecondsPerMessage), TwilioLimits.RecipientBurst, TwilioLimits.RecipientBuckets, clock);

    /// <summary>Books a place for one message and tells how long to wait before sending it.</summary>
    /// <param name="sender">Our sender.</param>
    /// <param name="recipient">Who gets it.</param>
    /// <param name="longest">The longest wait the caller will sit out. A result above it booked nothing: put the message back for that long.</param>
    public TimeSpan Reserve(ChannelAddress sender, ChannelAddress recipient, TimeSpan longest)
    {
        var forRecipient = _recipients.Reserve(recipient.Value, longest);
        if (forRecipient > longest)
            return forRecipient;
        var forSender = _senders.Reserve(sender.Value, longest);
        return forRecipient > forSender ? forRecipient : forSender;
    }
}
