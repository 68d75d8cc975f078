using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Sees on the offline network which keys a device encrypts with, whatever client it is at the time.</summary>
internal sealed class UsedKeys
{
    private readonly Lock _gate = new();
    private readonly Jid _device;
    private readonly Dictionary<string, string> _used = [];
    private readonly List<string> _twice = [];

    public UsedKeys(SandboxServer sandbox, Jid device)
    {
        _device = device;
        sandbox.Network.Watch += See;
    }

    /// <summary>How many different keys there were. None encrypted two different texts: the same bytes may leave again.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Assert.Empty(_twice);
                return _used.Count;
            }
        }
    }

    private void See(Jid from, Node stanza)
    {
        if (from != _device || stanza.Tag != "message")
            return;
        lock (_gate)
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
            if (!_used.TryAdd(key.Name, key.Text) && _used[key.Name] != key.Text)
                _twice.Add(key.Name);
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
