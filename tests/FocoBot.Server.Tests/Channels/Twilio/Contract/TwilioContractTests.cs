using FocoBot.Channels.Twilio;
using FocoBot.StandIns.Twilio;

namespace FocoBot.Tests.Channels.Twilio.Contract;

/// <summary>Our client, and the stand-in the other tests trust, held against Twilio's own OpenAPI document.</summary>
public sealed class TwilioContractTests(PrismFixture prism) : IClassFixture<PrismFixture>
{
    private const string Content = "HX0123456789abcdef0123456789abcdef";
    private static readonly CancellationToken Never = CancellationToken.None;

    private static readonly OutboundContent Text = new OutboundContent.Text("✅ Tarea creada: pan, leche & 100% café | mañana\n1. a");
    private static readonly OutboundContent Template = new OutboundContent.Template(Content, new Dictionary<string, string> { ["1"] = "Ana", ["2"] = "9:00" });
    private static readonly OutboundContent Media = new OutboundContent.Media(new Uri("https://foco.example.org/m/1?a=b&c=d,e"));

    [Fact]
    public async Task Text_template_and_media_are_taken()
    {
        foreach (var content in (IEnumerable<OutboundContent>)[Text, Template, Media])
        {
            var accepted = Assert.IsType<SendResult.Accepted>(await Client().SendAsync(Message(content), Never));
            Assert.Equal(34, accepted.Sid.Length);
        }
    }

    [Fact]
    public async Task A_recipient_without_a_phone_is_taken() =>
        Assert.IsType<SendResult.Accepted>(await Client().SendAsync(Message(Text) with { To = Address("whatsapp:MX.1a2B3c") }, Never));

    [Fact]
    public async Task Another_first_status_than_queued_is_read() =>
        Assert.Equal(MessageStatus.Scheduled, Assert.IsType<SendResult.Accepted>(await Client("example=createScheduledMessageWhatsapp").SendAsync(Message(Text), Never)).Status);

    [Fact]
    public async Task A_wrong_recipient_is_refused_as_a_bad_address()
    {
        using var spoil = new Wire(prism.Mock.Url) { Rewrite = body => body.Replace("To=whatsapp%3A%2B", "To=whatsapp%3A", StringComparison.Ordinal) };
        var result = await Client(spoil).SendAsync(Message(Text), Never);
        Assert.Equal(new SendResult.Refused(TwilioErrors.InvalidTo, 400, ErrorClass.BadAddress), result);
    }

    [Theory]
    [InlineData("code=401", TwilioErrors.Authenticate, 401, ErrorClass.StopChannel)]
    [InlineData("code=429", TwilioErrors.TooManyRequests, 429, ErrorClass.RetryNow)]
    public async Task A_refusal_is_understood(string prefer, int code, int status, ErrorClass expected) =>
        Assert.Equal(new SendResult.Refused(code, status, expected), await Client(prefer).SendAsync(Message(Text), Never));

    [Fact]
    public async Task A_server_fault_is_unknown() =>
        Assert.Equal(new SendResult.Unknown(LostAnswer.ServerFault), await Client("code=500").SendAsync(Message(Text), Never));

    [Fact]
    public async Task The_list_is_read()
    {
        // The values are those of the document's example; its next page belongs to another account, so the list is not complete.
        var listing = await Client("example=readFullPage1").ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never);
        var at = new DateTimeOffset(2019, 5, 24, 17, 44, 46, TimeSpan.Zero);
        Assert.Equal(new ListedMessage("SMded05904ccb347238880ca9264e8fe1c", "+12019235161", "testing", MessageStatus.Sent, at, null), listing.Messages[0]);
        Assert.Equal(30004, listing.Messages[1].ErrorCode);
        Assert.False(listing.IsComplete);

