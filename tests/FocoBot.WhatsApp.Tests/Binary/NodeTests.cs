using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Tests.Binary;

public class NodeTests
{
    private static readonly Jid User = Jid.Parse("15551234567:3@s.whatsapp.net");

    private static readonly Node Iq = new(
        "iq",
        [("from", User), ("type", "set"), ("t", "1700000000"), ("text-jid", "98765@lid"), ("left-out", (string?)null), ("also-left-out", (Jid?)null), ("count", "-5")],
        [new Node("list", [new Node("item", [("id", "1")]), new Node("other"), new Node("item", [("id", "2")])]), new Node("value", new byte[] { 0x31 }), new Node("text", "1")]);

    [Fact]
    public void Attributes_are_found_by_key_and_read_by_type()
    {
        Assert.Equal(["from", "type", "t", "text-jid", "count"], Iq.Attributes.Select(attribute => attribute.Key));
        Assert.Equal("set", Iq["type"]);
        Assert.Equal("15551234567:3@s.whatsapp.net", Iq.Require("from"));
        Assert.Equal(User, Iq.GetJid("from"));
        Assert.Equal(new Jid("98765", JidServer.Lid), Iq.RequireJid("text-jid"));
        Assert.Equal(-5, Iq.RequireNumber("count"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), Iq.GetTime("t"));
        Assert.Null(Iq["missing"]);
        Assert.Null(Iq.GetJid("missing") ?? Iq.GetJid("type"));
        Assert.Null(Iq.GetNumber("missing") ?? Iq.GetNumber("type"));
        Assert.Null(Iq.GetTime("count") ?? Iq.GetTime("type"));
        Assert.Null(new Node("x", [("t", "999999999999999")]).GetTime("t"));
    }

    [Fact]
    public void What_a_stanza_must_not_lack_is_a_fault_of_the_peer()
    {
        Assert.Throws<ProtocolException>(() => Iq.Require("missing"));
        Assert.Throws<ProtocolException>(() => Iq.RequireJid("type"));
        Assert.Throws<ProtocolException>(() => Iq.RequireNumber("type"));
        Assert.Throws<ProtocolException>(() => Iq.RequireChild("missing"));
    }

    [Fact]
    public void Children_are_found_by_tag()
    {
        var list = Iq.RequireChild("list");
        Assert.Equal(["1", "2"], list.ChildrenOf("item").Select(item => item["id"]));
        Assert.Equal("1", list.Child("item")!["id"]);
        Assert.Null(list.Child("missing"));
        Assert.Empty(new Node("ping").Children);
    }

    [Fact]
    public void Short_values_read_alike_whether_they_came_as_bytes_or_as_text()
    {
        Assert.Equal(["1", "1"], new[] { "value", "text" }.Select(tag => Iq.Child(tag)!.Content.Text));
        Assert.All(new[] { "value", "text" }, tag => Assert.Equal([0x31], Iq.Child(tag)!.Content.Bytes.ToArray()));
        Assert.Equal("", Iq.Content.Text);
        Assert.True(Iq.Content.Bytes.IsEmpty);
    }

    [Fact]
    public void One_child_needs_no_list() => Assert.Equal("ping", Assert.Single(new Node("iq", [("id", "1")], new Node("ping")).Children).Tag);

    [Fact]
    public void Its_texts_keep_values_to_themselves()
    {
        Assert.Equal("<iq>", Iq.ToString());
        Assert.Equal("from", Iq.Attributes[0].ToString());
        Assert.True(new Node(new string('x', 1000)).ToString().Length < 100);
    }

    [Fact]
    public void What_cannot_be_sent_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Node(""));
        Assert.Throws<ArgumentException>(() => new NodeAttribute("", "x"));
        Assert.Throws<ArgumentException>(() => new NodeAttribute("to", default(Jid)));
        Assert.Throws<ArgumentException>(() => Nodes.Encode(new("list", Enumerable.Repeat(new Node("item"), 65_536).ToArray())));

        var deep = new Node("x");
        for (var level = 1; level < Limits.NodeDepth; level++)
            deep = new("x", deep);
        Assert.Equal(Nodes.Describe(deep), Nodes.Describe(Stanza.Read(Nodes.Encode(deep))));
        Assert.Throws<ArgumentException>(() => Nodes.Encode(new("x", deep)));
    }
}
