using System.Buffers;
using FocoBot.WhatsApp.Framing;

namespace FocoBot.WhatsApp.Tests.Framing;

public class FrameTests
{
    [Fact]
    public void Frames_are_cut_as_recorded()
    {
        foreach (var vector in Vectors.Load("noise-handshake.json").GetProperty("cases").EnumerateArray())
        {
            var messages = vector.GetProperty("messages");
            var wire = messages.Hex("frame1_on_wire").Concat(messages.Hex("frame3_on_wire")).ToArray();
            var routing = vector.GetProperty("routing_info") is { ValueKind: System.Text.Json.JsonValueKind.String } info ? info.Hex() : [];

            Assert.True(Intro.TryRead(wire, out var routingInfo, out var start));
            Assert.True(routingInfo.SequenceEqual(routing));
            Assert.True(Frame.TryRead(wire.AsSpan(start), Limits.HandshakeFrame, out var hello, out var first));
            Assert.True(hello.SequenceEqual(messages.Hex("client_hello_protobuf")));
            Assert.True(Frame.TryRead(wire.AsSpan(start + first), Limits.HandshakeFrame, out var finish, out var second));
            Assert.True(finish.SequenceEqual(messages.Hex("client_finish_protobuf")));
            Assert.Equal(wire.Length, start + first + second);

            var written = new ArrayBufferWriter<byte>();
            Intro.Write(routing, written);
            Frame.Write(messages.Hex("client_hello_protobuf"), written);
            Frame.Write(messages.Hex("client_finish_protobuf"), written);
            Assert.True(written.WrittenSpan.SequenceEqual(wire));
            Assert.True(Intro.Prologue.SequenceEqual(vector.Hex("prologue")));
        }
    }

    [Fact]
    public void A_frame_that_is_not_all_there_yet_takes_nothing()
    {
        byte[] whole = [0, 0, 2, 7, 8];
        foreach (var part in Mangled.Truncations(whole))
        {
            Assert.False(Frame.TryRead(part, 10, out _, out var consumed));
            Assert.Equal(0, consumed);
        }

        Assert.True(Frame.TryRead([.. whole, 0, 0], 10, out var payload, out var taken));
        Assert.Equal([7, 8], payload.ToArray());
        Assert.Equal(5, taken);
    }

    [Fact]
    public void An_empty_frame_is_a_frame()
    {
        Assert.True(Frame.TryRead([0, 0, 0], 10, out var payload, out var consumed));
        Assert.True(payload.IsEmpty);
        Assert.Equal(3, consumed);
    }

    [Fact]
    public void A_frame_past_the_limit_is_refused_before_it_has_come()
    {
        Assert.False(Mangled.IsRefused(() => Frame.TryRead([0, 0, 10], 10, out _, out _)));
        Assert.True(Mangled.IsRefused(() => Frame.TryRead([0, 0, 11], 10, out _, out _)));
        Assert.True(Mangled.IsRefused(() => Frame.TryRead([0xFF, 0xFF, 0xFF], Limits.HandshakeFrame, out _, out _)));
        Assert.False(Mangled.IsRefused(() => Frame.TryRead([0xFF, 0xFF, 0xFF], Limits.FramePayload, out _, out _)));
    }

    [Fact]
    public void No_frame_is_written_that_its_length_cannot_say()
    {
        var header = new byte[Frame.HeaderLength];
        Frame.WriteHeader(header, Limits.FramePayload);
        Assert.Equal([0xFF, 0xFF, 0xFF], header);
        Assert.Throws<ArgumentOutOfRangeException>(() => Frame.WriteHeader(header, Limits.FramePayload + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Frame.WriteHeader(header, -1));
    }

    [Theory]
    [InlineData("57410603")]
    [InlineData("454400010000040802080557410603")]
    public void An_intro_is_waited_for_byte_by_byte_and_refused_at_the_first_wrong_one(string hex)
    {
        var whole = Convert.FromHexString(hex);
        foreach (var part in Mangled.Truncations(whole))
        {
            Assert.False(Intro.TryRead(part, out _, out var consumed));
            Assert.Equal(0, consumed);
        }

        for (var i = 0; i < whole.Length; i++)
        {
            byte[] wrong = [.. whole[..i], (byte)(whole[i] ^ 0x80)];
            var inRoutingInfo = whole.Length > 4 && i is >= 4 and < 11; // or its length
            Assert.True(Mangled.IsRefused(() => Intro.TryRead(wrong, out _, out _)) || inRoutingInfo);
        }
    }

    [Fact]
    public void Long_routing_info_is_refused()
    {
        Assert.True(Mangled.IsRefused(() => Intro.TryRead([0x45, 0x44, 0, 1, 0, 4, 1], out _, out _)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intro.Write(new byte[Limits.RoutingInfo + 1], new ArrayBufferWriter<byte>()));
    }
}
