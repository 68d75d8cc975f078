using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class StatusCallbackTests
{
    [Fact]
    public void A_callback_is_read()
    {
        Assert.True(StatusCallback.TryParse(Form("undelivered", ("ErrorCode", "63016")), out var callback));
        Assert.Equal(new StatusCallback(Forms.MessageSid, Forms.Account, MessageStatus.Undelivered, TwilioErrors.OutsideWindow), callback);
    }

    [Fact]
    public void A_read_receipt_is_read_whatever_its_status_word()
    {
        Assert.True(StatusCallback.TryParse(Form("seen", ("EventType", "READ")), out var callback));
        Assert.Equal(MessageStatus.Read, callback.Status);
    }

    [Fact]
    public void An_inbound_message_is_no_callback() => Assert.False(StatusCallback.TryParse(Forms.Inbound(("Body", "hola")), out _));

    [Fact]
    public void A_callback_without_a_proper_id_is_refused() =>
        Assert.False(StatusCallback.TryParse(Forms.Of(("MessageSid", "SM1"), ("AccountSid", Forms.Account), ("MessageStatus", "sent")), out _));

    [Theory]
    [InlineData("queued", "sent", true)]
    [InlineData("sent", "delivered", true)]
    [InlineData("delivered", "read", true)]
    [InlineData("accepted", "queued", true)]
    [InlineData("sent", "failed", true)]
    [InlineData("undelivered", "delivered", true)]
    [InlineData("delivered", "sent", false)]
    [InlineData("read", "delivered", false)]
    [InlineData("delivered", "undelivered", false)]
    [InlineData("failed", "sent", false)]
    [InlineData("sent", "sent", false)]
    [InlineData("queued", "a-new-word", false)]
    public void A_status_only_moves_forward(string current, string next, bool advances) =>
        Assert.Equal(advances, MessageStatuses.Parse(next).Advances(MessageStatuses.Parse(current)));

    [Fact]
    public void Only_failures_are_failures()
    {
        var failures = Enum.GetValues<MessageStatus>().Where(status => status.IsFailure());
        Assert.Equal([MessageStatus.Canceled, MessageStatus.Failed, MessageStatus.Undelivered], failures);
    }

    private static TwilioForm Form(string status, (string, string) more) =>
        Forms.Of(("MessageSid", Forms.MessageSid), ("AccountSid", Forms.Account), ("MessageStatus", status), ("From", Forms.Sender), ("To", Forms.From), more);
}
