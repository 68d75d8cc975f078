using FocoBot.WhatsApp.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.WhatsApp.Tests.Binary;

public class NodeProperties
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261120, 1);

    // Every way a string can be written, and what is at the edges of them.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("iq", "s.whatsapp.net", "read-self", "mute_v2", "", "0", "2e", "Grüße 👋", "\0", "12.3-4", "ABCDEF", "abcdef", "12A.", "@", "1:2", new string('7', 127), new string('7', 128), new string('F', 127), new string('é', 127), new string('é', 128)),
        Gen.Choose(0, 140).SelectMany(length => Gen.Elements('0', '9', '-', '.').ArrayOf(length)).Select(chars => new string(chars)),
        Gen.Choose(0, 140).SelectMany(length => Gen.Elements('0', '9', 'A', 'F').ArrayOf(length)).Select(chars => new string(chars)),
        Gen.Choose(0, 300).SelectMany(length => Gen.Choose(' ', 0xD7FF).Select(c => (char)c).ArrayOf(length)).Select(chars => new string(chars)));

    private static readonly Gen<Jid> Jids =
        from user in Gen.Elements("", "15551234567", "98765432101234", "status", "abc")
        from server in Gen.Elements("s.whatsapp.net", "lid", "g.us", "broadcast", "newsletter", "call", "hosted", "hosted.lid", "bot", "msgr", "interop", "c.us", "new.server")
        from device in Gen.Elements(0, 1, 99, 255, 256, 65535)
        from integrator in Gen.Elements(0, 1, 65535)
        let deviceMax = server is "msgr" or "interop" ? 65535 : server is "s.whatsapp.net" or "lid" or "hosted" or "hosted.lid" ? 255 : 0

        // A server itself has neither device nor integrator.
        select user.Length == 0 ? new Jid("", server) : new Jid(user, server, Math.Min(device, deviceMax), server == "interop" ? integrator : 0);

    private static readonly Gen<NodeAttribute> Attributes =
        from key in Texts.Where(text => text.Length > 0)
        from isJid in Gen.Elements(true, false)
        from jid in Jids
        from text in Texts
        select isJid ? new NodeAttribute(key, jid) : new NodeAttribute(key, text);

    [Fact]
    public void What_is_written_is_read() => Check.One(Fixed, Prop.ForAll(Arb.From(NodesOf(3)), node => Nodes.Describe(node) == Nodes.Describe(Stanza.Read(Nodes.Encode(node)))));

    [Fact]
    public void A_jid_reads_back_from_its_text() => Check.One(Fixed, Prop.ForAll(Arb.From(Jids), jid => Jid.Parse(jid.ToString()) == jid));

    // A long text arrives as bytes, hence only those whose form is a text's.
    private static Gen<Node> NodesOf(int depth) =>
        from tag in Texts.Where(text => text.Length > 0)
        from attributes in Gen.Choose(0, 4).SelectMany(count => Attributes.ArrayOf(count))
        from kind in Gen.Choose(0, depth > 0 ? 4 : 2)
        from content in kind switch
        {
            0 => Gen.Constant(default(NodeContent)),
            1 => Gen.Elements(0, 1, 255, 256, 70_000).Select(length => (NodeContent)new byte[length]),
            2 => Texts.Where(text => TokenDictionary.TryGetCode(text, out _) || PackedText.TagFor(text) is not null).Select(text => (NodeContent)text),
            _ => Gen.Choose(0, 3).SelectMany(count => NodesOf(depth - 1).ArrayOf(count)).Select(children => (NodeContent)children),
        }
        select new Node(tag, attributes.AsSpan(), content);
}
