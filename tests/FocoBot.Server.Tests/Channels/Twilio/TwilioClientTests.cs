using System.Net;
using System.Net.Sockets;
using FocoBot.Channels.Twilio;
using FocoBot.StandIns.Twilio;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Channels.Twilio;

public sealed class TwilioClientTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string KeySid = "SK0123456789abcdef0123456789abcdef";
    private const string KeySecret = "a-secret-of-the-key";
    private const string Template = "HX0123456789abcdef0123456789abcdef";

    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly List<ServiceProvider> _providers = [];
    private TwilioStandIn _twilio = null!;

    public async ValueTask InitializeAsync() => _twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions
    {
        AccountSid = Forms.Account,
        AuthToken = Token,
        ApiKeySid = KeySid,
        ApiKeySecret = KeySecret,
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
            await provider.DisposeAsync();
        await _twilio.DisposeAsync();
    }

    [Fact]
    public async Task A_text_arrives_as_written()
    {
        const string body = "✅ Tarea creada: comprar pan & leche + 100% café\nmañana 9:00 😀";
        var accepted = Assert.IsType<SendResult.Accepted>(await SendAsync(new OutboundContent.Text(body)));

        var message = Assert.Single(_twilio.Messages.After(0, 10));
        Assert.Equal(accepted.Sid, message.Sid);
        Assert.Equal(MessageStatus.Queued, accepted.Status);
        Assert.Equal((Forms.From, Forms.Sender, body), (message.To, message.From, message.Body));
        Assert.Equal("https://foco.example.org/status", message.StatusCallback);
    }

    [Fact]
    public async Task A_template_arrives_with_its_variables_on_one_line()
    {
        var content = new OutboundContent.Template(Template, new Dictionary<string, string> { ["1"] = "Ana \"la\"\n\t López", ["2"] = " " });
        Assert.IsType<SendResult.Accepted>(await SendAsync(content));

        var message = Assert.Single(_twilio.Messages.After(0, 10));
        Assert.Equal(Template, message.ContentSid);
        Assert.Equal("", message.Body);
        using var variables = System.Text.Json.JsonDocument.Parse(message.ContentVariables!);
        Assert.Equal("Ana \"la\" López", variables.RootElement.GetProperty("1").GetString());
        Assert.Equal("-", variables.RootElement.GetProperty("2").GetString());
    }

    [Fact]
    public async Task Media_arrives_as_a_link()
    {
        Assert.IsType<SendResult.Accepted>(await SendAsync(new OutboundContent.Media(new Uri("https://foco.example.org/m/1?a=b&c=d"))));
        Assert.Equal("https://foco.example.org/m/1?a=b&c=d", Assert.Single(_twilio.Messages.After(0, 10)).MediaUrl);
    }

    [Fact]
    public async Task The_api_key_signs_in_before_the_token_and_either_alone_will_do()
    {
        var withKey = new OutboundContent.Text("con llave");
        Assert.IsType<SendResult.Accepted>(await SendAsync(withKey, Options(apiKey: (KeySid, KeySecret), token: "a wrong token, not used")));
        Assert.IsType<SendResult.Accepted>(await SendAsync(withKey, Options()));
        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(withKey, Options(apiKey: (KeySid, "a-wrong-key-secret"))));
        Assert.Equal(new SendResult.Refused(TwilioErrors.Authenticate, 401, ErrorClass.StopChannel), refused);
    }

    [Theory]
    [InlineData(429, 20429, ErrorClass.RetryNow)]
    [InlineData(429, 0, ErrorClass.RetryNow)]
    [InlineData(503, 0, ErrorClass.RetryLater)]
    [InlineData(400, 63016, ErrorClass.NeedsTemplate)]
    [InlineData(400, 21610, ErrorClass.Suppress)]
    [InlineData(400, 69999, ErrorClass.GiveUp)]
    [InlineData(302, 0, ErrorClass.AlertOperator)]
    public async Task A_refusal_carries_code_status_and_what_to_do(int status, int code, ErrorClass expected)
    {
        _twilio.Faults.Add(new Fault(FaultKind.Error, HttpStatus: status, Code: code));
        var refused = Assert.IsType<SendResult.Refused>(await SendAsync());
        Assert.Equal(new SendResult.Refused(code == 0 ? null : code, status, expected), refused);
        Assert.Equal(0, _twilio.Messages.Received);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(1_000_000, 3600)]
    public async Task Retry_after_is_passed_on_within_reason(int asked, int expected)
    {
        _twilio.Faults.Add(new Fault(FaultKind.Error, HttpStatus: 429, Code: 20429, RetryAfterSeconds: asked));
        var refused = Assert.IsType<SendResult.Refused>(await SendAsync());
        Assert.Equal(TimeSpan.FromSeconds(expected), refused.RetryAfter);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore, LostAnswer.BrokenConnection, 0)]
    [InlineData(FaultKind.DropAfter, LostAnswer.BrokenConnection, 1)]
    [InlineData(FaultKind.HangBefore, LostAnswer.Timeout, 0)]
    [InlineData(FaultKind.HangAfter, LostAnswer.Timeout, 1)]
    [InlineData(FaultKind.Garbage, LostAnswer.Unreadable, 1)]
    public async Task A_lost_answer_is_unknown_whether_or_not_a_message_was_made(FaultKind fault, LostAnswer expected, int made)
    {
        // Only a hanging answer meets the short timeout, and the message must be made within it on a busy machine too.
        var isHanging = fault is FaultKind.HangBefore or FaultKind.HangAfter;
        _twilio.Faults.Add(new Fault(fault));
        var result = await SendAsync(options: Options(timeout: isHanging ? TimeSpan.FromSeconds(1) : null));
        Assert.Equal(new SendResult.Unknown(expected), result);
        Assert.Equal(made, _twilio.Messages.Received);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_fault_behind_the_gateway_is_unknown(int status)
    {
        _twilio.Faults.Add(new Fault(FaultKind.Error, HttpStatus: status));
        Assert.Equal(new SendResult.Unknown(LostAnswer.ServerFault), await SendAsync());
    }

    [Fact]
    public async Task A_closed_port_means_not_sent() =>
        Assert.Equal(new SendResult.NotSent("ConnectionError"), await SendAsync(options: Options(api: ClosedPort())));

    [Fact]
    public async Task A_name_that_does_not_resolve_means_not_sent() =>
        Assert.IsType<SendResult.NotSent>(await SendAsync(options: Options(api: new Uri("http://no-such-host.invalid"))));

    [Fact]
    public async Task A_connection_that_never_stands_means_not_sent()
    {
        static async ValueTask<Stream> NeverAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            throw new InvalidOperationException("An endless wait has ended.");
        }

        var soon = TimeSpan.FromMilliseconds(50);
        using var impatient = new SocketsHttpHandler { ConnectTimeout = soon, ConnectCallback = NeverAsync };
        Assert.IsType<SendResult.NotSent>(await SendAsync(impatient, Options()));
        using var patient = new SocketsHttpHandler { ConnectTimeout = Timeout.InfiniteTimeSpan, ConnectCallback = NeverAsync };
        Assert.Equal(new SendResult.NotSent("timeout"), await SendAsync(patient, Options(timeout: soon)));
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_means_not_sent() =>
        Assert.IsType<SendResult.NotSent>(await SendAsync(options: Options(api: new UriBuilder(_twilio.BaseUrl) { Scheme = "https" }.Uri)));

    [Fact]
    public async Task An_oversized_answer_is_not_read_to_the_end()
    {
        using var transport = new Answering(_ => new HttpResponseMessage(HttpStatusCode.Created) { Content = new StreamContent(new EndlessStream()) });
        Assert.Equal(new SendResult.Unknown(LostAnswer.BrokenConnection), await SendAsync(transport, Options()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"sid\": 5}")]
    [InlineData("{\"sid\": \"SM1\"}")]
    [InlineData("{\"sid\": \"\\ud800\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]")]
    public async Task A_yes_without_an_id_is_unknown(string body)
    {
        using var transport = new Answering(_ => new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(body) });
        Assert.Equal(new SendResult.Unknown(LostAnswer.Unreadable), await SendAsync(transport, Options()));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        _twilio.Faults.Add(new Fault(FaultKind.HangBefore));
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(Options()).SendAsync(Message(), source.Token));
    }

    [Fact]
    public async Task Listing_finds_all_pages_of_one_recipient_since_a_moment()
    {
        var client = Client(Options());
        for (var i = 0; i < TwilioLimits.ListPageSize + 5; i++)
            Assert.IsType<SendResult.Accepted>(await client.SendAsync(Message($"n{i}"), Never));
        Assert.IsType<SendResult.Accepted>(await client.SendAsync(Message("ajeno", to: "whatsapp:+5215500000000"), Never));

        var listing = await client.ListAsync(Address(Forms.From), TimeProvider.System.GetUtcNow().AddMinutes(-1), Never);
        Assert.True(listing.IsComplete);
        Assert.Equal(Enumerable.Range(0, TwilioLimits.ListPageSize + 5).Reverse().Select(i => $"n{i}"), listing.Messages.Select(m => m.Body));
        Assert.All(listing.Messages, m => Assert.Equal(Forms.Sender, m.From));
        Assert.InRange(listing.Messages[0].CreatedAt!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());

        var later = await client.ListAsync(Address(Forms.From), TimeProvider.System.GetUtcNow().AddMinutes(1), Never);
        Assert.True(later.IsComplete);
        Assert.Empty(later.Messages);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore)]
    [InlineData(FaultKind.HangBefore)]
    [InlineData(FaultKind.Error)]
    public async Task A_failed_listing_proves_nothing(FaultKind fault)
    {
        _twilio.Faults.Add(new Fault(fault, HttpStatus: 500, Target: FaultTarget.List));
        var listing = await Client(Options(timeout: TimeSpan.FromMilliseconds(300))).ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never);
        Assert.False(listing.IsComplete);
        Assert.Empty(listing.Messages);
    }

    [Theory]
    [InlineData("https://evil.example.org/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json?Page=1")]
    [InlineData("//evil.example.org/?Page=1")]
    [InlineData("/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json.evil")]
    public async Task A_next_page_elsewhere_is_not_followed(string next)
    {
        var calls = 0;
        using var transport = new Answering(_ =>
        {
            calls++;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"messages": [], "next_page_uri": "{{next}}"}""") };
        });
        var listing = await Client(transport, Options()).ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never);
        Assert.False(listing.IsComplete);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_listing_without_end_stops_at_its_limit()
    {
        var calls = 0;
        using var transport = new Answering(request =>
        {
            calls++;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"messages": [], "next_page_uri": "{{request.RequestUri!.PathAndQuery}}"}""") };
        });
        Assert.False((await Client(transport, Options()).ListAsync(Address(Forms.From), DateTimeOffset.UnixEpoch, Never)).IsComplete);
        Assert.Equal(TwilioLimits.ListPages, calls);
    }

    [Fact]
    public async Task Typing_tells_whether_it_was_shown()
    {
        Assert.True(await Client(Options()).TypingAsync(Forms.MessageSid, Never));
        _twilio.Faults.Add(new Fault(FaultKind.Error, HttpStatus: 500, Target: FaultTarget.Typing));
        Assert.False(await Client(Options()).TypingAsync(Forms.MessageSid, Never));
    }

    [Fact]
    public void Texts_twilio_would_refuse_are_not_built()
    {
        Assert.Throws<ArgumentException>(() => new OutboundContent.Text(new string('a', TwilioLimits.OutboundTextLength + 1)));
        Assert.Throws<ArgumentException>(() => new OutboundContent.Text(" "));
        Assert.Throws<ArgumentException>(() => new OutboundContent.Template("HX1", new Dictionary<string, string>()));
    }

    [Fact]
    public void The_text_form_of_a_message_shows_nothing_of_it() => Assert.Equal("outbound Text", Message("secreto").ToString());

    private Task<SendResult> SendAsync(OutboundContent? content = null, TwilioOptions? options = null) =>
        Client(options ?? Options()).SendAsync(Message() with { Content = content ?? new OutboundContent.Text("hola") }, Never);

    private static async Task<SendResult> SendAsync(HttpMessageHandler transport, TwilioOptions options) =>
        await Client(transport, options).SendAsync(Message(), Never);

    private TwilioClient Client(TwilioOptions options)
    {
        var provider = new ServiceCollection().AddSingleton(TimeProvider.System).AddTwilio(options).BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<TwilioClient>();
    }

    private static TwilioClient Client(HttpMessageHandler transport, TwilioOptions options)
    {
        var http = new HttpClient(transport, disposeHandler: false);
        TwilioServices.Prepare(http);
        return new TwilioClient(http, options, TimeProvider.System);
    }

    private TwilioOptions Options(Uri? api = null, TimeSpan? timeout = null, (string Sid, string Secret)? apiKey = null, string token = Token) => new()
    {
        AccountSid = Forms.Account,
        AuthTokens = [token],
        ApiKeySid = apiKey?.Sid,
        ApiKeySecret = apiKey?.Secret,
        Sender = Address(Forms.Sender),
        ApiBase = api ?? _twilio.BaseUrl,
        MessagingBase = api ?? _twilio.BaseUrl,
        RequestTimeout = timeout ?? TimeSpan.FromSeconds(15),
    };

    private static OutboundMessage Message(string body = "hola", string to = Forms.From) =>
        new(Address(to), new OutboundContent.Text(body), new Uri("https://foco.example.org/status"));

    private static ChannelAddress Address(string text)
    {
        Assert.True(ChannelAddress.TryParse(text, out var address));
        return address;
    }

    private static Uri ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>A transport that answers without a network, after taking the request's body as a real one does.</summary>
    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content)
                await content.CopyToAsync(Stream.Null, cancellationToken);
            return answer(request);
        }
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
