using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FocoBot.Channels.Twilio;

/// <summary>A picture, voice note or document of a message. The URL needs our credentials and redirects to Twilio's store.</summary>
public sealed record InboundMedia(Uri Url, string ContentType)
{
    /// <summary>Only the type; the URL opens private content.</summary>
    public override string ToString() => $"media {ContentType}";
}

/// <summary>A place the sender shared. Degrees, within the usual ranges.</summary>
public sealed record InboundLocation(double Latitude, double Longitude, string? Label, string? Address)
{
    /// <summary>Nothing of where the person is.</summary>
    public override string ToString() => "location";
}

/// <summary>A tapped quick reply or list row: the text it showed, and the payload we gave it when sending.</summary>
public sealed record InboundButton(string Text, string? Payload)
{
    /// <summary>Nothing of what was answered.</summary>
    public override string ToString() => "button";
}

/// <summary>A WhatsApp message as Twilio's webhook brings it. Source: twilio.com/docs/messaging/guides/webhook-request.</summary>
public sealed record InboundMessage
{
    /// <summary>Twilio's id, the same on every repeat of the request.</summary>
    public required string MessageSid { get; init; }

    /// <summary>The account it was sent to; compare with ours.</summary>
    public required string AccountSid { get; init; }

    /// <summary>Who wrote: the address to answer, unchanged.</summary>
    public required ChannelAddress From { get; init; }

    /// <summary>Our sender it was written to.</summary>
    public required ChannelAddress To { get; init; }

    /// <summary>The text, untrimmed; "" for media alone. Cut at <see cref="TwilioLimits.InboundTextLength"/>.</summary>
    public required string Body { get; init; }

    /// <summary>Twilio's business-scoped id of the person, when it sends one; it changes with the person's number.</summary>
    public string? ExternalUserId { get; init; }

    /// <summary>The sender's WhatsApp id, usually the digits of the phone.</summary>
    public string? WaId { get; init; }

    /// <summary>The name the sender chose. Anybody can choose any name.</summary>
    public string? ProfileName { get; init; }

    /// <summary>At most <see cref="TwilioLimits.MediaItems"/> items; those with an unusable URL are left out.</summary>
    public IReadOnlyList<InboundMedia> Media { get; init; } = [];

    /// <summary>The button or row that was tapped, if any.</summary>
    public InboundButton? Button { get; init; }

    /// <summary>The place that was shared, if any.</summary>
    public InboundLocation? Location { get; init; }

    /// <summary>The message this one quotes, if it is at most a week old.</summary>
    public string? RepliedToSid { get; init; }

    /// <summary>True when the sender forwarded somebody else's message, once or many times.</summary>
    public bool Forwarded { get; init; }

    /// <summary>
    /// Reads a form whose signature has been checked. False when it is no inbound message: an id or address is missing or
    /// malformed. Fields we don't know are ignored, oversized texts are cut.
    /// </summary>
    public static bool TryParse(TwilioForm form, [NotNullWhen(true)] out InboundMessage? message)
    {
        message = null;
        var sid = form["MessageSid"] ?? form["SmsMessageSid"];
        var account = form["AccountSid"];
        if (!TwilioSid.IsMessage(sid) || !TwilioSid.IsAccount(account))
            return false;
        if (!ChannelAddress.TryParse(form["From"], out var from) || !ChannelAddress.TryParse(form["To"], out var to))
            return false;

        message = new InboundMessage
        {
            MessageSid = sid,
            AccountSid = account,
            From = from,
            To = to,
            Body = BoundedText.Cut(form["Body"] ?? "", TwilioLimits.InboundTextLength),
            ExternalUserId = BoundedText.Label(form["ExternalUserId"]),
            WaId = BoundedText.Label(form["WaId"]),
            ProfileName = BoundedText.Label(form["ProfileName"]),
            Media = ReadMedia(form),
            Button = ReadButton(form),
            Location = ReadLocation(form),
            RepliedToSid = form["OriginalRepliedMessageSid"] is var quoted && TwilioSid.IsMessage(quoted) ? quoted : null,
            Forwarded = form["Forwarded"] == "true" || form["FrequentlyForwarded"] == "true",
        };
        return true;
    }

    /// <summary>The id alone, so that a log line or exception can't carry what was written.</summary>
    public override string ToString() => $"inbound {MessageSid}";

    private static List<InboundMedia> ReadMedia(TwilioForm form)
    {
        var media = new List<InboundMedia>();
        if (!int.TryParse(form["NumMedia"], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return media;
        for (var i = 0; i < Math.Min(count, TwilioLimits.MediaItems); i++)
        {
            var url = form[$"MediaUrl{i}"];
            if (url?.Length <= TwilioLimits.PayloadLength && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)
                media.Add(new InboundMedia(uri, BoundedText.Label(form[$"MediaContentType{i}"]) ?? "application/octet-stream"));
        }

        return media;
    }

    // ListId and ListTitle are seen in the field but are not in Twilio's table; ButtonText and ButtonPayload are.
    private static InboundButton? ReadButton(TwilioForm form)
    {
        var payload = form["ButtonPayload"] ?? form["ListId"];
        var text = BoundedText.Label(form["ButtonText"] ?? form["ListTitle"]);
        if (string.IsNullOrEmpty(payload))
            payload = null;
        return payload is null && text is null ? null : new InboundButton(text ?? "", BoundedText.CutOrNull(payload, TwilioLimits.PayloadLength));
    }

    private static InboundLocation? ReadLocation(TwilioForm form)
    {
        const NumberStyles degrees = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(form["Latitude"], degrees, CultureInfo.InvariantCulture, out var latitude) || latitude is not (>= -90 and <= 90))
            return null;
        if (!double.TryParse(form["Longitude"], degrees, CultureInfo.InvariantCulture, out var longitude) || longitude is not (>= -180 and <= 180))
            return null;
        return new InboundLocation(latitude, longitude, BoundedText.Label(form["Label"]), BoundedText.Label(form["Address"]));
    }
}
