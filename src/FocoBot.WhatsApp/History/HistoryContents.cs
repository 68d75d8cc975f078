using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using EndType = FocoBot.WhatsApp.Proto.Conversation.Types.EndOfHistoryTransferType;

namespace FocoBot.WhatsApp.History;

/// <summary>What a conversation out of the history says. What can't be understood in it is left out: the phone wrote it, so that is no attack.</summary>
internal static class HistoryContents
{
    /// <summary>The chat; null when it is none.</summary>
    public static HistoryReceived? Read(HistoryPart part, Conversation conversation, DeviceCredentials self)
    {
        if (!Jid.TryParse(conversation.Id, out var chat) || chat.User.Length == 0)
            return null;
        var messages = conversation.Messages.Select(message => Read(message.Message, chat, self)).OfType<HistoryMessage>().ToArray();
        return new(part, chat, messages)
        {
            ChatAlternate = Jid.TryParse(chat.Server == JidServer.Lid ? conversation.PnJid : conversation.LidJid, out var alternate) ? alternate : null,
            Name = conversation.Name is { Length: > 0 } name ? name : conversation.DisplayName is { Length: > 0 } shown ? shown : null,
            UnreadCount = (int)Math.Min(conversation.UnreadCount, int.MaxValue),
            IsMarkedUnread = conversation.MarkedAsUnread,
            IsArchived = conversation.Archived,
            IsPinned = conversation.Pinned > 0,
            MutedUntil = conversation.HasMuteEndTime && conversation.MuteEndTime > 0 ? Seconds(conversation.MuteEndTime) : null,
            LastActivity = conversation.ConversationTimestamp > 0 ? Seconds(conversation.ConversationTimestamp) : null,
            Expiration = TimeSpan.FromSeconds(conversation.EphemeralExpiration),
            IsComplete = conversation.HasEndOfHistoryTransferType
                ? conversation.EndOfHistoryTransferType is EndType.CompleteNoneLeft or EndType.OnDemandCompleteNoneLeft
                : null,
        };
    }

    private static HistoryMessage? Read(WebMessageInfo? info, Jid chat, DeviceCredentials self)
    {
        if (info?.Key is not { Id.Length: > 0 } key)
            return null;
        var sender = key.FromMe ? self.PhoneJid!.Value.WithoutDevice()
            : Jid.TryParse(key.Participant, out var member) || Jid.TryParse(info.Participant, out member) ? member
            : chat;
        return new(key.Id, sender, key.FromMe, Seconds(info.MessageTimestamp), info.Message)
        {
            PushName = info.PushName is { Length: > 0 } name ? name : null,
            Status = info.HasStatus ? (int)info.Status : null,
            IsStarred = info.Starred,
            StubType = info.MessageStubType,
            StubParameters = [.. info.MessageStubParameters],
        };
    }

    // Some phones have milliseconds in it, or nonsense.
    private static DateTimeOffset Seconds(ulong time)
    {
        var last = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(time, last));
    }
}
