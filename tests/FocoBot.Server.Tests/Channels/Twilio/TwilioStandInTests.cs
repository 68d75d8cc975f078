using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FocoBot.Channels.Twilio;
using FocoBot.StandIns.Twilio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FocoBot.Tests.Channels.Twilio;

/// <summary>The stand-in is trusted by every test of the channel, so it is tested itself; the contract tests check its answers.</summary>
public sealed class TwilioStandInTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly Uri MessagesPath = new($"2010-04-01/Accounts/{Forms.Account}/Messages.json", UriKind.Relative);

    [Theory]
    [InlineData("From=whatsapp%3A%2B14155238886&Body=a", 21604)]
    [InlineData("To=5215512345678&From=whatsapp%3A%2B14155238886&Body=a", 21211)]
    [InlineData("To=whatsapp%3A+5215512345678&From=whatsapp%3A%2B14155238886&Body=a", 21211)]
    [InlineData("To=whatsapp%3A%2B5215512345678&Body=a", 21603)]
    [InlineData("To=whatsapp%3A%2B5215512345678&From=me&Body=a", 21212)]
    [InlineData("To=whatsapp%3A%2B5215512345678&From=whatsapp%3A%2B14155238886", 21602)]
    [InlineData("To=whatsapp%3A%2B5215512345678&From=whatsapp%3A%2B14155238886&ContentSid=HX1", 21655)]
    [InlineData("To=whatsapp%3A%2B5215512345678&From=whatsapp%3A%2B14155238886&ContentSid=HX0123456789abcdef0123456789abcdef&ContentVariables=1", 21656)]
    [InlineData("To=whatsapp%3A%2B5215512345678&From=whatsapp%3A%2B14155238886&Body=a&StatusCallback=nowhere", 21609)]
    public async Task It_refuses_what_twilio_refuses(string body, int code)
    {
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions());
        using var http = Client(twilio);
        using var answer = await http.PostAsync(MessagesPath, new StringContent(body, null, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
        Assert.Equal(0, twilio.Messages.Received);
    }

    [Fact]
    public async Task It_reports_statuses_signed_and_in_order()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = Forms.Account, AuthToken = Token, Statuses = ["sent", "delivered"] });
        using var http = Client(twilio);
        await PostAsync(http, receiver.Url);

        Assert.Equal([MessageStatus.Sent, MessageStatus.Delivered], [(await receiver.NextAsync()).Status, (await receiver.NextAsync()).Status]);
    }

    [Fact]
    public async Task It_reports_a_failed_delivery_when_told_to()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = Forms.Account, AuthToken = Token });
        twilio.Faults.Add(new Fault(FaultKind.Undeliverable, Code: TwilioErrors.OutsideWindow));
        using var http = Client(twilio);
        await PostAsync(http, receiver.Url);

        var callback = await receiver.NextAsync();
        Assert.Equal((MessageStatus.Undelivered, TwilioErrors.OutsideWindow), (callback.Status, callback.ErrorCode));
    }

    [Fact]
    public async Task It_is_steered_and_read_over_http()
    {
        await using var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { Capacity = 3 });
        using var http = Client(twilio);
        using (await http.PostAsJsonAsync("_control/faults", new { faults = new[] { new { kind = "error", times = 2, httpStatus = 429, code = 20429 } } }))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(http));
            Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(http));
        }

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Created, await PostAsync(http));

        var stats = await http.GetFromJsonAsync<JsonElement>("_control/stats");
        Assert.Equal((5, 2, 2, 1, 5), (Number(stats, "received"), Number(stats, "dropped"), Number(stats, "faulted"), Number(stats, "recipients"), Number(stats, "mostToOne")));
        var recipients = await http.GetFromJsonAsync<Dictionary<string, int>>("_control/recipients");
        Assert.Equal(5, Assert.Single(recipients!).Value);

        var lines = (await http.GetStringAsync("_control/messages?after=3")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([4, 5], lines.Select(line => Number(JsonDocument.Parse(line).RootElement, "n")));

        using (await http.PostAsync("_control/reset", null))
            Assert.Equal(0, Number(await http.GetFromJsonAsync<JsonElement>("_control/stats"), "received"));
    }

    private static int Number(JsonElement parent, string name) => parent.GetProperty(name).GetInt32();

    private static HttpClient Client(TwilioStandIn twilio)
    {
        var http = new HttpClient { BaseAddress = twilio.BaseUrl };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{Forms.Account}:{Token}")));
        return http;
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string? statusCallback = null)
    {
        var form = new Dictionary<string, string> { ["To"] = Forms.From, ["From"] = Forms.Sender, ["Body"] = "hola" };
        if (statusCallback is not null)
            form["StatusCallback"] = statusCallback;
        using var answer = await http.PostAsync(MessagesPath, new FormUrlEncodedContent(form));
        return answer.StatusCode;
    }

    /// <summary>A webhook endpoint that checks signatures with the server's own code.</summary>
    private sealed class CallbackReceiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly System.Threading.Channels.Channel<StatusCallback> _received = System.Threading.Channels.Channel.CreateUnbounded<StatusCallback>();

        private CallbackReceiver(WebApplication app) => _app = app;

        public string Url => _app.Urls.First() + "/status?id=1";

        public static async Task<CallbackReceiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var receiver = new CallbackReceiver(builder.Build());
            receiver._app.Run(receiver.TakeAsync);
            await receiver._app.StartAsync();
            return receiver;
        }

        public async Task<StatusCallback> NextAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            return await _received.Reader.ReadAsync(patience.Token);
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Assert.True(TwilioForm.TryParse(body.ToArray(), out var form));
            var isSigned = new TwilioSignature([Token]).IsValid(Url, form, context.Request.Headers["X-Twilio-Signature"]);
            if (isSigned && StatusCallback.TryParse(form, out var callback))
                _received.Writer.TryWrite(callback);
            context.Response.StatusCode = isSigned ? StatusCodes.Status204NoContent : StatusCodes.Status403Forbidden;
        }
    }
}
