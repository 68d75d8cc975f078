using FocoBot.Devices.Files;
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
/// messages have it; <c>messageType</c> is text (also when absent), reaction, location, contact, poll, image, video, audio, voice, document or sticker; <c>message</c> is the text, a
/// reaction's emoji, a poll's question, what goes below a file; <c>mediaUrl</c> an https address from which the server fetches the file at once (or the whole is sent as a form, with the file
/// as <c>file</c>), of at most 100 MiB for a document and 16 MiB for the others; <c>fileName</c> what a document is called;
/// <c>replyTo</c> the server's id of the message that is replied or reacted to; <c>mentions</c> are phone numbers of people whom the text names as <c>@number</c>; a poll has 2 to 12
/// options, of which one may choose <c>selectable</c> (1). It leaves not before <c>sendAt</c>, at most a year ahead, and can be taken back for <c>undoSeconds</c>, 0 to 60.
/// </summary>
internal sealed record SendRequest(
    string? To = null, string? Message = null, string? MessageType = null, Guid? ReplyTo = null, IReadOnlyList<string>? Mentions = null, double? Latitude = null, double? Longitude = null,
    string? Name = null, string? Address = null, string? ContactName = null, string? ContactPhone = null, IReadOnlyList<string>? Options = null, int? Selectable = null,
    DateTimeOffset? SendAt = null, int? UndoSeconds = null, string? Country = null, string? MediaUrl = null, string? FileName = null)
{
    private const int MaxText = 65_536; // as WhatsApp
    private const int MaxMentions = 256;
    private const int MaxShort = 256;
    private const int MaxOptions = 12;
    private const int MaxUndo = 60;
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <summary>Null when it can be sent; else what is wrong.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hasFile">Whether a file came along.</param>
    public ProblemHttpResult? Check(DateTimeOffset now, bool hasFile)
    {
        if (!MediaKinds.Has(MessageType) && (hasFile || MediaUrl is not null || FileName is not null)) return Problem.Invalid("messageType", "With a file the type is image, video, audio, voice, document or sticker.");
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
            _ => MediaKinds.Has(MessageType) ? CheckFile(hasFile) : Problem.Invalid("messageType", "The type is text, reaction, location, contact, poll, image, video, audio, voice, document or sticker."),
        };
    }

    private ProblemHttpResult? CheckFile(bool hasFile)
    {
        if (hasFile == MediaUrl is not null) return Problem.Invalid("mediaUrl", "Say where the file is, or send it along.");
        if (!string.IsNullOrEmpty(Message) && !MediaKinds.HasCaption(MessageType!)) return Problem.Invalid("message", "No text goes with sound and stickers.");
        return FileName is null || MessageType == "document" ? null : Problem.Invalid("fileName", "Only a document has a name.");
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
    public KeptContent ToKept(string? target, OutboxFile? file) => MessageType switch
    {
        _ when file is not null => new(MediaKinds.KeptType(MessageType!), new MessageBody { Text = Message, FileName = file.Name, Target = target, Action = target is null ? null : "reply" }, file.MimeType, file.Size),
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
/// <param name="File">What file goes with it; the file itself is in the spool until it is uploaded.</param>
/// <param name="Uploaded">Once the file is uploaded, the message that says where it is (protobuf).</param>
internal sealed record OutboxBody(string Chat, string MessageId, SendRequest Request, OutboxTarget? Target, OutboxFile? File = null, byte[]? Uploaded = null);

/// <summary>A file that goes with a message.</summary>
/// <param name="MimeType">What it is sent as.</param>
/// <param name="Name">What a document is called.</param>
/// <param name="Size">Bytes.</param>
internal sealed record OutboxFile(string MimeType, string? Name, long Size);

/// <summary>A message that another one is about.</summary>
internal sealed record OutboxTarget(string Chat, string MessageId, string Sender, bool FromMe, string? Text)
{
    public MessageReference Reference => new(Jid.Parse(Chat), MessageId, Jid.Parse(Sender), FromMe);
}
