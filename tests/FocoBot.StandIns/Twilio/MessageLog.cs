namespace FocoBot.StandIns.Twilio;

/// <summary>The messages received, the oldest dropped beyond a capacity, found by number, id or recipient.</summary>
public sealed class MessageLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<RecordedMessage> _all = new();
    private readonly Dictionary<string, RecordedMessage> _bySid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<RecordedMessage>> _byRecipient = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _received;

    /// <summary>Messages received since the start or the last clearing, dropped ones included.</summary>
    public long Received
    {
        get
        {
            lock (_lock)
                return _received;
        }
    }

    /// <summary>Messages received and no longer kept.</summary>
    public long Dropped
    {
        get
        {
            lock (_lock)
                return _received - _all.Count;
        }
    }

    /// <summary>Keeps a message and gives it its number.</summary>
    public void Add(RecordedMessage message)
    {
        lock (_lock)
        {
            if (_all.Count == capacity)
                DropOldest();
            message.Number = ++_received;
            _all.Enqueue(message);
            _bySid[message.Sid] = message;
            if (!_byRecipient.TryGetValue(message.To, out var own))
                _byRecipient[message.To] = own = new Queue<RecordedMessage>();
            own.Enqueue(message);
            _counts[message.To] = _counts.GetValueOrDefault(message.To) + 1;
        }
    }

    /// <summary>Kept messages after a number, oldest first.</summary>
    public List<RecordedMessage> After(long number, int limit)
    {
        lock (_lock)
        {
            var first = _received - _all.Count;
            return [.. _all.Skip((int)Math.Clamp(number - first, 0, _all.Count)).Take(limit)];
        }
    }

    /// <summary>Kept messages to a recipient (null: to all), newest first.</summary>
    public List<RecordedMessage> To(string? recipient)
    {
        lock (_lock)
        {
            IEnumerable<RecordedMessage> found = recipient is null ? _all : _byRecipient.GetValueOrDefault(recipient) ?? [];
            return [.. found.Reverse()];
        }
    }

    /// <summary>A kept message, or null.</summary>
    public RecordedMessage? Find(string sid)
    {
        lock (_lock)
            return _bySid.GetValueOrDefault(sid);
    }

    /// <summary>How many messages each recipient was sent, dropped ones included.</summary>
    public Dictionary<string, int> CountsByRecipient()
    {
        lock (_lock)
            return new Dictionary<string, int>(_counts, StringComparer.Ordinal);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _all.Clear();
            _bySid.Clear();
            _byRecipient.Clear();
            _counts.Clear();
            _received = 0;
        }
    }

    private void DropOldest()
    {
        var oldest = _all.Dequeue();
        _bySid.Remove(oldest.Sid);
        var own = _byRecipient[oldest.To];
        own.Dequeue();
        if (own.Count == 0)
            _byRecipient.Remove(oldest.To);
    }
}
