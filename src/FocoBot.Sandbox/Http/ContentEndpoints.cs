using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Http;

/// <summary>Lets phones send all kinds of messages, and what goes with them.</summary>
internal static class ContentEndpoints
{
    public static void MapContent(this RouteGroupBuilder phone)
    {
        phone.MapPost("/send", SendAsync).WithSummary("Writes a message: exactly one of its kinds");
        phone.MapPost("/read", (SandboxNetwork network, string phoneNumber, ReadRequest request) => Find(network, phoneNumber).MarkRead(request.Ids)).WithSummary("Reads messages");
        phone.MapPost("/typing", (SandboxNetwork network, string phoneNumber, TypingRequest request) => Find(network, phoneNumber).Type(PhoneEndpoints.ToJid(request.To), request.Typing)).WithSummary("Shows that one writes");
        phone.MapPost("/presence", (SandboxNetwork network, string phoneNumber, PresenceRequest request) => Find(network, phoneNumber).SetPresence(request.Available)).WithSummary("Opens WhatsApp, or closes it");
        phone.MapPost("/block", (SandboxNetwork network, string phoneNumber, BlockRequest request) => Find(network, phoneNumber).Block(PhoneEndpoints.ToJid(request.User), request.Block)).WithSummary("Blocks somebody, or no longer");
    }

    private static async Task<SentMessage> SendAsync(SandboxNetwork network, string phoneNumber, SendRequest request, CancellationToken cancellation)
    {
        var phone = Find(network, phoneNumber);
        var to = PhoneEndpoints.ToJid(request.To);
        if (request.Media is { } media)
        {
            if (request.Text is not null) throw new ArgumentException("A text beside media is its caption.");
            await using var content = await media.OpenAsync(cancellation).ConfigureAwait(false);
            return new(await phone.SendMediaAsync(to, content, media.Describe()).ConfigureAwait(false));
        }

        if (request.Vote is { } vote) return new(await phone.VoteAsync(vote.Id, vote.Options).ConfigureAwait(false));
        var options = new SendOptions
        {
            ReplyTo = request.ReplyTo is { } id ? phone.QuoteOf(id) : null,
            Mentions = [.. (request.Mentions ?? []).Select(PhoneEndpoints.ToJid)],
        };
        return new(await phone.SendMessageAsync(to, ContentOf(phone, request, DateTimeOffset.FromUnixTimeSeconds(long.Parse(network.Now, System.Globalization.CultureInfo.InvariantCulture))), options).ConfigureAwait(false));
    }

    private static Message ContentOf(VirtualPhone phone, SendRequest request, DateTimeOffset now) => request switch
    {
        { Text: { } text } => new Message { Conversation = text },
        { Reaction: { } reaction } => NewMessage.Reaction(phone.Shown(reaction.Id).Reference, reaction.Emoji, now),
        { Edit: { } edit } => NewMessage.Edit(phone.Shown(edit.Id).Reference, NewMessage.Text(edit.Text), now),
        { Revoke: { } id } => NewMessage.Revoke(phone.Shown(id).Reference),
        { Poll: { } poll } => NewMessage.Poll(poll.Question, poll.Options, poll.Selectable),
        { Location: { } at } => NewMessage.Location(at.Latitude, at.Longitude, at.Name),
        { Contact: { } contact } => NewMessage.Contacts(ContactCard.Of(contact.Name, contact.PhoneNumber)),
        { TimerSeconds: { } seconds } => NewMessage.Timer(seconds > 0 ? TimeSpan.FromSeconds(seconds) : null, now),
        _ => throw new ArgumentException("There is nothing to send."),
    };

    private static VirtualPhone Find(SandboxNetwork network, string number) => PhoneEndpoints.Find(network, number);
}

/// <summary>A message to somebody (a number or an address): one of its kinds.</summary>
internal sealed record SendRequest(string To)
{
    public string? Text { get; init; }

    public MediaRequest? Media { get; init; }

    public ReactionRequest? Reaction { get; init; }

    public EditRequest? Edit { get; init; }

    /// <summary>The id of the message to delete for everyone.</summary>
    public string? Revoke { get; init; }

    public PollRequest? Poll { get; init; }

    public VoteRequest? Vote { get; init; }

    public LocationRequest? Location { get; init; }

    public ContactRequest? Contact { get; init; }

    /// <summary>Lets the chat's messages disappear after so many seconds; 0 for never.</summary>
    public uint? TimerSeconds { get; init; }

    /// <summary>The id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    public IReadOnlyList<string>? Mentions { get; init; }
}

/// <summary>A reaction to a message; without an emoji, its end.</summary>
internal sealed record ReactionRequest(string Id, string? Emoji);

internal sealed record EditRequest(string Id, string Text);

internal sealed record PollRequest(string Question, IReadOnlyList<string> Options, int Selectable = 1);

internal sealed record VoteRequest(string Id, IReadOnlyList<string> Options);

internal sealed record LocationRequest(double Latitude, double Longitude, string? Name);

internal sealed record ContactRequest(string Name, string PhoneNumber);

internal sealed record ReadRequest(IReadOnlyList<string> Ids);

internal sealed record TypingRequest(string To, Typing Typing);

internal sealed record PresenceRequest(bool Available);

internal sealed record BlockRequest(string User, bool Block);

/// <summary>What a message is about, as far as it has a word for it.</summary>
internal sealed record ShownContent(string Kind, string? Target, string? Text, IReadOnlyList<string>? Options, string? ReplyTo)
{
    public static ShownContent Of(MessageContent content) => content switch
    {
        TextContent text => New(text, text.Text),
        ReactionContent reaction => New(reaction, reaction.Emoji, reaction.Target),
        EditContent edit => New(edit, (edit.Replacement as TextContent)?.Text, edit.Target),
        RevokeContent revoke => New(revoke, null, revoke.Target),
        PollContent poll => New(poll, poll.Question) with { Options = poll.Options },
        PollVoteContent vote => New(vote, null, vote.Poll) with { Options = vote.Options },
        LocationContent place => New(place, place.Name),
        ContactsContent contacts => New(contacts, null) with { Options = [.. contacts.Contacts.Select(contact => contact.Name)] },
        _ => New(content, null),
    };

    private static ShownContent New(MessageContent content, string? text, MessageReference? target = null) =>
        new(content.GetType().Name.Replace("Content", "", StringComparison.Ordinal).ToLowerInvariant(), target?.Id, text, null, content.Context.Quoted?.Message.Id);
}
