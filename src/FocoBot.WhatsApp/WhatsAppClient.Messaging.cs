using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp;

// Messages to people and groups, and notes to oneself. Those that come are events.
public sealed partial class WhatsAppClient
{
    private readonly MessagingMemory _messagingMemory;
    private volatile MessagingConnection? _messaging;

    /// <summary>Sends a text to somebody, to oneself or to a group.</summary>
    /// <param name="to">The person, by phone number or hidden identity, or the group.</param>
    /// <param name="text">What to say; not empty.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <inheritdoc cref="SendAsync(Jid, Message, string, CancellationToken)"/>
    public Task<SentMessage> SendTextAsync(Jid to, string text, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return SendAsync(to, new Message { Conversation = text }, token: token);
    }

    /// <summary>
    /// Sends a message to somebody, to oneself or to a group. It is stored before it leaves, and leaves again unchanged on later connections until the server
    /// has it, also after a restart. Who can't decrypt it asks for it again, and gets it as long as it is among the last 256.
    /// </summary>
    /// <param name="to">The person, by phone number or hidden identity, or the group.</param>
    /// <param name="content">What is in it; leave it alone afterwards.</param>
    /// <param name="id">An id of one's own, the same for a message that is tried again, which leaves once; null to have one made.</param>
    /// <param name="token">Gives up waiting; the message may be sent all the same.</param>
    /// <returns>When the server has taken it, on this connection or a later one; <see cref="MessageAcknowledged"/> tells as well.</returns>
    /// <exception cref="ArgumentException">This is neither person nor group.</exception>
    /// <exception cref="RequestRefusedException">The server refused it, 404 when nobody there has WhatsApp; or it was given up, see <see cref="RefusalReason.EndsConnections"/>.</exception>
    /// <exception cref="RequestTimeoutException">The server did not answer in time; it may have the message, or get it later.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or the client has been disconnected; the server may have the message, or get it later.</exception>
    /// <exception cref="StoreFailedException">The message could not be stored, and was not sent.</exception>
    public Task<SentMessage> SendAsync(Jid to, Message content, string? id = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return SendPreparedAsync(Chat(to), content, NoOptions with { Id = id }, token);
    }

    /// <summary>
    /// Says whether a message is stored here, on its way or sent. Once sending it has failed and this says no, nothing of it has left, and nothing will before it is sent anew.
    /// </summary>
    /// <param name="id">The message's id.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>Whether it is on its way to the server, or among the last 256 that the server has taken.</returns>
    /// <exception cref="StoreFailedException">The store has failed, and the client has not connected again.</exception>
    public async Task<bool> HoldsAsync(string id, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        await _messagingMemory.Sent.PrepareAsync(_units, token);
        return await _units.ReadAsync(
            async unit => await unit.LoadAsync(Storage.RecordKind.Outgoing, id, token) is not null || await _messagingMemory.Sent.FindAsync(unit, id, token) is not null, token);
    }

    /// <summary>Makes an id for a message that is to be sent, for whoever has to know it beforehand: see <see cref="SendOptions.Id"/>.</summary>
    /// <returns>An id that no other message has.</returns>
    public static string NewMessageId() => MessageId.Create();

    private static Jid Chat(Jid to)
    {
        if (to.Server == JidServer.LegacyUser)
            to = new(to.User, JidServer.User);
        return to.Server is JidServer.User or JidServer.Lid or JidServer.Group && to.User.Length > 0
            ? to.WithoutDevice()
            : throw new ArgumentException("Messages go to people, by phone number or hidden identity, and to groups.", nameof(to));
    }

    private static Jid Person(Jid user) =>
        Chat(user) is { Server: not JidServer.Group } person ? person : throw new ArgumentException("This is no person, by phone number or hidden identity.", nameof(user));
}
