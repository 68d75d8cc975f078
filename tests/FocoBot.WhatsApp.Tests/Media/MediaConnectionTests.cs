using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Media;

public class MediaConnectionTests
{
    [Fact]
    public void Hosts_are_read_in_their_order_and_what_is_no_host_is_left_out()
    {
        var read = MediaConnection.Read(Answer("300", "mmg.example", "localhost:8443", "a/b", "user@example.org", "a?b", "", " ", "mmg-fallback.example", "a#b", "a b"));
        Assert.Equal(["mmg.example", "localhost:8443", "mmg-fallback.example"], read.Hosts);
        Assert.Equal(("secret", TimeSpan.FromSeconds(300)), (read.Auth, read.Lifetime));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("-5", 0)]
    [InlineData("9223372036854775807", 86400)]
    public void A_lifetime_is_held_within_a_day(string? ttl, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), MediaConnection.Read(Answer(ttl, "mmg.example")).Lifetime);

    [Fact]
    public void More_hosts_than_can_be_are_not_tried() =>
        Assert.Equal(16, MediaConnection.Read(Answer("1", [.. Enumerable.Range(0, 100).Select(i => $"h{i}.example")])).Hosts.Length);

    [Fact]
    public void An_answer_without_hosts_or_leave_is_none()
    {
        Assert.Throws<ProtocolException>(() => MediaConnection.Read(new Node("iq")));
        Assert.Throws<ProtocolException>(() => MediaConnection.Read(Answer("1")));
        Assert.Throws<ProtocolException>(() => MediaConnection.Read(new Node("iq", new Node("media_conn", new Node("host", [("hostname", "mmg.example")])))));
    }

    private static Node Answer(string? ttl, params string[] hosts) =>
        new("iq", new Node("media_conn", [("auth", "secret"), ("ttl", ttl)], hosts.Select(host => new Node("host", [("hostname", host)])).ToArray()));
}