        var empty = await Client("example=readEmptySentdateGreater").ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never);
        Assert.Equal((true, 0), (empty.IsComplete, empty.Messages.Count));
    }

    [Fact]
    public async Task Typing_is_taken() => Assert.True(await Client().TypingAsync(Forms.MessageSid, Never));

    [Fact]
    public async Task Every_parameter_is_one_twilio_knows()
    {
        using var wire = new Wire(prism.Mock.Url);
        foreach (var content in (IEnumerable<OutboundContent>)[Text, Template, Media])
            Assert.IsType<SendResult.Accepted>(await Client(wire).SendAsync(Message(content), Never));
        Assert.Equal(["Body", "ContentSid", "ContentVariables", "From", "MediaUrl", "StatusCallback", "To"], wire.Names.Order(StringComparer.Ordinal));
        Assert.Subset(prism.Spec.SendParameters.ToHashSet(), wire.Names);

        wire.Names.Clear();
        await Client(wire).ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never);
        Assert.Equal(["DateSent>", "PageSize", "To"], wire.Names.Order(StringComparer.Ordinal));
        Assert.Subset(prism.Spec.ListParameters.ToHashSet(), wire.Names);

        wire.Names.Clear();
        await Client(wire).TypingAsync(Forms.MessageSid, Never);
        Assert.Equal(["channel", "messageId"], wire.Names.Order(StringComparer.Ordinal));
        Assert.Subset(prism.Spec.TypingParameters.ToHashSet(), wire.Names);
    }

    [Fact]
    public async Task The_stand_in_answers_as_the_document_says()
    {
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions());
        await using var proxy = await Prism.ProxyAsync(prism.Spec, twilio.BaseUrl);
        using var wire = new Wire(proxy.Url);
        var client = Client(wire);

        for (var i = 0; i < TwilioLimits.ListPageSize; i++)
            Assert.IsType<SendResult.Accepted>(await client.SendAsync(Message(Text), Never));
        Assert.IsType<SendResult.Accepted>(await client.SendAsync(Message(Template), Never));
        Assert.IsType<SendResult.Accepted>(await client.SendAsync(Message(Media), Never));

        var listing = await client.ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never);
        Assert.Equal((true, TwilioLimits.ListPageSize + 2), (listing.IsComplete, listing.Messages.Count));
        Assert.True(await client.TypingAsync(Forms.MessageSid, Never));
        Assert.Contains(listing.Messages[0].Sid, await wire.GetAsync($"/2010-04-01/Accounts/{Forms.Account}/Messages/{listing.Messages[0].Sid}.json"), StringComparison.Ordinal);

        foreach (var (status, code) in (IEnumerable<(int, int)>)[(400, 21211), (401, 20003), (429, 20429)])
        {
            twilio.Faults.Add(new Fault(FaultKind.Error, HttpStatus: status, Code: code));
            var refused = Assert.IsType<SendResult.Refused>(await client.SendAsync(Message(Text), Never));
            Assert.Equal((code, status), (refused.Code, refused.HttpStatus));
        }

        Assert.Empty(wire.Violations);
    }

    [Fact]
    public async Task A_wrong_answer_would_be_noticed()
    {
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions());
        await using var proxy = await Prism.ProxyAsync(prism.Spec, twilio.BaseUrl);
        using var wire = new Wire(proxy.Url);
        twilio.Faults.Add(new Fault(FaultKind.Garbage));
        Assert.IsNotType<SendResult.Accepted>(await Client(wire).SendAsync(Message(Text), Never));
        Assert.NotEmpty(wire.Violations);
    }

    private TwilioClient Client(string? prefer = null) => Client(new Wire(prism.Mock.Url) { Prefer = prefer });

    private static TwilioClient Client(Wire wire)
    {
        var http = new HttpClient(wire, disposeHandler: false);
        TwilioServices.Prepare(http);
        var options = new TwilioOptions
        {
            AccountSid = Forms.Account,
            AuthTokens = ["0123456789abcdef"],
            Sender = Address(Forms.Sender),
            ApiBase = wire.Url,
            MessagingBase = wire.Url,
        };
        return new TwilioClient(http, options, TimeProvider.System);
    }

    private static OutboundMessage Message(OutboundContent content) => new(Address(Forms.From), content, new Uri("https://foco.example.org/status?id=1"));

    private static ChannelAddress Address(string text)
    {
        Assert.True(ChannelAddress.TryParse(text, out var address));
        return address;
    }
}
