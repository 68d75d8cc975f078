using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FocoBot.StandIns.Twilio;

/// <summary>The part of Twilio's API that sends, lists and fetches messages and shows typing.</summary>
internal sealed class TwilioApi(TwilioStandInOptions options, MessageLog log, FaultQueue faults, StatusCallbacks callbacks)
{
    private const int DefaultPageSize = 50;
    private const int LargestPageSize = 1000;

    // Ids of two runs must differ, or a server that outlives its stand-in would take new messages for old ones.
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private long _lastSid;
    private long _refused;
    private long _faulted;
    private long _typing;
    private long _listed;

    public LatencyHistogram Handling { get; } = new();

    public (long Refused, long Faulted, long Typing, long Listed) Counts =>
        (Interlocked.Read(ref _refused), Interlocked.Read(ref _faulted), Interlocked.Read(ref _typing), Interlocked.Read(ref _listed));

    public void ClearCounts()
    {
        Handling.Clear();
        _refused = _faulted = _typing = _listed = 0;
    }

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path == "/v2/Indicators/Typing.json")
            return IsAllowed(context, account: null) ? TypingAsync(context) : UnauthorizedAsync(context);

        // /2010-04-01/Accounts/{AccountSid}/Messages.json and /Messages/{Sid}.json
        const string prefix = "/2010-04-01/Accounts/";
        var slash = path.StartsWith(prefix, StringComparison.Ordinal) ? path.IndexOf('/', prefix.Length) : -1;
        if (slash < 0)
            return NotFoundAsync(context);
        var account = path[prefix.Length..slash];
        if (!IsAllowed(context, account))
            return UnauthorizedAsync(context);

        var rest = path.AsSpan(slash);
        if (rest is "/Messages.json")
        {
            return context.Request.Method switch
            {
                "POST" => SendAsync(context, account),
                "GET" => ListAsync(context, account),
                _ => TwilioJson.ErrorAsync(context.Response, 405, 20004, "Method not allowed"),
            };
        }

        return rest.StartsWith("/Messages/") && rest.EndsWith(".json") && context.Request.Method == "GET"
            ? FetchAsync(context, rest["/Messages/".Length..^".json".Length].ToString())
            : NotFoundAsync(context);
    }

    private async Task SendAsync(HttpContext context, string account)
    {
        var started = options.Clock.GetTimestamp();
        if (await RequestForm.ReadAsync(context.Request) is not { } form)
        {
            await TwilioJson.ErrorAsync(context.Response, 415, 20415, "Unsupported media type");
            return;
        }

        var fault = faults.Take(FaultTarget.Send, form.GetValueOrDefault("To"));
        if (fault is not null)
            Interlocked.Increment(ref _faulted);
        if (faults.DelayMilliseconds is > 0 and var delay)
            await Task.Delay(TimeSpan.FromMilliseconds(delay), options.Clock, context.RequestAborted);
        if (await FailedBeforeAsync(context, fault))
            return;
        if (TwilioRules.Refusal(form) is var (code, text))
        {
            Interlocked.Increment(ref _refused);
            await TwilioJson.ErrorAsync(context.Response, 400, code, text);
            return;
        }

        var message = Record(account, form, fault);
        switch (fault?.Kind)
        {
            case FaultKind.DropAfter:
                context.Abort();
                return;
            case FaultKind.HangAfter:
                await HangAsync(context);
                return;
            case FaultKind.Garbage:
                context.Response.StatusCode = 201;
                await context.Response.WriteAsync("<html>not what you asked for", context.RequestAborted);
                return;
            default:
                await TwilioJson.MessageAsync(context.Response, 201, message);
                callbacks.Report(message);
                Handling.Add(options.Clock.GetElapsedTime(started));
                return;
        }
    }

    private RecordedMessage Record(string account, Dictionary<string, string> form, Fault? fault)
    {
        var kind = form.ContainsKey("MediaUrl") ? "MM" : "SM";
        var message = new RecordedMessage
        {
            Sid = string.Create(CultureInfo.InvariantCulture, $"{kind}{_run}{Interlocked.Increment(ref _lastSid):x16}"),
            AccountSid = account,
            To = form["To"],
            From = form.GetValueOrDefault("From"),
            Body = form.GetValueOrDefault("Body") ?? "",
            ContentSid = form.GetValueOrDefault("ContentSid"),
            ContentVariables = form.GetValueOrDefault("ContentVariables"),
            MediaUrl = form.GetValueOrDefault("MediaUrl"),
            StatusCallback = form.GetValueOrDefault("StatusCallback"),
            ReceivedAt = options.Clock.GetUtcNow(),
            FailWith = fault?.Kind == FaultKind.Undeliverable ? fault.Code : null,
        };
        log.Add(message);
        return message;
    }

    // Newest first. PageToken is the number of the last message shown, so that new arrivals shift no page.
    private async Task ListAsync(HttpContext context, string account)
    {
        Interlocked.Increment(ref _listed);
        if (await FailedBeforeAsync(context, faults.Take(FaultTarget.List)))
            return;

        var query = context.Request.Query;
        var size = int.TryParse(query["PageSize"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, LargestPageSize) : DefaultPageSize;
        var before = long.TryParse(query["PageToken"], NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : long.MaxValue;
        var page = int.TryParse(query["Page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var (since, until, from) = (Date(query["DateSent>"]), Date(query["DateSent<"]), (string?)query["From"]);

        var found = log.To(query["To"]).Where(message =>
            message.Number < before && message.AccountSid == account && (from is null || message.From == from)
            && !(message.ReceivedAt < since) && !(message.ReceivedAt > until)).Take(size + 1).ToList();
        var hasMore = found.Count > size;
        if (hasMore)
            found.RemoveAt(size);

        string Uri(int toPage, long? toToken) => context.Request.Path + QueryString.Create(query
            .Where(part => part.Key is not ("Page" or "PageToken" or "PageSize"))
            .Append(new("PageSize", size.ToString(CultureInfo.InvariantCulture)))
            .Append(new("Page", toPage.ToString(CultureInfo.InvariantCulture)))
            .Concat(toToken is null ? [] : [new("PageToken", toToken.Value.ToString(CultureInfo.InvariantCulture))]));

        await TwilioJson.WriteAsync(context.Response, 200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("messages");
            foreach (var message in found)
                TwilioJson.Message(json, message);
            json.WriteEndArray();
            json.WriteNumber("start", page * size);
            json.WriteNumber("end", (page * size) + Math.Max(0, found.Count - 1));
            json.WriteNumber("page", page);
            json.WriteNumber("page_size", size);
            json.WriteString("uri", Uri(page, page == 0 ? null : token));
            json.WriteString("first_page_uri", Uri(0, null));
            json.WriteString("next_page_uri", hasMore ? Uri(page + 1, found[^1].Number) : null);
            json.WriteNull("previous_page_uri");
            json.WriteEndObject();
        });
    }

    private async Task FetchAsync(HttpContext context, string sid)
    {
        if (await FailedBeforeAsync(context, faults.Take(FaultTarget.List)))
            return;
        if (log.Find(sid) is { } message)
            await TwilioJson.MessageAsync(context.Response, 200, message);
        else
            await NotFoundAsync(context);
    }

    private async Task TypingAsync(HttpContext context)
    {
        var form = await RequestForm.ReadAsync(context.Request);
        if (await FailedBeforeAsync(context, faults.Take(FaultTarget.Typing)))
            return;
        if (form?.GetValueOrDefault("channel") != "whatsapp" || string.IsNullOrEmpty(form.GetValueOrDefault("messageId")))
        {
            await TwilioJson.ErrorAsync(context.Response, 400, 20001, "channel and messageId are required");
            return;
        }

        Interlocked.Increment(ref _typing);
        await TwilioJson.WriteAsync(context.Response, 200, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteEndObject();
        });
    }

    /// <summary>Acts out a fault that leaves no message; false when the request shall go on.</summary>
    private static async Task<bool> FailedBeforeAsync(HttpContext context, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.DropBefore:
                context.Abort();
                return true;
            case FaultKind.HangBefore:
                await HangAsync(context);
                return true;
            case FaultKind.Error:
                if (fault.RetryAfterSeconds is { } seconds)
                    context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                if (fault.Code != 0)
                    await TwilioJson.ErrorAsync(context.Response, fault.HttpStatus, fault.Code, "Injected");
                else
                    context.Response.StatusCode = fault.HttpStatus;
                return true;
            default:
                return false;
        }
    }

    private static async Task HangAsync(HttpContext context)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.RequestAborted.UnsafeRegister(_ => left.TrySetResult(), null))
            await left.Task;
    }

    private bool IsAllowed(HttpContext context, string? account)
    {
        if (account is not null && options.AccountSid is not null && account != options.AccountSid)
            return false;
        var header = (string?)context.Request.Headers.Authorization;
        if (header is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return false;
        if (options.AuthToken is null && options.ApiKeySecret is null)
            return true;
        return Is(header, options.AccountSid ?? account, options.AuthToken) || Is(header, options.ApiKeySid, options.ApiKeySecret);
    }

    private static bool Is(string header, string? user, string? secret) =>
        user is not null && secret is not null && header["Basic ".Length..] == Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static Task UnauthorizedAsync(HttpContext context) => TwilioJson.ErrorAsync(context.Response, 401, 20003, "Authenticate");

    private static Task NotFoundAsync(HttpContext context) =>
        TwilioJson.ErrorAsync(context.Response, (int)HttpStatusCode.NotFound, 20404, "The requested resource was not found");
}
