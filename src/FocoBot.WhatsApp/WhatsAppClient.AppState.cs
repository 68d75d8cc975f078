using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Proto;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.WhatsApp;

// Settings that all devices of the account share. Those that other devices change are events (AppStateEvents.cs).
public sealed partial class WhatsAppClient
{
    private AppStateMemory _appStateMemory = new();
    private volatile AppStateConnection? _appState;

    /// <summary>Mutes a chat, or ends that.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="isMuted">Whether it shall be muted.</param>
    /// <param name="until">Until when; null for ever.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetMutedAsync(Jid chat, bool isMuted, DateTimeOffset? until = null, CancellationToken token = default)
    {
        var mute = new MuteAction { Muted = isMuted };
        if (isMuted)
            mute.MuteEndTimestamp = until?.ToUnixTimeMilliseconds() ?? -1;
        return WriteAsync(CollectionNames.RegularHigh, [new(["mute", Name(chat)], new() { MuteAction = mute }, 2)], token);
    }

    /// <summary>Pins a chat to the top, or ends that.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="isPinned">Whether it shall be pinned.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetPinnedAsync(Jid chat, bool isPinned, CancellationToken token = default) => WriteAsync(CollectionNames.RegularLow, [Pin(chat, isPinned)], token);

    /// <summary>Archives a chat, which also unpins it, or brings it back.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="isArchived">Whether it shall be archived.</param>
    /// <param name="last">The last message in it, as far as is known: a later one brings the chat back on other devices.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetArchivedAsync(Jid chat, bool isArchived, LastMessage? last = null, CancellationToken token = default)
    {
        var archive = new Setting(["archive", Name(chat)], new() { ArchiveChatAction = new() { Archived = isArchived, MessageRange = Range(chat, last) } }, 3);
        return WriteAsync(CollectionNames.RegularLow, isArchived ? [archive, Pin(chat, isPinned: false)] : [archive], token);
    }

