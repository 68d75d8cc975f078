using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp;

// What messages are about: reading those that came, and sending each kind.
public sealed partial class WhatsAppClient
{
    private static readonly SendOptions NoOptions = new();

    /// <summary>
    /// Says what a message is about, out of all its wrapping. Votes, and additions that are sealed likewise, need the secret of the message that
    /// they belong to: those of the last 4096 messages with one are stored.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>One of the kinds of content; <see cref="UnknownContent"/> for what is new or makes no sense.</returns>
    /// <exception cref="InvalidOperationException">The device is not linked, or the client has not connected yet.</exception>
    /// <exception cref="StoreFailedException">The store has failed, and the client has not connected again.</exception>
    public async ValueTask<MessageContent> DescribeAsync(MessageReceived message, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Described is { } described and not SealedContent)
            return described;
        var self = Self;
        var content = Contents.Read(message, self);
        return content is SealedContent { Use: not null }
            ? await _units.ReadAsync(unit => Contents.DescribeAsync(unit, message, self, token).AsTask(), token)
            : content;
    }

    /// <summary>Sends a message with a reply, mentions, a timer….</summary>
    /// <param name="to">The chat.</param>
    /// <param name="content">What is in it, see <see cref="NewMessage"/>.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> SendAsync(Jid to, Message content, SendOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(options);
        return SendPreparedAsync(Chat(to), content, options, token);
    }

    /// <summary>Sends a text with a reply, mentions, a timer….</summary>
    /// <param name="to">The chat.</param>
    /// <param name="text">What to say; not empty.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> SendTextAsync(Jid to, string text, SendOptions options, CancellationToken token = default) =>
        SendAsync(to, NewMessage.Text(text), options, token);

    /// <summary>Reacts to a message, or takes the reaction back.</summary>
    /// <param name="target">The message.</param>
    /// <param name="emoji">One emoji; null to take the reaction back.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> ReactAsync(MessageReference target, string? emoji, CancellationToken token = default) =>
        SendAsync(Required(target).Chat, NewMessage.Reaction(target, emoji, _options.Clock.GetUtcNow()), NoOptions, token);

    /// <summary>Changes the text of one's own message. Others take that for about 20 minutes after it was sent.</summary>
    /// <param name="target">The message.</param>
    /// <param name="text">What it says from now on; not empty.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> EditAsync(MessageReference target, string text, CancellationToken token = default) =>
        SendAsync(Required(target).Chat, NewMessage.Edit(target, NewMessage.Text(text), _options.Clock.GetUtcNow()), NoOptions, token);

    /// <summary>Deletes a message for everyone: one's own, or somebody's in a group whose admin one is.</summary>
    /// <param name="target">The message.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> RevokeAsync(MessageReference target, CancellationToken token = default) =>
        SendAsync(Required(target).Chat, NewMessage.Revoke(target), NoOptions, token);

    /// <summary>Sends a message on, marked as forwarded.</summary>
    /// <param name="to">The chat it goes to.</param>
    /// <param name="message">The message.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> ForwardAsync(Jid to, MessageReceived message, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(to, NewMessage.Forward(message.Content), NoOptions, token);
    }

    /// <summary>Votes in a poll, in place of an earlier vote.</summary>
    /// <param name="poll">The poll.</param>
    /// <param name="votes">The options to vote for; none to take an earlier vote back.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <returns>When the server has taken it.</returns>
    /// <exception cref="InvalidOperationException">The poll's secret is not known (any more): those of the last 4096 messages with one are stored.</exception>
    /// <exception cref="ArgumentException">The poll has no such option.</exception>
    /// <exception cref="RequestRefusedException">The server refused it.</exception>
    /// <exception cref="RequestTimeoutException">The server did not answer in time; it may have the message.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or it ended meanwhile; the server may have the message.</exception>
    public async Task<SentMessage> VoteAsync(MessageReference poll, IReadOnlyList<string> votes, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(poll);
        ArgumentNullException.ThrowIfNull(votes);
        return await SendAsync(poll.Chat, await _units.ReadAsync(unit => _messagingMemory.Contents.VoteAsync(unit, poll, votes, Self, token).AsTask(), token), NoOptions, token);
    }

    /// <summary>Lets messages between two people disappear after a while, or stay; those that are sent from now on respect it. For groups there is <see cref="SetGroupDisappearingAsync"/>.</summary>
    /// <param name="chat">The other person.</param>
    /// <param name="duration">A day, a week or 90 days; null for messages that stay.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> SetTimerAsync(Jid chat, TimeSpan? duration, CancellationToken token = default) =>
        SendAsync(Person(chat), NewMessage.Timer(duration, _options.Clock.GetUtcNow()), NoOptions, token);

    private Storage.DeviceCredentials Self => Device ?? throw new InvalidOperationException("The device is not linked, or the client has not connected yet.");

    private async Task<SentMessage> SendPreparedAsync(Jid to, Message content, SendOptions with, CancellationToken token)
    {
        var connection = await OnlineAsync(token);
        return await (_messaging ?? throw new ConnectionEndedException(await connection.Ended)).SendAsync(to, content, with, token);
    }

    private static MessageReference Required(MessageReference target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target;
    }
}
