using System.IO.Compression;
using FocoBot.WhatsApp.History;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.History;

/// <summary>Alone, because what the whole process allocates is counted.</summary>
[CollectionDefinition(nameof(HistoryReaderTests), DisableParallelization = true)]
[Collection(nameof(HistoryReaderTests))]
public class HistoryReaderTests
{
    [Fact]
    public async Task What_is_of_use_comes_out_as_it_went_in()
    {
        var history = Sample(30);
        var read = await ReadAsync(Deflated(history.ToByteArray()));
        Assert.Equal([.. history.Conversations, .. history.Pushnames, .. history.PhoneNumberToLidMappings], read.OrderBy(Kind));

        static int Kind(IMessage item) => item is Conversation ? 0 : item is Pushname ? 1 : 2;
    }

    [Fact]
    public async Task A_conversation_larger_than_any_buffer_comes_whole()
    {
        var history = new HistorySync { Conversations = { new Conversation { Id = "1@lid", Name = new string('x', 3_000_000) } } };
        Assert.Equal(history.Conversations[0], Assert.Single(await ReadAsync(Deflated(history.ToByteArray()))));
    }

    [Fact]
    public async Task Damaged_bytes_lead_to_a_protocol_exception_or_to_something_else_that_is_whole()
    {
        var good = Sample(2).ToByteArray();
        var deflated = Deflated(good);
        foreach (var bad in Mangled.Truncations(deflated).Concat(Mangled.BitFlips(deflated)).Concat(Mutilations.Noise(200))) await RefusedOrReadAsync(bad);
        foreach (var bad in Mangled.Truncations(good).Concat(Mangled.BitFlips(good)).Concat(Mutilations.Noise(200))) await RefusedOrReadAsync(Deflated(bad));
    }

    [Fact]
    public async Task What_is_cut_short_is_refused_wherever_that_is()
    {
        var deflated = Deflated(Sample(300).ToByteArray());
        foreach (var cut in Mangled.Truncations(deflated)) Assert.True(await RefusedOrReadAsync(cut));
    }

    [Theory]
    [InlineData("12FFFFFFFF7F")] // a conversation of 34 GB
    [InlineData("1281808008")] // one byte more than any may have
    [InlineData("1205")] // five bytes that do not come
    [InlineData("08FFFFFFFFFFFFFFFFFFFFFF01")] // a number without end
    [InlineData("00")] // field 0
    [InlineData("13")] // a group
    [InlineData("1202FFFF")] // a conversation that is none
    public async Task Impossible_fields_are_refused(string hex) => Assert.True(await RefusedOrReadAsync(Deflated(Convert.FromHexString(hex))));

    [Fact]
    public async Task A_bomb_ends_at_the_limit_without_memory()
    {
        // A field of no use, as long as it can say it is.
        var head = Convert.FromHexString("4AFFFFFFFFFF7F");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Assert.ThrowsAsync<ProtocolException>(async () =>
        {
            using var fields = new FieldReader(new Endless(head), Limits.HistoryBytes, Limits.HistoryConversation);
            await fields.NextAsync(number => number == 2, default);
        });
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1 << 20);
    }

    [Fact]
    public async Task A_hundred_megabytes_are_read_within_a_few()
    {
        const int conversations = 200;
        using var deflated = new MemoryStream();
        await using (var zlib = new ZLibStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            var one = new HistorySync { Conversations = { new Conversation { Id = "1@lid", Messages = { Enumerable.Range(0, 500).Select(i => Message(i, new string((char)('a' + i % 26), 1000))) } } } }.ToByteArray();
            for (var i = 0; i < conversations; i++) await zlib.WriteAsync(one);
        }

        deflated.Position = 0;
        long peak = 0;
        var count = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var _ in HistoryReader.ReadAsync(deflated, default))
        {
            if (++count % 20 == 0) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(conversations, count);
        Assert.InRange(peak, 0, 8 << 20);
    }

    private static HistorySync Sample(int count)
    {
        var history = new HistorySync { SyncType = HistorySyncType.Recent, ChunkOrder = 1, Progress = 50, ThreadIdUserSecret = ByteString.CopyFrom(1, 2, 3) };
        for (var i = 0; i < count; i++)
        {
            history.Conversations.Add(new Conversation { Id = $"{1000 + i}@lid", Messages = { Message(i, "hola"), Message(i + 1, "adiós") }, PnJid = "15550001111@s.whatsapp.net" });
            history.Pushnames.Add(new Pushname { Id = $"{1000 + i}@lid", Pushname_ = $"P{i}" });
            history.PhoneNumberToLidMappings.Add(new PhoneNumberToLidMapping { PnJid = $"{2000 + i}@s.whatsapp.net", LidJid = $"{1000 + i}@lid" });
        }

        return history;
    }

    private static HistorySyncMsg Message(int id, string text) => new()
    {
        Message = new WebMessageInfo { Key = new WhatsApp.Proto.MessageKey { Id = $"M{id}", RemoteJid = "1@lid" }, Message = new Message { Conversation = text }, MessageTimestamp = 1_700_000_000 },
    };

    private static byte[] Deflated(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(bytes);
        return output.ToArray();
    }

    private static async Task<List<IMessage>> ReadAsync(byte[] deflated)
    {
        var read = new List<IMessage>();
        await foreach (var item in HistoryReader.ReadAsync(new MemoryStream(deflated), default)) read.Add(item);
        return read;
    }

    private static async Task<bool> RefusedOrReadAsync(byte[] deflated)
    {
        try
        {
            await ReadAsync(deflated);
            return false;
        }
        catch (ProtocolException)
        {
            return true;
        }
    }

    // Some bytes, then zeros for ever.
    private sealed class Endless(byte[] head) : MemoryStream(head)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Read(buffer.Span);
            if (count > 0) return new(count);
            buffer.Span.Clear();
            return new(buffer.Length);
        }
    }
}
