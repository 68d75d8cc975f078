using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FocoBot.StandIns.Twilio;

namespace FocoBot.Tests;

/// <summary>A server whose business channel talks to a local Twilio stand-in, and the people who write to it.</summary>
public sealed class BusinessChannel : IAsyncDisposable
{
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";
    public const string AuthToken = "0123456789abcdef0123456789abcdef";
    public const string Number = "+14155238886";
    private const string Path = "/api/integrations/whatsapp/webhook";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, string> _settings;
    private int _lastMessage;

    private BusinessChannel(TestServer server, TwilioStandIn twilio, Dictionary<string, string> settings)
    {
        Server = server;
        Twilio = twilio;
        _settings = settings;
        Http = Line(server);
    }

    public TestServer Server { get; private set; }

    public TwilioStandIn Twilio { get; }

    public HttpClient Http { get; private set; }

    /// <summary>The clock of the server and of Twilio.</summary>
    public FakeClock Clock => Server.Clock;

    public static async Task<BusinessChannel> StartAsync(Dictionary<string, string>? settings = null)
    {
        var clock = new FakeClock();
        var twilio = await TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = AccountSid, AuthToken = AuthToken, Clock = clock });
        var all = new Dictionary<string, string>(settings ?? [])
        {
            ["TWILIO_ACCOUNT_SID"] = AccountSid, ["TWILIO_AUTH_TOKEN"] = AuthToken, ["TWILIO_WHATSAPP_NUMBER"] = Number,
            ["TWILIO_API_BASE_URL"] = twilio.BaseUrl.ToString(), ["TWILIO_MESSAGES_PER_SECOND"] = "1000",
        };
        return new BusinessChannel(await TestServer.StartAsync(all, clock: clock), twilio, all);
    }

    /// <summary>Stops the server and starts another on the same data; Twilio goes on.</summary>
    public async Task RestartAsync()
    {
        await Server.StopAsync();
        Server = await TestServer.StartAsync(_settings, data: Server.Data, clock: Clock);
        Http = Line(Server);
    }

    /// <summary>Signs somebody up and links their phone by writing the code from it.</summary>
    public async Task<LinkedPerson> LinkedAsync(string phone, string language = "es")
    {
        var browser = await Server.SignUpAsync();
        await browser.PatchAsync("/api/settings", JsonContentOf(new { language }));
        var link = await browser.PostAsync("/api/integrations/whatsapp/link", new { phone }).OkJsonAsync();
        var person = new LinkedPerson(this, browser, "whatsapp:" + phone);
        var answer = await person.SayAsync((language == "es" ? "VERIFICAR " : "VERIFY ") + link.GetProperty("code").GetString());
        Assert.Contains(language == "es" ? "¡WhatsApp vinculado!" : "WhatsApp linked!", answer, StringComparison.Ordinal);
        return person;
    }

    /// <summary>Delivers a message by a signed webhook.</summary>
    public async Task<HttpResponseMessage> DeliverAsync(string from, string text, string? sid = null, params (string Key, string Value)[] more)
    {
        var form = new Dictionary<string, string>
        {
            ["MessageSid"] = sid ?? NextSid(), ["AccountSid"] = AccountSid, ["From"] = from, ["To"] = "whatsapp:" + Number, ["Body"] = text,
            ["NumMedia"] = "0", ["SmsStatus"] = "received", ["ApiVersion"] = "2010-04-01",
        };
        foreach (var (key, value) in more) form[key] = value;
        return await PostAsync(form, TwilioSigner.Sign(AuthToken, TestServer.BaseUrl + Path, form));
    }

    public async Task<HttpResponseMessage> PostAsync(Dictionary<string, string> form, string? signature, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path + query) { Content = new FormUrlEncodedContent(form) };
        if (signature is not null) request.Headers.Add("X-Twilio-Signature", signature);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Writes a message and waits for the answer to it; null when it was handled without one.</summary>
    public async Task<string?> SayAsync(string from, string text, params (string Key, string Value)[] more)
    {
        var sid = NextSid();
        using var response = await DeliverAsync(from, text, sid, more);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await AnswerAsync(sid);
    }

    /// <summary>Waits until a delivered message is handled and its answers have gone out.</summary>
    public async Task<string?> AnswerAsync(string sid)
    {
        var row = await EventuallyAsync(async () => await Server.Database.AsService("test").ReadAsync(work => work.FirstAsync<Handled>(
            """
            SELECT i.state, (SELECT count(*) FROM outbox o WHERE o.inbox_id = i.id AND o.state IN ('pending', 'sending')) AS waiting,
              (SELECT o.provider_id FROM outbox o WHERE o.inbox_id = i.id ORDER BY o.id LIMIT 1) AS providerId
            FROM inbox i WHERE i.provider_id = @sid
            """, new { sid })) is { State: not "pending", Waiting: 0 } handled ? handled : null);
        return row.ProviderId is null ? null : Twilio.Messages.Find(row.ProviderId)?.Body;
    }

    /// <summary>Waits for something that background work brings about.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T?>> look) where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await look() is { } found) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Delivers a status callback for the outbox row of a message.</summary>
    public async Task ReportAsync(string providerId, string status, int? error = null, Guid? row = null)
    {
        var form = new Dictionary<string, string> { ["MessageSid"] = providerId, ["AccountSid"] = AccountSid, ["MessageStatus"] = status };
        if (error is { } code) form["ErrorCode"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var query = row is { } id ? $"?message={id:N}" : "";
        using var response = await PostAsync(form, TwilioSigner.Sign(AuthToken, TestServer.BaseUrl + Path + query, form), query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Waits until something holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> holds) => EventuallyAsync(async () => await holds() ? "yes" : null);

    /// <summary>One value out of the server's database.</summary>
    public Task<T> ScalarAsync<T>(string sql, object? args = null) => Server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<T>(sql, args));

    /// <summary>Rows of one column out of the server's database.</summary>
    public Task<List<T>> ColumnAsync<T>(string sql, object? args = null) => Server.Database.AsService("test").ReadAsync(work => work.QueryAsync<T>(sql, args));

    /// <summary>Changes rows, as an operator would by hand.</summary>
    public Task<int> ExecuteAsync(string sql, object? args = null) => Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync(sql, args));

    public string NextSid() => "SM" + Interlocked.Increment(ref _lastMessage).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    public static StringContent JsonContentOf(object value) => new(JsonSerializer.Serialize(value), new MediaTypeHeaderValue("application/json"));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Twilio.DisposeAsync();
    }

    private static HttpClient Line(TestServer server)
    {
        var http = server.Browser();
        http.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        return http;
    }

    private sealed record Handled(string State, long Waiting, string? ProviderId);
}

/// <summary>Somebody with an account and a linked phone.</summary>
public sealed record LinkedPerson(BusinessChannel Channel, HttpClient Browser, string Address)
{
    public async Task<string> SayAsync(string text) => await Channel.SayAsync(Address, text) ?? throw new InvalidOperationException($"No answer to: {text}");

    /// <summary>Says several things, a few seconds apart so that no rate limit is met; the answers.</summary>
    public async Task<List<string>> SayAllAsync(params string[] texts)
    {
        var answers = new List<string>();
        foreach (var text in texts)
        {
            Channel.Clock.Advance(TimeSpan.FromSeconds(40));
            answers.Add(await SayAsync(text));
        }

        return answers;
    }
}
