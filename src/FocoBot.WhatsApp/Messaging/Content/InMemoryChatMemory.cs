namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>The memory of the last messages and chats, in this process only.</summary>
public sealed class InMemoryChatMemory : IChatMemory
{
    private readonly BoundedMap<(Jid, string), MessageSecret> secrets = new(Limits.MessageSecrets);
    private readonly BoundedMap<Jid, ChatTimer?> timers = new(Limits.KnownAddresses);

    /// <inheritdoc/>
    public ValueTask KeepSecretAsync(MessageSecret secret, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(secret);
        secrets.Set((secret.Author, secret.Id), secret);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<MessageSecret?> FindSecretAsync(Jid author, string id, CancellationToken token) => new(secrets.Find((author, id)));

    /// <inheritdoc/>
    public ValueTask KeepTimerAsync(Jid chat, ChatTimer? timer, CancellationToken token)
    {
        timers.Set(chat, timer);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<ChatTimer?> FindTimerAsync(Jid chat, CancellationToken token) => new(timers.Find(chat));

    // The oldest entry goes first.
    private sealed class BoundedMap<TKey, TValue>(int most)
        where TKey : notnull
    {
        private readonly Dictionary<TKey, TValue> entries = [];
        private readonly Queue<TKey> order = new();

        public void Set(TKey key, TValue value)
        {
            lock (entries)
            {
                if (entries.TryAdd(key, value))
                    order.Enqueue(key);
                else
                    entries[key] = value;
                if (order.Count > most)
                    entries.Remove(order.Dequeue());
            }
        }

        public TValue? Find(TKey key)
        {
            lock (entries)
                return entries.GetValueOrDefault(key);
        }
    }
}
