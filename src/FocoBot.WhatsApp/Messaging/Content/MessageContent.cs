using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>
/// What a message is about, out of all its wrapping: one of the records that derive from this, of which there are no others. See
/// <see cref="WhatsAppClient.DescribeAsync"/>.
/// </summary>
public abstract record MessageContent
{
    private protected MessageContent()
    {
    }

    /// <summary>What goes with it: a reply, mentions, a timer…</summary>
    public MessageContext Context { get; init; } = MessageContext.None;

    /// <summary>The kind of content only: what is inside is private.</summary>
    /// <returns>The name of the type.</returns>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A text.</summary>
/// <param name="Text">What it says; mentioned people stand in it as <c>@</c> and the user part of their address.</param>
/// <param name="Preview">The preview of a link in it.</param>
public sealed record TextContent(string Text, LinkPreview? Preview = null) : MessageContent;

/// <summary>A reaction to a message, or the end of one. Each person has at most one a message; a later one replaces it.</summary>
/// <param name="Target">The message.</param>
/// <param name="Emoji">The reaction; null when it is taken back.</param>
public sealed record ReactionContent(MessageReference Target, string? Emoji) : MessageContent;

/// <summary>A message gets another content. Only its author can do so; that the message exists is not checked.</summary>
/// <param name="Target">The message.</param>
/// <param name="Replacement">What is in it from now on.</param>
public sealed record EditContent(MessageReference Target, MessageContent Replacement) : MessageContent;

/// <summary>A message is deleted for everyone.</summary>
/// <param name="Target">
/// The message. When its author is not the sender of this, it must be a group's admin who deletes it: that is to be checked before it is believed.
/// </param>
public sealed record RevokeContent(MessageReference Target) : MessageContent;

/// <summary>A poll.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Options">What can be voted for.</param>
/// <param name="Selectable">How many options one may vote for; 0 for any number.</param>
public sealed record PollContent(string Question, IReadOnlyList<string> Options, int Selectable) : MessageContent;

/// <summary>A vote in a poll. It replaces the person's vote before.</summary>
/// <param name="Poll">The poll.</param>
/// <param name="Options">What is voted for; empty when the vote is taken back.</param>
public sealed record PollVoteContent(MessageReference Poll, IReadOnlyList<string> Options) : MessageContent;

/// <summary>Adds something to a message, but is sealed with that message's secret, which is not known (any more) or does not fit.</summary>
/// <param name="Target">The message.</param>
public sealed record SealedContent(MessageReference Target) : MessageContent
{
    internal SecretUse? Use { get; init; }

    internal ReadOnlyMemory<byte> Iv { get; init; }

    internal ReadOnlyMemory<byte> Box { get; init; }
}

/// <summary>A place.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Address">Its address.</param>
/// <param name="Url">Where there is more about it; not to be trusted.</param>
public sealed record LocationContent(double Latitude, double Longitude, string? Name, string? Address, string? Url) : MessageContent;

/// <summary>Where somebody is right now. Further messages with the same id follow.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="AccuracyMeters">How exact that is, in metres.</param>
/// <param name="Caption">What is said with it.</param>
/// <param name="Sequence">Which of the positions this is.</param>
public sealed record LiveLocationContent(double Latitude, double Longitude, int AccuracyMeters, string? Caption, long Sequence) : MessageContent;

/// <summary>One or more contacts.</summary>
/// <param name="Contacts">The contacts.</param>
public sealed record ContactsContent(IReadOnlyList<ContactCard> Contacts) : MessageContent;

/// <summary>A file: picture, sound, video, document or sticker.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Caption">What is said with it.</param>
/// <param name="MimeType">The type of file, in the sender's words.</param>
/// <param name="FileName">What the sender calls it; not to be used as a path.</param>
/// <param name="Length">Bytes of the file, in the sender's words.</param>
/// <param name="Message">The message with the part that tells where the file is and how it is encrypted.</param>
public sealed record MediaContent(MediaContentKind Kind, string? Caption, string? MimeType, string? FileName, ulong Length, Message Message) : MessageContent;

/// <summary>What a file in a message is.</summary>
public enum MediaContentKind
{
    /// <summary>A picture.</summary>
    Image,

    /// <summary>A video.</summary>
    Video,

    /// <summary>A video without sound that repeats.</summary>
    Gif,

    /// <summary>A video in a circle, sent as one speaks.</summary>
    VideoNote,

    /// <summary>A sound file.</summary>
    Audio,

    /// <summary>A voice message.</summary>
    Voice,

    /// <summary>Any file.</summary>
    Document,

    /// <summary>A sticker.</summary>
    Sticker,
}

/// <summary>The heading of pictures and videos that follow, each in a message of its own.</summary>
/// <param name="Images">How many pictures.</param>
/// <param name="Videos">How many videos.</param>
public sealed record AlbumContent(int Images, int Videos) : MessageContent;

/// <summary>An invitation to a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Code">What to accept it with.</param>
/// <param name="GroupName">What the group is called.</param>
/// <param name="Expires">Until when it can be accepted.</param>
/// <param name="Caption">What is said with it.</param>
public sealed record GroupInviteContent(Jid Group, string Code, string? GroupName, DateTimeOffset? Expires, string? Caption) : MessageContent;

/// <summary>An event that people are asked to.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What is said about it.</param>
/// <param name="Starts">When it begins.</param>
/// <param name="Ends">When it ends.</param>
/// <param name="IsCanceled">Whether it will not be.</param>
public sealed record EventContent(string Name, string? Description, DateTimeOffset? Starts, DateTimeOffset? Ends, bool IsCanceled) : MessageContent;

/// <summary>A message is pinned to the top of the chat, or no longer.</summary>
/// <param name="Target">The message.</param>
/// <param name="IsPinned">Whether it is pinned from now on.</param>
public sealed record PinContent(MessageReference Target, bool IsPinned) : MessageContent;

/// <summary>A message that would disappear is kept for everyone, or no longer.</summary>
/// <param name="Target">The message.</param>
/// <param name="IsKept">Whether it is kept from now on.</param>
public sealed record KeepContent(MessageReference Target, bool IsKept) : MessageContent;

/// <summary>From now on messages in the chat disappear after a while, or stay.</summary>
/// <param name="Duration">How long they are there; null when they stay.</param>
public sealed record TimerContent(TimeSpan? Duration) : MessageContent;

/// <summary>Between devices, nothing to show: keys, history and the like.</summary>
/// <param name="Protocol">What it says; null when it only brings the key of a group's sender.</param>
public sealed record ProtocolContent(ProtocolMessage? Protocol) : MessageContent;

/// <summary>Something that this library does not read, or that makes no sense.</summary>
/// <param name="Message">As it came.</param>
public sealed record UnknownContent(Message Message) : MessageContent;
