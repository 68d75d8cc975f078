using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Sees on the offline network which keys a device encrypts with, whatever client it is at the time.</summary>
internal sealed class UsedKeys
{
    private readonly Lock gate = new();
    private readonly Jid device;
    private readonly Dictionary<string, string> used = [];
    private readonly List<string> twice = [];

    public UsedKeys(SandboxServer sandbox, Jid device)
    {
        this.device = device;
        sandbox.Network.Watch += See;
    }

    /// <summary>How many different keys there were. None encrypted two different texts: the same bytes may leave again.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                Assert.Empty(twice);
                return used.Count;
            }
        }
    }

    private void See(Jid from, Node stanza)
    {
        if (from != device || stanza.Tag != "message")
            return;
        lock (gate)
        {
            foreach (var to in stanza.Child("participants")?.ChildrenOf("to") ?? [])
                See(to["jid"]!, to.ChildrenOf("enc"));
            See(stanza["to"]!, stanza.ChildrenOf("enc"));
        }
    }

    private void See(string to, IEnumerable<Node> parts)
    {
        foreach (var part in parts)
        {
            var bytes = part.Content.Bytes.Span;
            var key = part["type"] == "skmsg" ? OfGroup(to, bytes) : OfSession(part["type"] == "pkmsg" ? PreKeySignalMessage.Read(bytes).Message : bytes);
            if (!used.TryAdd(key.Name, key.Text) && used[key.Name] != key.Text)
                twice.Add(key.Name);
        }
    }

    private static (string Name, string Text) OfSession(ReadOnlySpan<byte> bytes)
    {
        var message = SignalMessage.Read(bytes);
        return ($"{message.RatchetKey.ToArray().ToHex()} {message.Counter}", message.Ciphertext.ToArray().ToHex());
    }

    private static (string Name, string Text) OfGroup(string group, ReadOnlySpan<byte> bytes)
    {
        var message = SenderKeyMessage.Read(bytes);
        return ($"{group} {message.Id} {message.Iteration}", message.Ciphertext.ToArray().ToHex());
    }
}
