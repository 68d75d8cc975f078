namespace FocoBot.Channels.Twilio;

/// <summary>Messages found at Twilio, newest first as a rule.</summary>
/// <param name="Messages">What was found.</param>
/// <param name="IsComplete">
/// True when everything that matches was read. Otherwise a message not found may still exist: the network or Twilio failed, or
/// there was more than <see cref="TwilioLimits.ListPages"/> pages.
/// </param>
public sealed record Listing(IReadOnlyList<ListedMessage> Messages, bool IsComplete);

/// <summary>One message as Twilio keeps it.</summary>
/// <param name="Sid">Its id.</param>
/// <param name="From">Our sender, as Twilio writes it.</param>
/// <param name="Body">The text; a template's with its variables filled in, "" for media.</param>
/// <param name="Status">Where it is.</param>
/// <param name="CreatedAt">When Twilio took it, to the second.</param>
/// <param name="ErrorCode">Why it failed, if it did.</param>
public sealed record ListedMessage(string Sid, string? From, string Body, MessageStatus Status, DateTimeOffset? CreatedAt, int? ErrorCode)
{
    /// <summary>The id alone.</summary>
    public override string ToString() => $"listed {Sid}";
}
