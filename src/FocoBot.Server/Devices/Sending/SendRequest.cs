using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.PhoneLinks;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Sending;

/// <summary>
/// A message to be sent as the account's WhatsApp user. <c>to</c> is a phone number (in the national form of <c>country</c>, if that is given), or the address of a person or group as
/// messages have it; <c>messageType</c> is text (also when absent), reaction, location, contact or poll; <c>message</c> is the text, a reaction's emoji, a poll's question;
/// <c>replyTo</c> the server's id of the message that is replied or reacted to; <c>mentions</c> are phone numbers of people whom the text names as <c>@number</c>; a poll has 2 to 12
/// options, of which one may choose <c>selectable</c> (1). It leaves not before <c>sendAt</c>, at most a year ahead, and can be taken back for <c>undoSeconds</c>, 0 to 60.
/// </summary>
internal sealed record SendRequest(
    string? To, string? Message, string? MessageType, Guid? ReplyTo, IReadOnlyList<string>? Mentions, double? Latitude, double? Longitude, string? Name, string? Address,
    string? ContactName, string? ContactPhone, IReadOnlyList<string>? Options, int? Selectable, DateTimeOffset? SendAt, int? UndoSeconds, string? Country)
{
    private const int MaxText = 65_536; // as WhatsApp
    private const int MaxMentions = 256;
    private const int MaxShort = 256;
    private const int MaxOptions = 12;
    private const int MaxUndo = 60;
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <summary>A text, and nothing else.</summary>
    public static SendRequest OfText(string to, string? text) => new(to, text, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /// <summary>Null when it can be sent; else what is wrong.</summary>
    public ProblemHttpResult? Check(DateTimeOffset now)
    {
        if (Recipient() is null) return Problem.Of(422, "INVALID_RECIPIENT", "Write the recipient as a phone number with + and country code, or as the address of a chat.");
        if (Message?.Length > MaxText) return Problem.Of(413, "MESSAGE_TOO_LARGE", $"A message has at most {MaxText:N0} characters.");
        if (UndoSeconds is < 0 or > MaxUndo) return Problem.Invalid("undoSeconds", $"undoSeconds is a number from 0 to {MaxUndo}.");
        if (SendAt is { } at && (at < now - TimeSpan.FromMinutes(1) || at > now + Furthest)) return Problem.Invalid("sendAt", "sendAt is a time from now on, at most a year ahead.");
        if (Mentions is { } mentions && (mentions.Count > MaxMentions || mentions.Any(mention => PhoneNumber.Parse(mention) is null))) return Problem.Invalid("mentions", "Mentions are phone numbers with + and country code.");
        return MessageType switch
        {
            null or "text" => string.IsNullOrWhiteSpace(Message) ? Problem.Invalid("message", "Say something.") : null,
            "reaction" => ReplyTo is null ? Problem.Invalid("replyTo", "Which message?") : Message?.Length > 16 ? Problem.Invalid("message", "A reaction is one emoji; none takes it back.") : null,
            "location" => Latitude is >= -90 and <= 90 && Longitude is >= -180 and <= 180 && Name?.Length is null or <= MaxShort && Address?.Length is null or <= MaxShort ? null : Problem.Invalid("latitude", "A place has a latitude and a longitude, in degrees."),
            "contact" => ContactName is { Length: > 0 and <= MaxShort } && PhoneNumber.Parse(ContactPhone) is not null ? null : Problem.Invalid("contactPhone", "A contact has a name and a phone number with country code."),
            "poll" => !string.IsNullOrWhiteSpace(Message) && Options is { Count: >= 2 and <= MaxOptions } options && options.All(option => option is { Length: > 0 and <= MaxShort }) && options.Distinct().Count() == options.Count && Selectable is null or (>= 0 and <= MaxOptions)
                ? null : Problem.Invalid("options", $"A poll has a question and 2 to {MaxOptions} different options."),
            _ => Problem.Invalid("messageType", "The type is text, reaction, location, contact or poll."),
        };
    }

    /// <summary>Whom it is for; null for nobody.</summary>
    public Jid? Recipient()
    {
        if (To is not { Length: > 0 and <= MaxShort } to) return null;
        if (to.Contains('@', StringComparison.Ordinal))
            return Jid.TryParse(to, out var address) && address.Server is JidServer.User or JidServer.Lid or JidServer.Group && address.User.Length > 0 ? address.WithoutDevice() : null;
        return PhoneNumber.Parse(to, Country) is { } phone ? new Jid(phone.E164[1..], JidServer.User) : null;
    }

    /// <summary>As it is kept.</summary>
    public KeptContent ToKept(string? target) => MessageType switch
    {
        "reaction" => new("reaction", new MessageBody { Text = Message, Target = target, Action = "reaction" }),
        "location" => new("location", new MessageBody { Text = Name ?? Address, Latitude = Latitude, Longitude = Longitude }),
        "contact" => new("contact", new MessageBody { Contacts = [ContactName!] }),
        "poll" => new("poll", new MessageBody { Text = Message, Options = Options }),
        _ => new("text", new MessageBody { Text = Message, Target = target, Action = target is null ? null : "reply" }),
    };

    /// <summary>As it leaves.</summary>
    public Message ToMessage(MessageReference? target, DateTimeOffset now) => MessageType switch
    {
        "reaction" => NewMessage.Reaction(target!, string.IsNullOrEmpty(Message) ? null : Message, now),
        "location" => NewMessage.Location(Latitude!.Value, Longitude!.Value, Name, Address),
        "contact" => NewMessage.Contacts(ContactCard.Of(ContactName!, PhoneNumber.Parse(ContactPhone)!.E164[1..])),
        "poll" => NewMessage.Poll(Message!, Options!, Selectable ?? 1),
        _ => NewMessage.Text(Message!),
    };

    /// <summary>The people who are named.</summary>
    public IReadOnlyList<Jid> Mentioned() => [.. (Mentions ?? []).Select(mention => new Jid(PhoneNumber.Parse(mention)!.E164[1..], JidServer.User))];
}

/// <summary>A message on its way, as the outbox keeps it (sealed).</summary>
/// <param name="Chat">Whom it is for.</param>
/// <param name="MessageId">Its id at WhatsApp, the same for every try.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Target">What it replies or reacts to.</param>
internal sealed record OutboxBody(string Chat, string MessageId, SendRequest Request, OutboxTarget? Target);

/// <summary>A message that another one is about.</summary>
internal sealed record OutboxTarget(string Chat, string MessageId, string Sender, bool FromMe, string? Text)
{
    public MessageReference Reference => new(Jid.Parse(Chat), MessageId, Jid.Parse(Sender), FromMe);
}
