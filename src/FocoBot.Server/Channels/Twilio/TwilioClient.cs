using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// The three calls of Twilio's API we need. A failure of the network or of Twilio is a result, never an exception.
/// Source: twilio.com/docs/messaging/api/message-resource and Twilio's OpenAPI document, against which the tests check it.
/// </summary>
/// <param name="http">Without a timeout of its own; <see cref="TwilioServices"/> prepares it.</param>
/// <param name="options">Must be configured.</param>
/// <param name="clock">Runs the request timeout and dates Retry-After.</param>
public sealed class TwilioClient(HttpClient http, TwilioOptions options, TimeProvider clock)
{
    private readonly string _messagesPath = $"/2010-04-01/Accounts/{options.AccountSid}/Messages.json";
    private readonly AuthenticationHeaderValue _credentials = Credentials(options);

    /// <summary>Sends a message, once. The API has no idempotency key, so what to do next depends on the kind of result.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; whether a message exists is then unknown.</exception>
    public async Task<SendResult> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        using var form = new OutgoingForm(Fields(message));
        using var request = Request(HttpMethod.Post, new Uri(options.ApiBase, _messagesPath));
        request.Content = form;
        using var deadline = Deadline(cancellationToken);
        try
        {
            using var answer = await http.SendAsync(request, deadline.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(deadline.Token);
            return Judge(answer, body, message.To);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return form.WasStarted ? new SendResult.Unknown(LostAnswer.Timeout) : new SendResult.NotSent("timeout");
        }
        catch (HttpRequestException e)
        {
            return form.WasStarted ? new SendResult.Unknown(LostAnswer.BrokenConnection) : new SendResult.NotSent(e.HttpRequestError.ToString());
        }
    }

    /// <summary>
    /// Messages sent to an address since a moment. A message that still waits in Twilio's queue has no sending date yet and may be
    /// missing, so give it a minute before taking its absence for a proof.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<Listing> ListAsync(ChannelAddress to, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var found = new List<ListedMessage>();
        var next = string.Create(
            CultureInfo.InvariantCulture,
            $"{_messagesPath}?To={Uri.EscapeDataString(to.Value)}&DateSent%3E={since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&PageSize={TwilioLimits.ListPageSize}");

        for (var page = 0; page < TwilioLimits.ListPages; page++)
        {
            using var request = Request(HttpMethod.Get, new Uri(options.ApiBase, next));
            if (await FetchAsync(request, cancellationToken) is not { } body || TwilioAnswers.Page(body) is not { } read)
                return new Listing(found, IsComplete: false);

            found.AddRange(read.Messages);
            if (string.IsNullOrEmpty(read.NextPath))
                return new Listing(found, IsComplete: true);
            // Our credentials go along, so the next page must be a path below the one we asked for.
            if (read.NextPath.Length > TwilioLimits.PagePathLength || !read.NextPath.StartsWith(_messagesPath + "?", StringComparison.Ordinal))
                return new Listing(found, IsComplete: false);
            next = read.NextPath;
        }

        return new Listing(found, IsComplete: false);
    }

    /// <summary>Shows "typing…" to the person who wrote an inbound message, and marks it read; gone with our answer or after 25 s.</summary>
    /// <returns>False when it could not be shown, which is no reason to do anything.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<bool> TypingAsync(string messageSid, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, new Uri(options.MessagingBase, "/v2/Indicators/Typing.json"));
        request.Content = new FormUrlEncodedContent([new("channel", "whatsapp"), new("messageId", messageSid)]);
        return await FetchAsync(request, cancellationToken) is not null;
    }

    private SendResult Judge(HttpResponseMessage answer, byte[] body, ChannelAddress to)
    {
        if (answer.IsSuccessStatusCode)
            return (SendResult?)TwilioAnswers.Created(body) ?? new SendResult.Unknown(LostAnswer.Unreadable);

        // 503 turns a request away; any other 5xx may come from behind the point where the message was made.
        var status = (int)answer.StatusCode;
        if (status >= 500 && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            return new SendResult.Unknown(LostAnswer.ServerFault);

        var code = TwilioAnswers.ErrorCode(body);
        return new SendResult.Refused(code, status, TwilioErrors.Classify(code, status, to), RetryAfter(answer));
    }

    private async Task<byte[]?> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = Deadline(cancellationToken);
        try
        {
            using var answer = await http.SendAsync(request, deadline.Token);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(deadline.Token) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private List<KeyValuePair<string, string>> Fields(OutboundMessage message)
    {
        var fields = new List<KeyValuePair<string, string>>
        {
            new("To", message.To.Value),
            new("From", (message.From ?? options.Sender).Value),
        };
        fields.AddRange(message.Content.Fields());
        if (message.StatusCallback is { } callback)
            fields.Add(new("StatusCallback", callback.AbsoluteUri));
        return fields;
    }

    private HttpRequestMessage Request(HttpMethod method, Uri uri) => new(method, uri) { Headers = { Authorization = _credentials } };

    private Deadline Deadline(CancellationToken cancellationToken) => new(options.RequestTimeout, clock, cancellationToken);

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter?.Delta ?? answer.Headers.RetryAfter?.Date - clock.GetUtcNow();
        if (asked is not { } wait)
            return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TwilioLimits.RetryAfter ? TwilioLimits.RetryAfter : wait;
    }

    private static AuthenticationHeaderValue Credentials(TwilioOptions options)
    {
        var (user, secret) = options is { ApiKeySid: { } key, ApiKeySecret: { } keySecret }
            ? (key, keySecret)
            : (options.AccountSid, options.AuthTokens.FirstOrDefault() ?? "");
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
    }
}
