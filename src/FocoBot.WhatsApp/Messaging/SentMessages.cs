using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>The last messages that were sent, for those who can't decrypt them and ask again. A restart forgets them.</summary>
internal sealed class SentMessages
{
    private readonly Dictionary<string, SentContent> sent = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    public void Add(string id, SentContent content)
    {
        lock (sent)
        {
            if (sent.TryAdd(id, content))
                order.Enqueue(id);
            if (order.Count > Limits.SentMessages)
                sent.Remove(order.Dequeue());
        }
    }

    public SentContent? Find(string id)
    {
        lock (sent)
            return sent.GetValueOrDefault(id);
    }
}

/// <summary>A message and whom it went to.</summary>
internal sealed record SentContent(Jid Chat, Message Message)
{
    /// <summary>As the account's own other devices get it.</summary>
    public Message ForOwnDevices() => new()
    {
        DeviceSentMessage = new() { DestinationJid = Chat.ToString(), Message = Message },
        MessageContextInfo = Message.MessageContextInfo,
    };
}
