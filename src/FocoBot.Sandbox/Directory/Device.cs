using System.Buffers;
using System.Security.Cryptography;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Directory;

/// <summary>A device of an account: its public keys, and what waits for it. The phone itself has a <see cref="Receive"/>, a companion a connection.</summary>
internal sealed class Device(Account account, int id)
{
    public Account Account { get; } = account;

    public int Id { get; } = id;

    public Jid Pn => Account.Pn.WithDevice(Id);

    public Jid Lid => Account.Lid.WithDevice(Id);

    /// <summary>What it proves itself with at a login; empty for the phone.</summary>
    public byte[] NoiseKey { get; init; } = [];

    /// <summary>Its place in the phone's list of companions.</summary>
    public uint KeyIndex { get; init; }

    /// <summary>What the phone vouches for, as other devices may ask for it; empty for the phone.</summary>
    public byte[] Identity { get; init; } = [];

    public required KeyBundle Keys { get; init; }

    private readonly Dictionary<string, (Jid To, byte[] Hash)> _sent = [];
    private readonly Queue<string> _sentOrder = new();

    /// <summary>Notes how a message was addressed: what comes back about it must be addressed alike, or clients don't find it.</summary>
    /// <returns>Whether the very same message came before.</returns>
    public bool RememberSent(Node message)
    {
        var id = message.Require("id");
        var bytes = new ArrayBufferWriter<byte>();
        Stanza.Write(message, bytes);
        var hash = SHA256.HashData(bytes.WrittenSpan);
        if (!_sent.TryAdd(id, (message.RequireJid("to"), hash))) return _sent[id].Hash.AsSpan().SequenceEqual(hash);
        _sentOrder.Enqueue(id);
        if (_sentOrder.Count > ServerLimits.SentRemembered) _sent.Remove(_sentOrder.Dequeue());
        return false;
    }

    /// <summary>To whom this device sent a message; null when it did not, or too long ago.</summary>
    public Jid? SentTo(string id) => _sent.TryGetValue(id, out var sent) ? sent.To : null;

    /// <summary>Stanzas that were not acknowledged yet, in order.</summary>
    public LinkedList<Waiting> Queue { get; } = [];

    /// <summary>The device has a stanza.</summary>
    public void Acknowledge(string kind, string id)
    {
        if (FirstWaiting(waiting => waiting.Id == id && waiting.Class == kind) is { } found) Queue.Remove(found);
    }

    /// <summary>
    /// The device could not read a message and has asked for it. What it is sent then has the same id: an acknowledgement that follows is still of the first one, and
    /// when none follows (clients differ) the first one has had its time all the same.
    /// </summary>
    public void AskAgain(string id)
    {
        if (FirstWaiting(waiting => waiting is { Class: "message", IsAskedAgain: false } && waiting.Id == id) is { } found) found.Value = found.Value with { IsAskedAgain = true };
    }

    /// <summary>Removes what the device has asked for again, before it is sent what it missed.</summary>
    public void ForgetAskedAgain()
    {
        while (FirstWaiting(waiting => waiting.IsAskedAgain) is { } found) Queue.Remove(found);
    }

    /// <summary>The one connection there is; null when offline.</summary>
    public ClientConnection? Connection { get; set; }

    /// <summary>Takes a stanza in the same process; set for phones that are online.</summary>
    public Action<Node>? Receive { get; set; }

    /// <summary>Whether it has taken over its backlog, so that new stanzas may follow.</summary>
    public bool IsCaughtUp { get; set; }

    public bool IsAvailable { get; set; }

    private LinkedListNode<Waiting>? FirstWaiting(Predicate<Waiting> fits)
    {
        var waiting = Queue.First;
        while (waiting is not null && !fits(waiting.Value)) waiting = waiting.Next;
        return waiting;
    }
}

/// <summary>A stanza on its way, by what its acknowledgement will name.</summary>
internal sealed record Waiting(string Class, string Id, Node Stanza, bool IsAskedAgain = false);
