using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What messaging remembers from one connection to the next, in memory.</summary>
internal sealed class MessagingMemory(Contents contents)
{
    /// <summary>What messages are about, and what is kept of them for later ones.</summary>
    public Contents Contents { get; } = contents;

    /// <summary>Those who wait for the server to take a message.</summary>
    public PendingRequests Acks { get; } = new();

    public SentMessages Sent { get; } = new();

    /// <summary>Whether the caller has said on this connection that somebody is there.</summary>
    public bool IsAvailable { get; set; }

    /// <summary>How often each message was asked for again.</summary>
    public BoundedCounts Asked { get; } = new(Limits.RetriedMessages);

    /// <summary>What could not be decrypted, and may come more than once now.</summary>
    public Recoveries Recoveries { get; } = new();

    /// <summary>How often each message was refused for the addresses in it.</summary>
    public BoundedCounts Readdressed { get; } = new(Limits.RetriedMessages);

    /// <summary>How often each device asked for each message again.</summary>
    public BoundedCounts Answered { get; } = new(Limits.RetriedMessages);
}

/// <summary>
/// Messages that could not be decrypted, of which the oldest are forgotten. They are asked for again, perhaps twice, and the server may have
/// an undamaged copy as well: each has an encryption of its own, so that only this tells that they are the same.
/// </summary>
internal sealed class Recoveries
{
    private readonly Dictionary<string, bool> _come = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Expect(string name)
    {
        lock (_come)
        {
            if (!_come.TryAdd(name, false))
                return;
            _order.Enqueue(name);
            if (_order.Count > Limits.RetriedMessages)
                _come.Remove(_order.Dequeue());
        }
    }

    public bool HasCome(string name)
    {
        lock (_come)
            return _come.GetValueOrDefault(name);
    }

    public void Come(string name)
    {
        lock (_come)
        {
            if (_come.ContainsKey(name))
                _come[name] = true;
        }
    }

    /// <summary>What has come may not have been stored.</summary>
    public void Forget()
    {
        lock (_come)
        {
            foreach (var name in _order)
                _come[name] = false;
        }
    }
}

/// <summary>Counts by name, of which the oldest are forgotten.</summary>
internal sealed class BoundedCounts(int most)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public int Increment(string name)
    {
        lock (_counts)
        {
            if (!_counts.TryGetValue(name, out var count))
            {
                _order.Enqueue(name);
                if (_order.Count > most)
                    _counts.Remove(_order.Dequeue());
            }

            return _counts[name] = count + 1;
        }
    }
}
