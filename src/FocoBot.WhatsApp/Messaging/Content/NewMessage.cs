using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>Contents of messages to send, see <see cref="WhatsAppClient.SendAsync(Jid, Message, SendOptions, CancellationToken)"/>.</summary>
public static class NewMessage
{
    /// <summary>A text.</summary>
    /// <param name="text">What it says; not empty.</param>
    /// <param name="preview">The preview of a link in it.</param>
    /// <returns>The content.</returns>
    public static Message Text(string text, LinkPreview? preview = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var part = new ExtendedTextMessage { Text = text };
        if (preview is not null)
        {
            part.MatchedText = preview.Url;
            part.Title = preview.Title;
            if (preview.Description is { } description)
                part.Description = description;
            if (!preview.JpegThumbnail.IsEmpty)
                part.JpegThumbnail = ByteString.CopyFrom(preview.JpegThumbnail.Span);
        }

        return new() { ExtendedTextMessage = part };
    }

    /// <summary>A reaction to a message, or its end. It replaces one's reaction before.</summary>
    /// <param name="target">The message.</param>
    /// <param name="emoji">One emoji; null to take the reaction back.</param>
    /// <param name="now">When one reacts.</param>
    /// <returns>The content.</returns>
    public static Message Reaction(MessageReference target, string? emoji, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new() { ReactionMessage = new() { Key = target.ToKey(), Text = emoji ?? "", SenderTimestampMs = now.ToUnixTimeMilliseconds() } };
    }

    /// <summary>Gives one's own message another content. Others take that for about 20 minutes after it was sent.</summary>
    /// <param name="target">The message.</param>
    /// <param name="replacement">What is in it from now on.</param>
    /// <param name="now">When one edits.</param>
    /// <returns>The content.</returns>
    public static Message Edit(MessageReference target, Message replacement, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(replacement);
        if (!target.FromMe)
            throw new ArgumentException("Only one's own messages can be edited.", nameof(target));
        return new()
        {
            ProtocolMessage = new()
            {
                Key = target.ToKey(), Type = ProtocolMessage.Types.Type.MessageEdit, EditedMessage = replacement, TimestampMs = now.ToUnixTimeMilliseconds(),
            },
        };
    }

