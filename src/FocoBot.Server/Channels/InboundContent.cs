namespace FocoBot.Channels;

/// <summary>What a message said, whatever channel it came by. Kept sealed in the inbox.</summary>
public sealed record InboundContent
{
    /// <summary>The text, or the label (without one the payload) of a tapped button; empty for media alone.</summary>
    public string Text { get; init; } = "";

    /// <summary>The sender's phone in E.164; null when the sender has none.</summary>
    public string? Phone { get; init; }

    /// <summary>The provider's id of the person; it changes with the person's number.</summary>
    public string? ExternalUserId { get; init; }

    /// <summary>The payload of a tapped button.</summary>
    public string? ButtonPayload { get; init; }

    /// <summary>References to media, as the provider gave them.</summary>
    public IReadOnlyList<MediaReference> Media { get; init; } = [];

    /// <summary>A shared place.</summary>
    public SharedLocation? Location { get; init; }

    /// <summary>The provider's id of the message that this one quotes.</summary>
    public string? RepliedTo { get; init; }

    public bool Forwarded { get; init; }

    /// <summary>A text without the control characters that nobody types and that PostgreSQL's text can't hold; line breaks and tabs stay.</summary>
    public static string Readable(string text) =>
        text.Any(IsUnreadable) ? string.Concat(text.Where(c => !IsUnreadable(c))) : text;

    private static bool IsUnreadable(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');
}

/// <summary>A file that came with a message; the address may need the provider's credentials.</summary>
public sealed record MediaReference(string Url, string ContentType);

/// <summary>A place, in degrees.</summary>
public sealed record SharedLocation(double Latitude, double Longitude, string? Label);

/// <summary>A message to be taken in.</summary>
/// <param name="Channel">One of <see cref="ChannelNames"/>.</param>
/// <param name="ProviderId">The provider's id; a repeat of it is the same message.</param>
/// <param name="Address">The sender's channel address, exactly as received.</param>
/// <param name="UserId">The account, where the channel itself knows it (web chat).</param>
/// <param name="Content">What it said.</param>
public sealed record ReceivedMessage(string Channel, string ProviderId, string Address, Guid? UserId, InboundContent Content);
