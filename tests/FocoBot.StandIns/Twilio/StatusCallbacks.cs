using System.Globalization;
using System.Threading.Channels;

namespace FocoBot.StandIns.Twilio;

/// <summary>Reports what becomes of messages, signed, each message's statuses in order, many messages at a time.</summary>
public sealed class StatusCallbacks : IAsyncDisposable
{
    private const int Workers = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TwilioStandInOptions _options;
    private readonly Channel<RecordedMessage> _queue;
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;
    private long _delivered;
    private long _failed;
    private long _dropped;

    internal StatusCallbacks(TwilioStandInOptions options)
    {
        _options = options;
        _queue = Channel.CreateBounded<RecordedMessage>(
            new BoundedChannelOptions(options.Capacity) { FullMode = BoundedChannelFullMode.DropWrite }, _ => Interlocked.Increment(ref _dropped));
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Callbacks answered with success.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Callbacks refused or lost; as with Twilio, they are not repeated.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Messages whose callbacks were given up because too many waited.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages whose callbacks wait.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Stops after the callbacks under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _http.Dispose();
        _stop.Dispose();
    }

    internal void Report(RecordedMessage message)
    {
        if (message.StatusCallback is not null && (_options.Statuses.Count > 0 || message.FailWith is not null))
            _queue.Writer.TryWrite(message);
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                message.ErrorCode = message.FailWith;
                foreach (var status in message.FailWith is null ? _options.Statuses : ["undelivered"])
                {
                    message.Status = status;
                    await PostAsync(message, status);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task PostAsync(RecordedMessage message, string status)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MessageSid"] = message.Sid,
            ["SmsSid"] = message.Sid,
            ["MessageStatus"] = status,
            ["SmsStatus"] = status,
            ["AccountSid"] = message.AccountSid,
            ["From"] = message.From ?? "",
            ["To"] = message.To,
            ["ApiVersion"] = "2010-04-01",
            ["ChannelPrefix"] = "whatsapp",
        };
        if (status == "read")
            form["EventType"] = "READ";
        if (message.ErrorCode is { } code)
            form["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);

        using var request = new HttpRequestMessage(HttpMethod.Post, message.StatusCallback) { Content = new FormUrlEncodedContent(form) };
        if (_options.AuthToken is { } token)
            request.Headers.Add("X-Twilio-Signature", TwilioSigner.Sign(token, message.StatusCallback!, form));
        try
        {
            using var answer = await _http.SendAsync(request, _stop.Token);
            Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref _delivered : ref _failed);
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failed);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failed);
        }
    }
}
