using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Proto;

public class ProtoReaderTests
{
    [Fact]
    public void Fields_nobody_knows_survive()
    {
        // 1: "x", 113: 2, 5000: "yz"
        var bytes = Convert.FromHexString("0a0178" + "880702" + "c2b80202797a");
        Assert.Equal(bytes, ProtoReader.Parse<Message>(bytes).ToByteArray());
    }

    [Fact]
    public void Every_client_payload_of_Baileys_is_written_as_it_was_read()
    {
        var payloads = ClientPayloadVectors.All().ToList();
        Assert.Equal(6, payloads.Count);
        Assert.All(payloads, p => Assert.Equal(p.Raw, ProtoReader.Parse<ClientPayload>(p.Raw).ToByteArray()));
        var props = ProtoReader.Parse<DeviceProps>(ProtoReader.Parse<ClientPayload>(payloads[0].Raw).DevicePairingData.DeviceProps.Span);
        Assert.Equal(("Mac OS", 10240u), (props.Os, props.HistorySyncConfig.StorageQuotaMb));
    }

    [Theory]
    [InlineData("c202", "0a")] // message 40 with message 1 inside
    [InlineData("fa04", "0a")] // an unknown field 79: stays bytes, nothing nests
    public void Deep_nesting_is_no_more_than_an_error(string outer, string inner)
    {
        byte[] nested = [];
        for (var i = 0; i < 20_000 && nested.Length < 100_000; i++)
            nested = Field(outer, Field(inner, nested));
        var refused = Mutilations.Refuses(() => ProtoReader.Parse<Message>(nested));
        Assert.Equal(outer == "c202", refused);
    }

    [Fact]
    public void A_negative_length_within_a_patch_is_refused() =>
        Assert.Throws<ProtocolException>(() => ProtoReader.Parse<SyncdPatch>(Convert.FromHexString("0A02080312FDFFFFFFA701")));

    [Fact]
    public void Deep_groups_are_refused() =>
        Assert.Throws<ProtocolException>(() => ProtoReader.Parse<Message>(Enumerable.Repeat((byte)0xFB, 1).Concat(Enumerable.Repeat((byte)0x0B, 100_000)).ToArray()));

    [Fact]
    public void More_bytes_than_the_limit_are_refused_before_they_are_read() =>
        Assert.Throws<ProtocolException>(() => ProtoReader.Parse<Message>(new byte[11], limit: 10));

    [Fact]
    public void Noise_leads_to_nothing_but_a_protocol_exception()
    {
        foreach (var noise in Mutilations.Noise(5_000))
        {
            Mutilations.Refuses(() => ProtoReader.Parse<Message>(noise));
            Mutilations.Refuses(() => ProtoReader.Parse<HistorySync>(noise));
            Mutilations.Refuses(() => ProtoReader.Parse<SyncdPatch>(noise));
            Mutilations.Refuses(() => ProtoReader.Parse<AdvSignedDeviceIdentityHmac>(noise));
            Mutilations.Refuses(() => ProtoReader.Parse<ClientPayload>(noise));
        }
    }

    private static byte[] Field(string tag, byte[] content)
    {
        var length = new List<byte>();
        var rest = content.Length;
        for (; rest > 127; rest >>= 7)
            length.Add((byte)(rest | 0x80));
        length.Add((byte)rest);
        return [.. Convert.FromHexString(tag), .. length, .. content];
    }
}
