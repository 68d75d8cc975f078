using System.Globalization;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.WhatsApp;

// What others are told of this account's owner: that messages were read, that somebody is there, or writes.
public sealed partial class WhatsAppClient
{
    // As last asked for on this connection; changes are told.
    private volatile PrivacySettings? _privacy;

    /// <summary>
    /// Tells the senders of messages that these were read, or only the account's other devices if its privacy settings say so. One's own
    /// messages among them are left out.
    /// </summary>
    /// <param name="messages">The messages, of any chats.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is sent.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public Task MarkReadAsync(IEnumerable<MessageReference> messages, CancellationToken token = default) => SendReceiptsAsync(messages, "read", token);

    /// <summary>Tells the senders of voice messages, or of what is for one look, that these were played. Otherwise as <see cref="MarkReadAsync"/>.</summary>
    /// <param name="messages">The messages, of any chats.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is sent.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public Task MarkPlayedAsync(IEnumerable<MessageReference> messages, CancellationToken token = default) => SendReceiptsAsync(messages, "played", token);

    /// <summary>
    /// Says whether somebody is there. Nobody is until this is called, and again after each reconnect. Who is there gets others' presence and
    /// typing, and is seen as online; the phone then shows no notifications.
    /// </summary>
    /// <param name="isAvailable">Whether somebody is there.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is sent.</returns>
    /// <exception cref="ConnectionEndedException">There is no connection.</exception>
    public async Task SetPresenceAsync(bool isAvailable, CancellationToken token = default)
    {
        var online = await OnlineAsync(token);
        var name = Self.PushName?.Replace("@", "", StringComparison.Ordinal);
        await online.SendAsync(new Node("presence", [("name", string.IsNullOrEmpty(name) ? null : name), ("type", isAvailable ? "available" : "unavailable")]), token);
        _messagingMemory.IsAvailable = isAvailable;
    }

    /// <summary>Asks to be told of somebody's presence, on this connection: see <see cref="PresenceChanged"/>. The server tells only who is available.</summary>
    /// <param name="user">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is sent; there is no answer when the other's settings forbid it.</returns>
    /// <exception cref="ConnectionEndedException">There is no connection.</exception>
    public async Task SubscribePresenceAsync(Jid user, CancellationToken token = default)
    {
        user = Person(user);
        var online = await OnlineAsync(token);
        await online.SendAsync(new Node("presence", [("to", user), ("type", "subscribe"), ("id", online.NextId())], await WelcomeAsync(user, token)), token);
    }

    /// <summary>Shows in a chat that one writes or speaks. Others show that for some 25 seconds, or until a message comes.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="typing">What one does.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When it is sent.</returns>
    /// <exception cref="ConnectionEndedException">There is no connection.</exception>
    public async Task SendTypingAsync(Jid chat, Typing typing, CancellationToken token = default)
    {
        Node doing = typing switch
        {
            Typing.Composing => new("composing"),
            Typing.Recording => new("composing", [("media", "audio")]),
            _ => new("paused"),
        };
        var online = await OnlineAsync(token);
        await online.SendAsync(new Node("chatstate", [("from", chat.Server == JidServer.Lid ? Self.Lid : Self.PhoneJid), ("to", chat.WithoutDevice())], doing), token);
    }

    // <receipt id to type="read" t participant?><list><item id/>…</list></receipt>: one for each sender.
    private async Task SendReceiptsAsync(IEnumerable<MessageReference> messages, string type, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var online = await OnlineAsync(token);
        var fromOthers = messages.Where(message => !message.FromMe).ToArray();
        if (fromOthers.Length == 0)
            return;
        var hidden = (_privacy ??= await GetPrivacyAsync(token))[PrivacySetting.ReadReceipts] is PrivacyAudience.Nobody;
        var now = _options.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        foreach (var sender in fromOthers.GroupBy(message => (Chat: message.Chat.WithoutDevice(), By: message.Chat.IsShared() ? message.Author?.WithoutDevice() : null)))
        {
            foreach (var ids in sender.Select(message => message.Id).Distinct(StringComparer.Ordinal).Chunk(Limits.ReadBatch))
            {
                var others = ids.Length == 1 ? null : new Node("list", ids.Skip(1).Select(id => new Node("item", [("id", id)])).ToArray());
                await online.SendAsync(
                    new Node("receipt", [("id", ids[0]), ("to", sender.Key.Chat), ("type", hidden ? type + "-self" : type), ("t", now), ("participant", sender.Key.By)], others), token);
            }
        }
    }
}
