using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class ChannelAddressTests
{
    [Theory]
    [InlineData("whatsapp:+5215512345678", "+5215512345678")]
    [InlineData("whatsapp:+14155238886", "+14155238886")]
    [InlineData("whatsapp:MX.9aZ", null)]
    public void An_address_is_kept_as_received(string text, string? phone)
    {
        Assert.True(ChannelAddress.TryParse(text, out var address));
        Assert.Equal(text, address.Value);
        Assert.Equal(phone, address.Phone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whatsapp:")]
    [InlineData("+5215512345678")]
    [InlineData("sms:+5215512345678")]
    [InlineData("whatsapp: 5215512345678")]
    [InlineData("whatsapp:5215512345678")]
    [InlineData("whatsapp:+0215512345678")]
    [InlineData("whatsapp:+52155")]
    [InlineData("whatsapp:+5215512345678901")]
    [InlineData("whatsapp:+52155１２３４５")]
    [InlineData("whatsapp:mx.123")]
    [InlineData("whatsapp:MX.")]
    [InlineData("whatsapp:MX.12-3")]
    [InlineData("WhatsApp:+5215512345678")]
    public void Anything_else_is_refused(string? text) => Assert.False(ChannelAddress.TryParse(text, out _));

    [Fact]
    public void A_user_id_is_bounded()
    {
        Assert.True(ChannelAddress.TryParse("whatsapp:US." + new string('a', TwilioLimits.UserIdLength), out _));
        Assert.False(ChannelAddress.TryParse("whatsapp:US." + new string('a', TwilioLimits.UserIdLength + 1), out _));
    }

    [Theory]
    [InlineData("+14155238886")]
    [InlineData("whatsapp:+14155238886")]
    public void An_operator_may_leave_the_prefix_out(string text)
    {
        Assert.True(ChannelAddress.TryParsePhone(text, out var address));
        Assert.Equal("whatsapp:+14155238886", address.Value);
        Assert.False(ChannelAddress.TryParsePhone("whatsapp:US.abc", out _));
    }

    [Fact]
    public void Its_text_form_does_not_give_the_person_away()
    {
        Assert.True(ChannelAddress.TryParse("whatsapp:+5215512345678", out var address));
        Assert.Equal("whatsapp:+52****78", address.ToString());
        Assert.Equal("", default(ChannelAddress).ToString());
    }
}
