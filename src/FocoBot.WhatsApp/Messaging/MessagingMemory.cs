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

    /// <summary>How often each message was refused for the addresses in it.</summary>
    public BoundedCounts Readdressed { get; } = new(Limits.RetriedMessages);

    /// <summary>How often each device asked for each message again.</summary>
    public BoundedCounts Answered { get; } = new(Limits.RetriedMessages);
}

/// <summary>Counts by name, of which the oldest are forgotten.</summary>
internal sealed class BoundedCounts(int most)
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    public int Increment(string name)
    {
        lock (counts)
        {
            if (!counts.TryGetValue(name, out var count))
            {
                order.Enqueue(name);
                if (order.Count > most)
                    counts.Remove(order.Dequeue());
            }

            return counts[name] = count + 1;
        }
    }
}
