using FocoBot.Channels.Twilio;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.Channels.Twilio;

public class TwilioOptionsTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["TWILIO_ACCOUNT_SID"] = Forms.Account,
        ["TWILIO_AUTH_TOKEN"] = Token,
        ["TWILIO_PHONE_NUMBER"] = "+14155238886",
    };

    [Fact]
    public void Nothing_set_means_not_configured_and_is_no_problem()
    {
        var options = Read([]);
        Assert.False(options.IsConfigured);
        Assert.Empty(options.Problems);
        Assert.Null(options.WaMeLink());
    }

    [Fact]
    public void Account_token_and_number_are_enough()
    {
        var options = Read(Complete);
        Assert.True(options.IsConfigured);
        Assert.Equal(Forms.Account, options.AccountSid);
        Assert.Equal([Token], options.AuthTokens);
        Assert.Equal(Forms.Sender, options.Sender.Value);
        Assert.Equal("+14155238886", options.BusinessNumber);
        Assert.Equal(80, options.MessagesPerSecond);
        Assert.True(options.LookUpEvery > options.RequestTimeout);
        Assert.Equal(TwilioOptions.LiveApi, options.ApiBase);
        Assert.Equal(TwilioOptions.LiveMessaging, options.MessagingBase);
    }

    [Fact]
    public void A_lost_answer_is_not_looked_up_while_the_request_may_still_run() =>
        Assert.StartsWith("TWILIO_LOOKUP_SECONDS", Assert.Single(Read(Complete, ("TWILIO_REQUEST_TIMEOUT_SECONDS", "20"), ("TWILIO_LOOKUP_SECONDS", "20")).Problems), StringComparison.Ordinal);

    [Fact]
    public void Every_setting_has_its_effect()
    {
        var key = "SK" + Token;
        var options = Read(Complete, ("TWILIO_AUTH_TOKEN", $"{Token}, previous-{Token}"), ("TWILIO_API_KEY_SID", key), ("TWILIO_API_KEY_SECRET", "s3cret-s3cret-s3cret"),
            ("TWILIO_WHATSAPP_NUMBER", "whatsapp:+5215500000000"), ("WHATSAPP_BUSINESS_NUMBER", "+5215511111111"),
            ("TWILIO_API_BASE_URL", "http://127.0.0.1:4020/"), ("TWILIO_MESSAGES_PER_SECOND", "400"),
            ("TWILIO_REQUEST_TIMEOUT_SECONDS", "3"), ("TWILIO_LOOKUP_SECONDS", "4"), ("TWILIO_ABSENCE_SECONDS", "30"),
            ("TWILIO_TEMPLATE_REMINDER_ES", "HX" + Token), ("TWILIO_TEMPLATE_CODE_EN", "HXffffffffffffffffffffffffffffffff"));

        Assert.Empty(options.Problems);
        Assert.Equal([Token, "previous-" + Token], options.AuthTokens);
        Assert.Equal((key, "s3cret-s3cret-s3cret"), (options.ApiKeySid, options.ApiKeySecret));
        Assert.Equal("whatsapp:+5215500000000", options.Sender.Value);
        Assert.Equal("+5215511111111", options.BusinessNumber);
        Assert.Equal(new Uri("http://127.0.0.1:4020"), options.ApiBase);
        Assert.Equal(options.ApiBase, options.MessagingBase);
        Assert.Equal(400, options.MessagesPerSecond);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(30)), (options.RequestTimeout, options.LookUpEvery, options.AbsenceIsProof));
        Assert.Equal("HX" + Token, options.Template(TemplateKind.Reminder, "es"));
        Assert.Equal("HXffffffffffffffffffffffffffffffff", options.Template(TemplateKind.Code, "en"));
        Assert.Null(options.Template(TemplateKind.Reminder, "en"));
    }

    [Theory]
    [InlineData("TWILIO_ACCOUNT_SID", "AC123")]
    [InlineData("TWILIO_AUTH_TOKEN", "short")]
    [InlineData("TWILIO_AUTH_TOKEN", "0123456789abcdef,0123456789abcdef,0123456789abcdef")]
    [InlineData("TWILIO_AUTH_TOKEN", "0123456789abcdef,")]
    [InlineData("TWILIO_PHONE_NUMBER", "4155238886")]
    [InlineData("TWILIO_WHATSAPP_NUMBER", "whatsapp:+0")]
    [InlineData("WHATSAPP_BUSINESS_NUMBER", "call me")]
    [InlineData("TWILIO_API_BASE_URL", "http://twilio.example.org")]
    [InlineData("TWILIO_API_BASE_URL", "twilio.example.org")]
    [InlineData("TWILIO_MESSAGES_PER_SECOND", "10001")]
    [InlineData("TWILIO_MESSAGES_PER_SECOND", "fast")]
    [InlineData("TWILIO_TEMPLATE_DIGEST_EN", "HX1")]
    [InlineData("TWILIO_API_KEY_SECRET", "0123456789abcdef")]
    public void A_bad_variable_is_named_without_its_value(string name, string value)
    {
        var options = Read(Complete, (name, value));
        Assert.False(options.IsConfigured);
        var problem = Assert.Single(options.Problems);
        Assert.Contains(name, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(value, problem.Replace("TWILIO_API_KEY_SID", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TWILIO_ACCOUNT_SID")]
    [InlineData("TWILIO_AUTH_TOKEN")]
    [InlineData("TWILIO_PHONE_NUMBER")]
    public void Half_a_configuration_names_the_missing_variable(string missing)
    {
        var options = Read(Complete, (missing, " "));
        Assert.False(options.IsConfigured);
        Assert.Contains(missing, Assert.Single(options.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void The_link_opens_a_chat_with_the_number_and_text()
    {
        var options = Read(Complete);
        Assert.Equal("https://wa.me/14155238886", options.WaMeLink()!.AbsoluteUri);
        Assert.Equal("https://wa.me/14155238886?text=VERIFICAR%20123456", options.WaMeLink("VERIFICAR 123456")!.AbsoluteUri);
    }

    private static TwilioOptions Read(Dictionary<string, string?> settings, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var all = new Dictionary<string, string?>(settings);
        foreach (var (name, value) in more)
            all[name] = value;
        return TwilioOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
