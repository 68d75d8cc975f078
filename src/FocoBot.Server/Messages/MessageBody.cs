using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.Messages;

/// <summary>What a message says, as it is kept (sealed) and answered.</summary>
public sealed record MessageBody
{
    /// <summary>The text, the caption, the question of a poll or the name of a place; null for what has none.</summary>
    public string? Text { get; init; }

    /// <summary>What the sender calls himself.</summary>
    public string? PushName { get; init; }

    /// <summary>The id of the message that this one replies to, reacts to, edits or deletes.</summary>
    public string? Target { get; init; }

    /// <summary>What it does to its target: <c>reply</c>, <c>reaction</c>, <c>edit</c>, <c>delete</c>, <c>vote</c>; null for none of these.</summary>
    public string? Action { get; init; }

    /// <summary>The file's name.</summary>
    public string? FileName { get; init; }

    /// <summary>Degrees.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees.</summary>
    public double? Longitude { get; init; }

    /// <summary>The options of a poll, or those voted for.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>People of a shared contact, by name.</summary>
    public IReadOnlyList<string>? Contacts { get; init; }

    /// <summary>The message of a file, as it came: what is needed to fetch it (protobuf).</summary>
    public byte[]? Media { get; init; }

    public bool IsForwarded { get; init; }

    public bool IsViewOnce { get; init; }
}

/// <summary>The type that a message has in the table, and its body.</summary>
/// <param name="Type">text, image, video, audio, document, sticker, location, contact, reaction, poll, other.</param>
/// <param name="Body">What it says.</param>
/// <param name="MimeType">Of a file.</param>
/// <param name="Size">Of a file, in bytes.</param>
internal sealed record KeptContent(string Type, MessageBody Body, string? MimeType = null, long? Size = null)
{
    /// <summary>Describes a message; null for what is no message to a person: keys, settings, what can't be read.</summary>
    public static KeptContent? Of(MessageReceived message)
    {
        if (message.Described is not { } content) return null;
        var context = content.Context;
        var (type, body, mime, size) = Parts(content);
        if (type is null) return null;
        if (body.Target is null && context.Quoted is { } quoted) body = body with { Target = quoted.Message.Id, Action = "reply" };
        // What is for one look is not kept for a second one.
        if (context.IsViewOnce) body = body with { Media = null };
        return new KeptContent(type, body with { PushName = message.PushName, IsForwarded = context.IsForwarded, IsViewOnce = context.IsViewOnce }, mime, size);
    }

    private static (string? Type, MessageBody Body, string? Mime, long? Size) Parts(MessageContent content) => content switch
    {
        TextContent text => ("text", new() { Text = text.Text }, null, null),
        ReactionContent reaction => ("reaction", new() { Text = reaction.Emoji, Target = reaction.Target.Id, Action = "reaction" }, null, null),
        EditContent { Replacement: var anew } edit when Parts(anew) is { Type: not null } parts => (parts.Type, parts.Body with { Target = edit.Target.Id, Action = "edit" }, parts.Mime, parts.Size),
        RevokeContent revoke => ("other", new() { Target = revoke.Target.Id, Action = "delete" }, null, null),
        MediaContent media => (TypeOf(media.Kind), new() { Text = media.Caption, FileName = media.FileName, Media = Google.Protobuf.MessageExtensions.ToByteArray(media.Message) }, media.MimeType, (long)Math.Min(media.Length, long.MaxValue)),
        LocationContent place => ("location", new() { Text = place.Name ?? place.Address, Latitude = place.Latitude, Longitude = place.Longitude }, null, null),
        LiveLocationContent place => ("location", new() { Text = place.Caption, Latitude = place.Latitude, Longitude = place.Longitude }, null, null),
        ContactsContent contacts => ("contact", new() { Contacts = [.. contacts.Contacts.Select(card => card.Name)] }, null, null),
        PollContent poll => ("poll", new() { Text = poll.Question, Options = poll.Options }, null, null),
        PollVoteContent vote => ("poll", new() { Options = vote.Options, Target = vote.Poll.Id, Action = "vote" }, null, null),
        EventContent plan => ("other", new() { Text = plan.Name }, null, null),
        GroupInviteContent invite => ("other", new() { Text = invite.Caption ?? invite.GroupName }, null, null),
        ProtocolContent or TimerContent or SealedContent or KeepContent or PinContent => (null, new(), null, null),
        _ => ("other", new(), null, null),
    };

    private static string TypeOf(MediaContentKind kind) => kind switch
    {
        MediaContentKind.Image => "image",
        MediaContentKind.Video or MediaContentKind.Gif or MediaContentKind.VideoNote => "video",
        MediaContentKind.Audio or MediaContentKind.Voice => "audio",
        MediaContentKind.Sticker => "sticker",
        _ => "document",
    };
}
