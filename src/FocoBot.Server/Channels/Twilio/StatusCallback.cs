using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// Twilio's word on a message we sent. It may come before the answer to the send itself, twice, or out of order.
/// Source: twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks.
/// </summary>
/// <param name="MessageSid">Which message.</param>
/// <param name="AccountSid">The account it belongs to; compare with ours.</param>
/// <param name="Status">Where it is now.</param>
/// <param name="ErrorCode">Why it failed, a code of <see cref="TwilioErrors"/>; null while it has not.</param>
public sealed record StatusCallback(string MessageSid, string AccountSid, MessageStatus Status, int? ErrorCode)
{
    /// <summary>Reads a form whose signature has been checked. False when it is no status callback.</summary>
    public static bool TryParse(TwilioForm form, [NotNullWhen(true)] out StatusCallback? callback)
    {
        callback = null;
        var sid = form["MessageSid"] ?? form["SmsSid"];
        var account = form["AccountSid"];
        if (form["MessageStatus"] is not { Length: > 0 } word || !TwilioSid.IsMessage(sid) || !TwilioSid.IsAccount(account))
            return false;

        var status = MessageStatuses.Parse(word);
        if (status == MessageStatus.Unknown && form["EventType"] == "READ")
            status = MessageStatus.Read;
        var hasCode = int.TryParse(form["ErrorCode"], NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code > 0;
        callback = new StatusCallback(sid, account, status, hasCode ? code : null);
        return true;
    }
}
