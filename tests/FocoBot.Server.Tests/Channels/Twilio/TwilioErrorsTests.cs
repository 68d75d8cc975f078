using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class TwilioErrorsTests
{
    [Theory]
    [InlineData(20003, ErrorClass.StopChannel)]
    [InlineData(20429, ErrorClass.RetryNow)]
    [InlineData(21211, ErrorClass.BadAddress)]
    [InlineData(21614, ErrorClass.BadAddress)]
    [InlineData(21610, ErrorClass.Suppress)]
    [InlineData(63014, ErrorClass.Suppress)]
    [InlineData(21658, ErrorClass.GiveUp)]
    [InlineData(63003, ErrorClass.BadAddress)]
    [InlineData(63005, ErrorClass.GiveUp)]
    [InlineData(63007, ErrorClass.AlertOperator)]
    [InlineData(63015, ErrorClass.AlertOperator)]
    [InlineData(63016, ErrorClass.NeedsTemplate)]
    [InlineData(63018, ErrorClass.RetryLater)]
    [InlineData(63021, ErrorClass.GiveUp)]
    [InlineData(63024, ErrorClass.BadAddress)]
    [InlineData(63032, ErrorClass.GiveUp)]
    [InlineData(63051, ErrorClass.StopChannel)]
    public void A_known_code_decides_whatever_the_http_status(int code, ErrorClass expected)
    {
        Assert.Equal(expected, TwilioErrors.Classify(code, 400, Mexican));
        Assert.Equal(expected, TwilioErrors.Classify(code, 0, Mexican));
        Assert.Equal(expected, TwilioErrors.Classify(code, 500, Mexican));
    }

    [Theory]
    [InlineData(429, ErrorClass.RetryNow)]
    [InlineData(401, ErrorClass.StopChannel)]
    [InlineData(404, ErrorClass.AlertOperator)]
    [InlineData(302, ErrorClass.AlertOperator)]
    [InlineData(408, ErrorClass.RetryLater)]
    [InlineData(503, ErrorClass.RetryLater)]
    [InlineData(400, ErrorClass.GiveUp)]
    [InlineData(0, ErrorClass.GiveUp)]
    public void An_unknown_code_is_judged_by_the_http_status(int status, ErrorClass expected)
    {
        Assert.Equal(expected, TwilioErrors.Classify(69999, status, Mexican));
        Assert.Equal(expected, TwilioErrors.Classify(null, status, Mexican));
    }

    [Fact]
    public void A_withheld_marketing_template_is_tried_again_except_in_north_america()
    {
        Assert.Equal(ErrorClass.RetryLater, TwilioErrors.Classify(TwilioErrors.MarketingWithheld, 0, Mexican));
        Assert.Equal(ErrorClass.GiveUp, TwilioErrors.Classify(TwilioErrors.MarketingWithheld, 0, Address("whatsapp:+14155550100")));
    }

    private static ChannelAddress Mexican => Address(Forms.From);

    private static ChannelAddress Address(string text)
    {
        Assert.True(ChannelAddress.TryParse(text, out var address));
        return address;
    }
}