    /// <summary>Marks a chat as read or unread. Whoever wrote hears nothing of that.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="isRead">Whether it shall count as read.</param>
    /// <param name="last">The last message in it, as far as is known.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetReadAsync(Jid chat, bool isRead, LastMessage? last = null, CancellationToken token = default) => WriteAsync(
        CollectionNames.RegularLow,
        [new(["markChatAsRead", Name(chat)], new() { MarkChatAsReadAction = new() { Read = isRead, MessageRange = Range(chat, last) } }, 3)],
        token);

    /// <summary>Empties a chat.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="last">The last message that goes, as far as is known.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task ClearChatAsync(Jid chat, LastMessage? last = null, CancellationToken token = default) => WriteAsync(
        CollectionNames.RegularHigh,
        [new(["clearChat", Name(chat), "1", "0"], new() { ClearChatAction = new() { MessageRange = Range(chat, last) } }, 6)],
        token);

    /// <summary>Deletes a chat.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="last">The last message in it, as far as is known.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task DeleteChatAsync(Jid chat, LastMessage? last = null, CancellationToken token = default) => WriteAsync(
        CollectionNames.RegularHigh,
        [new(["deleteChat", Name(chat), "1"], new() { DeleteChatAction = new() { MessageRange = Range(chat, last) } }, 6)],
        token);

    /// <summary>Stars a message, or ends that.</summary>
    /// <param name="chat">The chat it is in.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="fromMe">Whether the account's owner wrote it.</param>
    /// <param name="isStarred">Whether it shall be starred.</param>
    /// <param name="sender">In groups, who wrote it; null for the owner.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetStarredAsync(Jid chat, string messageId, bool fromMe, bool isStarred, Jid? sender = null, CancellationToken token = default) => WriteAsync(
        CollectionNames.RegularHigh,
        [new(Index("star", chat, messageId, fromMe, sender), new() { StarAction = new() { Starred = isStarred } }, 2)],
        token);

    /// <summary>Deletes a message for the account's owner alone.</summary>
    /// <param name="chat">The chat it is in.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="fromMe">Whether the account's owner wrote it.</param>
    /// <param name="time">When it was written.</param>
    /// <param name="sender">In groups, who wrote it; null for the owner.</param>
    /// <param name="deleteMedia">Whether a file that belongs to it goes as well.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task DeleteForMeAsync(
        Jid chat, string messageId, bool fromMe, DateTimeOffset time, Jid? sender = null, bool deleteMedia = false, CancellationToken token = default) => WriteAsync(
        CollectionNames.RegularHigh,
        [
            new(
                Index("deleteMessageForMe", chat, messageId, fromMe, sender),
                new() { DeleteMessageForMeAction = new() { DeleteMedia = deleteMedia, MessageTimestamp = time.ToUnixTimeSeconds() } },
                3),
        ],
        token);

    /// <summary>Gives somebody a name in the account's address book.</summary>
    /// <param name="contact">Who.</param>
    /// <param name="fullName">The name.</param>
    /// <param name="firstName">The short name; null for the first word.</param>
    /// <param name="onPhone">Whether the phone's own address book gets it as well.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetContactAsync(Jid contact, string fullName, string? firstName = null, bool onPhone = false, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullName);
        var action = new ContactAction { FullName = fullName, FirstName = firstName ?? fullName.Split(' ')[0], SaveOnPrimaryAddressbook = onPhone };
        return WriteAsync(CollectionNames.CriticalUnblockLow, [new(["contact", Name(contact)], new() { ContactAction = action }, 2)], token);
    }

    /// <summary>Takes somebody out of the account's address book.</summary>
    /// <param name="contact">Who.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task RemoveContactAsync(Jid contact, CancellationToken token = default) => WriteAsync(
        CollectionNames.CriticalUnblockLow, [new(["contact", Name(contact)], new() { ContactAction = new() }, 2, Operation.Remove)], token);

    /// <summary>Makes a label, or changes it.</summary>
    /// <param name="labelId">Its id: a number that no other label has.</param>
    /// <param name="name">Its name.</param>
    /// <param name="color">The number of its colour, from 0 to 19.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetLabelAsync(string labelId, string name, int color, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return WriteLabelAsync(["label_edit", labelId], new() { LabelEditAction = new() { Name = name, Color = color, Deleted = false } }, token);
    }

    /// <summary>Deletes a label.</summary>
    /// <param name="labelId">Its id.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task DeleteLabelAsync(string labelId, CancellationToken token = default) =>
        WriteLabelAsync(["label_edit", labelId], new() { LabelEditAction = new() { Deleted = true } }, token);

    /// <summary>Gives a chat a label, or takes it away.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="labelId">The label's id.</param>
    /// <param name="isLabeled">Whether it shall have the label.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetChatLabeledAsync(Jid chat, string labelId, bool isLabeled, CancellationToken token = default) =>
        WriteLabelAsync(["label_jid", labelId, Name(chat)], new() { LabelAssociationAction = new() { Labeled = isLabeled } }, token);

    /// <summary>Gives a message a label, or takes it away.</summary>
    /// <param name="chat">The chat it is in.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="labelId">The label's id.</param>
    /// <param name="isLabeled">Whether it shall have the label.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task SetMessageLabeledAsync(Jid chat, string messageId, string labelId, bool isLabeled, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        return WriteLabelAsync(["label_message", labelId, Name(chat), messageId, "0", "0"], new() { LabelAssociationAction = new() { Labeled = isLabeled } }, token);
    }

    private Task WriteLabelAsync(string[] index, SyncActionValue value, CancellationToken token)
    {
        ArgumentException.ThrowIfNullOrEmpty(index[1], "labelId");
        return WriteAsync(CollectionNames.Regular, [new(index, value, 3)], token);
    }

    /// <summary>Changes settings.</summary>
    /// <returns>When the server has taken it; other devices hear of it from there.</returns>
    /// <exception cref="AppStateException">The phone has not shared its key yet, or the settings can't be brought up to date.</exception>
    /// <exception cref="RequestRefusedException">The server refused it.</exception>
    /// <exception cref="RequestTimeoutException">The server did not answer in time; it may be changed.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or it ended meanwhile; it may be changed.</exception>
    private async Task WriteAsync(string collection, Setting[] settings, CancellationToken token)
    {
        var connection = await OnlineAsync(token);
        var online = _appState ?? throw new ConnectionEndedException(await connection.Ended);
        foreach (var setting in settings)
            setting.Value.Timestamp = _options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await online.WriteAsync(collection, settings, token);
    }

    private static Setting Pin(Jid chat, bool isPinned) => new(["pin_v1", Name(chat)], new() { PinAction = new() { Pinned = isPinned } }, 5);

    private static string Name(Jid chat) =>
        chat.User.Length > 0 ? chat.WithoutDevice().ToString() : throw new ArgumentException("This is no chat and nobody.", nameof(chat));

    private static string[] Index(string kind, Jid chat, string messageId, bool fromMe, Jid? sender)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        return [kind, Name(chat), messageId, fromMe ? "1" : "0", sender is { } author && !fromMe && chat.Server == JidServer.Group ? Name(author) : "0"];
    }

    private static SyncActionMessageRange? Range(Jid chat, LastMessage? last)
    {
        if (last is null)
            return null;
        var key = new MessageKey { RemoteJid = Name(chat), Id = last.Id, FromMe = last.FromMe };
        if (last.Sender is { } sender && chat.Server == JidServer.Group && !last.FromMe)
            key.Participant = Name(sender);
        var seconds = last.Time.ToUnixTimeSeconds();
        return new() { LastMessageTimestamp = seconds, Messages = { new SyncActionMessage { Key = key, Timestamp = seconds } } };
    }
}

/// <summary>The last message of a chat.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FromMe">Whether the account's owner wrote it.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Sender">In groups, who wrote it.</param>
public sealed record LastMessage(string Id, bool FromMe, DateTimeOffset Time, Jid? Sender = null)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(LastMessage);
}