    /// <summary>Deletes a message for everyone: one's own, or somebody's in a group whose admin one is. Others take that for about two days.</summary>
    /// <param name="target">The message.</param>
    /// <returns>The content.</returns>
    public static Message Revoke(MessageReference target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.FromMe && target.Chat.Server != JidServer.Group)
            throw new ArgumentException("Others' messages can be deleted in groups only.", nameof(target));
        return new() { ProtocolMessage = new() { Key = target.ToKey(), Type = ProtocolMessage.Types.Type.Revoke } };
    }

    /// <summary>A message to be sent on.</summary>
    /// <param name="message">What was received.</param>
    /// <returns>The content, marked as forwarded once more.</returns>
    /// <exception cref="ArgumentException">It can't be forwarded: a vote, a reaction and the like, or something to be looked at once.</exception>
    public static Message Forward(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        for (var outer = message; MessageClass.Wrapper(outer) is { Message: { } inner }; outer = inner)
        {
            if ((outer.ViewOnceMessage ?? outer.ViewOnceMessageV2 ?? outer.ViewOnceMessageV2Extension) is not null)
                throw new ArgumentException("What may be looked at once is not forwarded.", nameof(message));
        }

        var content = MessageClass.Unwrap(message).Clone();
        content.SenderKeyDistributionMessage = null;
        content.MessageContextInfo = null;
        if (ContextInfos.Require(content) is not { } context)
            throw new ArgumentException("This kind of message is not forwarded.", nameof(message));
        var score = context.ForwardingScore < int.MaxValue ? context.ForwardingScore + 1 : int.MaxValue;
        // Whom it answered, its timer and all the rest belong to the chat that it comes from.
        ContextInfos.Replace(content, new() { ForwardingScore = score, IsForwarded = true });
        return content;
    }

    /// <summary>A poll. It gets the secret for its votes when it is sent; they can be read as long as it is among the last 4096 messages with one.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="options">What can be voted for: two to twelve, all different.</param>
    /// <param name="selectable">How many options one may vote for; 0 for any number.</param>
    /// <returns>The content.</returns>
    public static Message Poll(string question, IReadOnlyList<string> options, int selectable = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(question);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Count is < 2 or > 12 || options.Any(string.IsNullOrEmpty) || options.Distinct(StringComparer.Ordinal).Count() != options.Count)
            throw new ArgumentException("A poll has two to twelve options, all different.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(selectable);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(selectable, options.Count);
        var poll = new PollCreationMessage { Name = question, SelectableOptionsCount = (uint)selectable };
        poll.Options.AddRange(options.Select(option => new PollCreationMessage.Types.Option { OptionName = option }));
        return selectable == 1 ? new() { PollCreationMessageV3 = poll } : new() { PollCreationMessage = poll };
    }

    /// <summary>A place.</summary>
    /// <param name="latitude">Degrees north.</param>
    /// <param name="longitude">Degrees east.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="address">Its address.</param>
    /// <returns>The content.</returns>
    public static Message Location(double latitude, double longitude, string? name = null, string? address = null)
    {
        if (!(Math.Abs(latitude) <= 90))
            throw new ArgumentOutOfRangeException(nameof(latitude));
        if (!(Math.Abs(longitude) <= 180))
            throw new ArgumentOutOfRangeException(nameof(longitude));
        var location = new LocationMessage { DegreesLatitude = latitude, DegreesLongitude = longitude };
        if (name is not null)
            location.Name = name;
        if (address is not null)
            location.Address = address;
        return new() { LocationMessage = location };
    }

    /// <summary>Contacts.</summary>
    /// <param name="contacts">One or more.</param>
    /// <returns>The content.</returns>
    public static Message Contacts(params IReadOnlyList<ContactCard> contacts)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        var cards = contacts.Select(contact => new ContactMessage { DisplayName = contact.Name, Vcard = contact.VCard }).ToArray();
        switch (cards)
        {
            case []:
                throw new ArgumentException("There is no contact.", nameof(contacts));
            case [var single]:
                return new() { ContactMessage = single };
            default:
                var all = new ContactsArrayMessage { DisplayName = $"{cards[0].DisplayName} +{cards.Length - 1}" };
                all.Contacts.AddRange(cards);
                return new() { ContactsArrayMessage = all };
        }
    }

    /// <summary>Lets messages between two people disappear after a while, or stay. In groups that is a setting of the group.</summary>
    /// <param name="duration">A day, a week or 90 days; null for messages that stay.</param>
    /// <param name="now">When that is set.</param>
    /// <returns>The content.</returns>
    public static Message Timer(TimeSpan? duration, DateTimeOffset now) => new()
    {
        EphemeralMessage = new()
        {
            Message = new()
            {
                ProtocolMessage = new()
                {
                    Type = ProtocolMessage.Types.Type.EphemeralSetting,
                    EphemeralExpiration = (uint)(duration ?? TimeSpan.Zero).TotalSeconds,
                    EphemeralSettingTimestamp = now.ToUnixTimeSeconds(),
                },
            },
        },
    };

    // Takes a picture, video or voice message.
    internal static Message ViewOnce(Message message)
    {
        switch (message)
        {
            case { ImageMessage: { } image }:
                image.ViewOnce = true;
                break;
            case { VideoMessage: { } video }:
                video.ViewOnce = true;
                break;
            case { AudioMessage: { } audio }:
                audio.ViewOnce = true;
                return new() { ViewOnceMessageV2Extension = new() { Message = message } };
            default:
                throw new ArgumentException("Only pictures, videos and voice messages can be for one look.", nameof(message));
        }

        return new() { ViewOnceMessageV2 = new() { Message = message } };
    }
}
