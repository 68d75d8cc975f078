using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;
using EndType = FocoBot.WhatsApp.Proto.Conversation.Types.EndOfHistoryTransferType;

namespace FocoBot.Sandbox.Phones;

/// <summary>Somebody a phone talks to: both addresses, what he calls himself, and the privacy tokens that he and the phone's account have given each other.</summary>
internal sealed record Correspondent(Jid Pn, Jid Lid, string PushName, GivenToken? Theirs = null, GivenToken? Ours = null);

/// <summary>Cuts what a phone has read and written into the parts that a new companion gets.</summary>
internal sealed class PhoneHistory(Jid self, IReadOnlyList<PhoneMessage> messages, ByteString salt, Func<Jid, Correspondent?> find)
{
    private const int AtOnce = 5;
    private const int MessagesAPart = 150;

    /// <summary>Names; then each chat with its latest messages; then the rest in parts.</summary>
    public IEnumerable<HistorySync> Parts()
    {
        var chats = messages.GroupBy(message => message.Chat).ToList();
        var people = chats.Select(chat => find(chat.Key)).OfType<Correspondent>().ToList();
        yield return new HistorySync { SyncType = HistorySyncType.PushName, Progress = 100, Pushnames = { people.Select(person => new Pushname { Id = person.Pn.ToString(), Pushname_ = person.PushName }) } };

        var first = new HistorySync { SyncType = HistorySyncType.InitialBootstrap, Progress = 100 };
        first.PhoneNumberToLidMappings.Add(people.Select(person => new PhoneNumberToLidMapping { PnJid = person.Pn.ToString(), LidJid = person.Lid.ToString() }));
        first.Conversations.Add(chats.Select(chat => Chat(chat.Key, chat.TakeLast(AtOnce), chat.Count() > AtOnce ? EndType.CompleteButMoreOnPrimary : EndType.CompleteNoneLeft)));
        if (salt.Length > 0) first.NctSalt = salt;
        yield return first;

        var older = chats.SelectMany(chat => chat.SkipLast(AtOnce)).Chunk(MessagesAPart).ToList();
        if (older.Count == 0) older.Add([]);
        for (var i = 0; i < older.Count; i++)
        {
            var part = new HistorySync { SyncType = HistorySyncType.Recent, ChunkOrder = (uint)i + 1, Progress = (uint)(100 * (i + 1) / older.Count) };
            part.Conversations.Add(older[i].GroupBy(message => message.Chat).Select(chat => Chat(chat.Key, chat, EndType.CompleteNoneLeft)));
            yield return part;
        }
    }

    /// <summary>The latest messages of a chat that are older than one of them.</summary>
    public HistorySync Before(Jid chat, string messageId, DateTimeOffset time, int count)
    {
        var all = messages.Where(message => message.Chat == chat).ToList();
        var known = all.FindIndex(message => message.Id == messageId);
        var older = known >= 0 ? all[..known] : all.Where(message => message.At < time).ToList();
        var end = older.Count > count ? EndType.OnDemandCompleteButMoreOnPrimary : EndType.OnDemandCompleteNoneLeft;
        return new HistorySync { SyncType = HistorySyncType.OnDemand, Progress = 100, Conversations = { Chat(chat, older.TakeLast(count), end) } };
    }

    /// <summary>A message; null when there is none like that.</summary>
    public WebMessageInfo? Message(string id)
    {
        if (messages.FirstOrDefault(message => message.Id == id) is not { } known) return null;
        var person = find(known.Chat);
        return Info(known, (person?.Lid ?? known.Chat).ToString(), person is null, (ulong)known.At.ToUnixTimeSeconds());
    }

    private Conversation Chat(Jid chat, IEnumerable<PhoneMessage> shown, EndType end)
    {
        var person = find(chat);
        var id = (person?.Lid ?? chat).ToString();
        var conversation = new Conversation { Id = id, EndOfHistoryTransferType = end };
        if (person is not null)
        {
            conversation.PnJid = person.Pn.ToString();
            conversation.DisplayName = person.PushName;
            if (person.Theirs is { } theirs) (conversation.TcToken, conversation.TcTokenTimestamp) = (ByteString.CopyFrom(theirs.Bytes), (ulong)theirs.Time);
            if (person.Ours is { } ours) conversation.TcTokenSenderTimestamp = (ulong)ours.Time;
        }

        // The latest first, as phones have it.
        foreach (var message in shown.Reverse())
        {
            var time = (ulong)message.At.ToUnixTimeSeconds();
            conversation.ConversationTimestamp = Math.Max(conversation.ConversationTimestamp, time);
            conversation.Messages.Add(new HistorySyncMsg { Message = Info(message, id, person is null, time) });
        }

        return conversation;
    }

    private WebMessageInfo Info(PhoneMessage message, string chat, bool isGroup, ulong time)
    {
        var fromMe = message.From == self;
        var info = new WebMessageInfo
        {
            Key = new MessageKey { RemoteJid = chat, FromMe = fromMe, Id = message.Id },
            Message = message.Message,
            MessageTimestamp = time,
            Status = fromMe ? WebMessageInfo.Types.Status.ServerAck : WebMessageInfo.Types.Status.Read,
        };
        if (fromMe || find(message.From) is not { } author) return info;
        info.PushName = author.PushName;
        if (isGroup) info.Key.Participant = info.Participant = author.Lid.ToString();
        return info;
    }
}
