using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Tests.Binary;

public class NodeVectorTests
{
    // Where we write another form than the recorded client, which reads ours to the same node.
    private static readonly string[] WrittenOtherwise =
    [
        "pn device 0 written with :0 -> AD device 0", // a device 0 is no device
        "agent suffix user_agent:device", // agents are of the past
        "string content that looks like a jid", // a text is a text
    ];

    private static readonly JsonElement[] Cases = [.. Vectors.Load("binary-nodes.json").GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Written => [.. Cases.Where(c => c.TryGetProperty("node", out _)).Select(Name)];

    public static TheoryData<string> Read => [.. Cases.Where(c => c.TryGetProperty("decoded_by_baileys", out _)).Select(Name)];

    public static IEnumerable<byte[]> Encoded => Cases.Where(c => c.TryGetProperty("encoded_hex", out _)).Select(c => c.Hex("encoded_hex"));

    [Theory]
    [MemberData(nameof(Written))]
    public void A_node_is_written_as_the_recorded_client_did(string name)
    {
        var vector = Case(name);
        var node = Nodes.FromJson(vector.GetProperty("node"));
        var written = Nodes.Encode(node);
        if (WrittenOtherwise.Contains(name))
            Assert.Equal(Nodes.Describe(Nodes.AsTexts(node)), Nodes.Describe(Nodes.AsTexts(Stanza.Read(written))));
        else
            Assert.Equal(vector.GetProperty("encoded_hex").GetString(), Convert.ToHexStringLower(written));
    }

    [Theory]
    [MemberData(nameof(Read))]
    public void A_node_is_read_as_the_recorded_client_did(string name)
    {
        var vector = Case(name);
        var expected = Nodes.FromJson(vector.GetProperty("decoded_by_baileys"));
        var read = Stanza.Read(vector.Hex("encoded_hex"));

        // The recorded client reads into text alone, so that its output doesn't tell a JID from a text that looks like one.
        Assert.Equal(Nodes.Describe(expected, loose: true), Nodes.Describe(read, loose: true));
        Assert.All(expected.Attributes.Zip(read.Attributes), pair => Assert.Equal(pair.First.Jid, pair.Second.Jid));
    }

    [Theory]
    [InlineData("binary content 70000 -> BINARY_20", 70_000, 3)]
    [InlineData("binary content 1048576 -> BINARY_32", 1_048_576, 4)]
    public void Large_bytes_are_written_and_read_as_such(string name, int length, byte value)
    {
        var vector = Case(name);
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        var written = Nodes.Encode(new("x", bytes));
        Assert.Equal(vector.GetProperty("encoded_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(written)));
        Assert.True(Stanza.Read(written).Content.Bytes.Span.SequenceEqual(bytes));
    }

    [Fact]
    public void A_compressed_stanza_is_read_as_its_plain_twin()
    {
        var vector = Cases.Single(c => Name(c).StartsWith("zlib", StringComparison.Ordinal));
        var read = Stanza.Read(vector.Hex("encoded_hex"));
        Assert.Equal(vector.GetProperty("children").GetInt32(), read.Children.Length);
        Assert.Equal(Nodes.Describe(Stanza.Read(vector.Hex("uncompressed_hex"))), Nodes.Describe(read));
    }

    [Fact]
    public void A_node_of_tokens_costs_its_object_alone()
    {
        byte[] ping = [0, Tag.List8, 1, 0x56];
        Stanza.Read(ping);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Stanza.Read(ping);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000 * 40);
    }

    [Fact]
    public void Every_case_is_covered() => Assert.Equal(81, Written.Concat(Read).Select(row => row.Data).Union(Cases.Where(c => !c.TryGetProperty("node", out _)).Select(Name)).Count());

    private static JsonElement Case(string name) => Cases.Single(c => Name(c) == name);

    private static string Name(JsonElement vector) => vector.GetProperty("description").GetString()!;
}
