using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.WhatsApp.Tests.Connection;

public class EndStanzaTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("515", null, EndCause.Restart, EndReaction.ReconnectNow)]
    [InlineData("516", null, EndCause.LoggedOut, EndReaction.LinkAgain)]
    [InlineData("401", "device_removed", EndCause.LoggedOut, EndReaction.LinkAgain)]
    [InlineData(null, "replaced", EndCause.Replaced, EndReaction.Stop)]
    [InlineData("409", "replaced", EndCause.Replaced, EndReaction.Stop)]
    [InlineData("409", null, EndCause.Replaced, EndReaction.Stop)]
    [InlineData("429", null, EndCause.RateLimited, EndReaction.ReconnectSlowly)]
    [InlineData("503", null, EndCause.Unavailable, EndReaction.Reconnect)]
    [InlineData("500", null, EndCause.ServerError, EndReaction.Reconnect)]
    [InlineData("no number", null, EndCause.ServerError, EndReaction.Reconnect)]
    [InlineData(null, null, EndCause.ServerError, EndReaction.Reconnect)]
    public void Each_stream_error_has_its_reaction(string? code, string? conflict, EndCause cause, EndReaction reaction)
    {
        var end = EndStanzas.Read(new("stream:error", [("code", code)], conflict is null ? default : new Node("conflict", [("type", conflict)])), Now);
        Assert.Equal((cause, reaction), (end!.Cause, end.Reaction));
    }

    [Theory]
    [InlineData("400", EndCause.LoginRefused, EndReaction.ReconnectSlowly)]
    [InlineData("401", EndCause.LoggedOut, EndReaction.LinkAgain)]
    [InlineData("402", EndCause.TemporarilyBanned, EndReaction.Wait)]
    [InlineData("403", EndCause.AccountLocked, EndReaction.Stop)]
    [InlineData("405", EndCause.ClientOutdated, EndReaction.UpdateClient)]
    [InlineData("406", EndCause.Banned, EndReaction.Stop)]
    [InlineData("409", EndCause.ClientRefused, EndReaction.UpdateClient)]
    [InlineData("411", EndCause.NoLinkedDevices, EndReaction.Stop)]
    [InlineData("415", EndCause.LoggedOut, EndReaction.LinkAgain)]
    [InlineData("418", EndCause.LoggedOut, EndReaction.LinkAgain)]
    [InlineData("500", EndCause.ServerError, EndReaction.Reconnect)]
    [InlineData("501", EndCause.ServerError, EndReaction.Reconnect)]
    [InlineData("503", EndCause.Unavailable, EndReaction.Reconnect)]
    [InlineData("99999999999999999999", EndCause.ServerError, EndReaction.Reconnect)]
    public void Each_failure_has_its_reaction(string reason, EndCause cause, EndReaction reaction)
    {
        var end = EndStanzas.Read(new("failure", [("reason", reason), ("location", "vll")]), Now);
        Assert.Equal((cause, reaction), (end!.Cause, end.Reaction));
    }

    [Fact]
    public void A_lock_tells_what_the_server_says_within_bounds()
    {
        Node failure = new("failure", [("reason", "403"), ("logout_message_header", "Locked"), ("logout_message_subtext", new string('x', 9000))]);
        var text = EndStanzas.Read(failure, Now)!.Text!;
        Assert.StartsWith("Locked\nxxx", text);
        Assert.Equal(Limits.EndText, text.Length);
    }

    [Theory]
    [InlineData("-5", 0)]
    [InlineData("9223372036854775807", 366 * 24 * 3600)]
    public void No_ban_breaks_the_calendar(string expire, long seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), EndStanzas.Read(new("failure", [("reason", "402"), ("expire", expire)]), Now)!.Until);

    [Fact]
    public void Other_stanzas_end_nothing_but_two()
    {
        Assert.Null(EndStanzas.Read(new("iq"), Now));
        Assert.Null(EndStanzas.Read(new("ib", new Node("offline")), Now));
        Assert.Equal(EndCause.ServerClosed, EndStanzas.Read(new("xmlstreamend"), Now)!.Cause);
        Assert.Equal(EndCause.NoLinkedDevices, EndStanzas.Read(new("ib", new Node("downgrade_webclient")), Now)!.Cause);
    }
}
