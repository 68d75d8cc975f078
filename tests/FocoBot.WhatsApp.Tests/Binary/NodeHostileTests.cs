using System.IO.Compression;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Tests.Binary;

public class NodeHostileTests
{
    [Fact]
    public void Every_truncation_of_every_vector_is_refused()
    {
        foreach (var good in NodeVectorTests.Encoded)
        {
            // Whoever cuts a compressed stanza in its checksum leaves the node whole.
            var mayPass = good[0] == 2;
            Assert.All(Mangled.Truncations(good), bad => Assert.True(Mangled.IsRefused(() => Stanza.Read(bad)) || mayPass));
        }
    }

    [Fact]
    public void A_flipped_bit_gives_a_node_or_is_refused()
    {
        foreach (var bad in NodeVectorTests.Encoded.SelectMany(good => Mangled.BitFlips(good, most: 2000)))
        {
            Mangled.IsRefused(() =>
            {
                var node = Nodes.AsTexts(Stanza.Read(bad));
                Assert.Equal(Nodes.Describe(node), Nodes.Describe(Nodes.AsTexts(Stanza.Read(Nodes.Encode(node)))));
            });
        }
    }

    [Fact]
    public void Random_bytes_give_a_node_or_are_refused()
    {
        var random = new Random(20261120);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);

            // Half of them begin like a stanza, to get farther.
            if (bytes.Length > 2 && (i & 1) == 0)
                (bytes[0], bytes[1], bytes[2]) = (0, Tag.List8, (byte)random.Next(1, 8));
            Mangled.IsRefused(() => Stanza.Read(bytes));
        }
    }

    [Theory]
    [InlineData("", "nothing at all")]
    [InlineData("00", "no node")]
    [InlineData("0000", "an empty list")]
    [InlineData("0056", "a token where a node should be")]
    [InlineData("00f800", "a list of nothing")]
    [InlineData("00f8015600", "a byte too many")]
    [InlineData("00f801f8", "a list for a tag")]
    [InlineData("00f80100", "no tag")]
    [InlineData("00f801fc00", "an empty tag")]
    [InlineData("00f801f0", "a byte without meaning for a tag")]
    [InlineData("00f80356fc0056", "an empty key")]
    [InlineData("00f80356fa000356", "a JID for a key")]
    [InlineData("00f8035608f80155", "a list for a value")]
    [InlineData("00f803560800", "an empty list for a value: some clients write an empty text so", false)]
    [InlineData("00f80256f0", "a byte without meaning for content")]
    [InlineData("00f90001", "a tag that is missing")]
    [InlineData("00f9ffff56", "65,535 parts in no bytes")]
    [InlineData("00f80256f9ffff", "65,535 children in no bytes")]
    [InlineData("00f80256fcff00", "255 bytes in one")]
    [InlineData("00f80256fd0fffff00", "2^20 - 1 bytes in one")]
    [InlineData("00f80256feffffffff00", "2^32 - 1 bytes in one")]
    [InlineData("00f80256fe7fffffff00", "2^31 - 1 bytes in one")]
    [InlineData("00f80256fe8000000000", "2^31 bytes in one")]
    [InlineData("00f80256fdf0000155", "one byte, as the upper bits of its length mean nothing", false)]
    [InlineData("00f80256ff0111", "a good packed string", false)]
    [InlineData("00f80256ff01cc", "a nibble of 12")]
    [InlineData("00f80256ff011f", "padding in a string of even length")]
    [InlineData("00f80256ff8112", "an odd length without padding")]
    [InlineData("00f80256ff80", "an odd length of no bytes")]
    [InlineData("00f80256ff8111", "an odd length whose padding is a digit")]
    [InlineData("00f80256fa0000", "a JID without server")]
    [InlineData("00f80256fafc0131fc00", "a JID with an empty server")]
    [InlineData("00f80256fafc03313a3203", "a JID whose user holds a device")]
    [InlineData("00f80256fafc0331407803", "a JID whose user holds a server")]
    [InlineData("00f80256f7820355", "a device JID of an unknown domain")]
    [InlineData("00f80256f655000176", "a Messenger JID whose server has small devices only", false)]
    [InlineData("00f80256f655010076", "a Messenger JID with a device its server can't have")]
    [InlineData("00f80256f5550000000776", "an interop JID with an integrator its server can't have")]
    public void Odd_bytes_are_refused(string hex, string what, bool refused = true) =>
        Assert.True(refused == Mangled.IsRefused(() => Stanza.Read(Convert.FromHexString(hex))), what);

    [Fact]
    public void Sixteen_megabytes_of_nested_lists_are_refused_at_the_depth_limit()
    {
        // <x><x><x>...: a list of two with a tag, whose content is a list of one.
        var bytes = new byte[Limits.FramePayload];
        for (var i = 1; i + 5 <= bytes.Length; i += 5)
            ((ReadOnlySpan<byte>)[Tag.List8, 2, 0x56, Tag.List8, 1]).CopyTo(bytes.AsSpan(i));
        Assert.True(Mangled.IsRefused(() => Stanza.Read(bytes)));
    }

    [Fact]
    public void Sixteen_megabytes_of_small_nodes_are_refused_before_they_take_much_memory()
    {
        // One list has 65,535 children at most: lists of them within a list.
        var leaves = Enumerable.Repeat(new Node("item"), 65_535).ToArray();
        var within = new Node("list", leaves);
        Assert.False(Mangled.IsRefused(() => Stanza.Read(Nodes.Encode(new("x", [within, within, within])))));
        Assert.Equal(Limits.StanzaItems, 4 * 65_536);
        var bytes = Nodes.Encode(new("x", Enumerable.Repeat(within, 85).ToArray()));
        Assert.InRange(bytes.Length, 16_000_000, Limits.FramePayload);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(Mangled.IsRefused(() => Stanza.Read(bytes)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void A_length_that_lies_takes_no_memory()
    {
        var lie = Convert.FromHexString("00f80256fe7fffffff00");
        Mangled.IsRefused(() => Stanza.Read(lie));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(Mangled.IsRefused(() => Stanza.Read(lie)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void A_zlib_bomb_is_refused()
    {
        var bomb = Compress(new byte[100_000_000]);
        Assert.True(bomb.Length < 200_000);
        Assert.True(Mangled.IsRefused(() => Stanza.Read(bomb)));
    }

    [Fact]
    public void Large_compressed_stanzas_are_read()
    {
        var node = new Node("x", new byte[5_000_000]);
        Assert.Equal(5_000_000, Stanza.Read(Compress(Nodes.Encode(node).AsSpan(1))).Content.Bytes.Length);
    }

    [Theory]
    [InlineData("02")]
    [InlineData("02789c")]
    [InlineData("02000102030405")]
    [InlineData("021f8b0800000000")]
    [InlineData("02789cffffffffffff")]
    public void What_is_not_zlib_is_refused(string hex) => Assert.True(Mangled.IsRefused(() => Stanza.Read(Convert.FromHexString(hex))));

    [Fact]
    public void Broken_text_is_replaced_rather_than_refused_since_strangers_choose_names()
    {
        var node = Stanza.Read(Convert.FromHexString("00f80356" + "08" + "fc02c328"));
        Assert.Equal("\uFFFD(", node["id"]);
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var output = new MemoryStream();
        output.WriteByte(2);
        using (var zlib = new ZLibStream(output, CompressionLevel.Optimal))
            zlib.Write(body);
        return output.ToArray();
    }
}
