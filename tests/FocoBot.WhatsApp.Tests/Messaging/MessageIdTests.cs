using FocoBot.WhatsApp.Messaging;

namespace FocoBot.WhatsApp.Tests.Messaging;

public class MessageIdTests
{
    [Fact]
    public void An_id_is_as_computed_elsewhere() =>
        Assert.Equal("3EB05765B9D1119841E331", MessageId.Create(1_700_000_000, "15551234567", [.. Enumerable.Range(0, 16).Select(i => (byte)i)]));

    [Fact]
    public void The_participant_hash_is_that_of_whatsmeow()
    {
        foreach (var recorded in Vectors.Load("phash.json").GetProperty("cases").EnumerateArray())
        {
            var devices = recorded.GetProperty("jids").EnumerateArray().Select(j => Device(j.GetString()!)).ToList();
            Assert.Equal(recorded.GetProperty("whatsmeow_phash").GetString(), ParticipantHash.Compute(devices));
            devices.Reverse();
            Assert.Equal(recorded.GetProperty("whatsmeow_phash").GetString(), ParticipantHash.Compute(devices));
        }
    }

    private static (string User, int Device, string Server) Device(string jid)
    {
        var at = jid.IndexOf('@');
        var parts = jid[..at].Split(':');
        return (parts[0], parts.Length > 1 ? int.Parse(parts[1]) : 0, jid[(at + 1)..]);
    }
}
