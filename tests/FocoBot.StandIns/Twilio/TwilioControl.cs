using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace FocoBot.StandIns.Twilio;

/// <summary>
/// Looking at and steering a stand-in over HTTP, below <c>/_control</c>: <c>GET stats</c>, <c>GET messages?after=&amp;limit=</c> (JSON
/// lines), <c>GET recipients</c>, <c>POST faults</c> <c>{"delayMs": 0, "faults": [{"kind": "dropAfter", "times": 3}]}</c>,
/// <c>DELETE faults</c>, <c>POST reset</c>.
/// </summary>
internal sealed class TwilioControl(MessageLog log, FaultQueue faults, StatusCallbacks callbacks, TwilioApi api)
{
    public const string Prefix = "/_control/";
    private const int DefaultPage = 10_000;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public Task HandleAsync(HttpContext context)
    {
        var request = $"{context.Request.Method} {context.Request.Path.Value![Prefix.Length..]}";
        return request switch
        {
            "GET stats" => TwilioJson.WriteAsync(context.Response, 200, WriteStats),
            "GET messages" => WriteMessagesAsync(context),
            "GET recipients" => context.Response.WriteAsJsonAsync(log.CountsByRecipient()),
            "POST faults" => InjectAsync(context),
            "DELETE faults" => Done(context, faults.Clear),
            "POST reset" => Done(context, Reset),
            _ => Done(context, () => context.Response.StatusCode = StatusCodes.Status404NotFound),
        };
    }

    private void Reset()
    {
        faults.Clear();
        log.Clear();
        api.ClearCounts();
    }

    private async Task InjectAsync(HttpContext context)
    {
        var order = await context.Request.ReadFromJsonAsync<FaultOrder>(Web, context.RequestAborted);
        if (order?.DelayMs is { } delay)
            faults.DelayMilliseconds = delay;
        foreach (var fault in order?.Faults ?? [])
            faults.Add(fault);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private void WriteStats(Utf8JsonWriter json)
    {
        var counts = api.Counts;
        var recipients = log.CountsByRecipient();
        json.WriteStartObject();
        json.WriteNumber("received", log.Received);
        json.WriteNumber("dropped", log.Dropped);
        json.WriteNumber("refused", counts.Refused);
        json.WriteNumber("faulted", counts.Faulted);
        json.WriteNumber("typing", counts.Typing);
        json.WriteNumber("listed", counts.Listed);
        json.WriteNumber("recipients", recipients.Count);
        json.WriteNumber("mostToOne", recipients.Count == 0 ? 0 : recipients.Values.Max());
        json.WriteStartObject("handlingMicroseconds");
        json.WriteNumber("p50", api.Handling.Percentile(0.5));
        json.WriteNumber("p99", api.Handling.Percentile(0.99));
        json.WriteNumber("max", api.Handling.Percentile(1));
        json.WriteEndObject();
        json.WriteStartObject("callbacks");
        json.WriteNumber("delivered", callbacks.Delivered);
        json.WriteNumber("failed", callbacks.Failed);
        json.WriteNumber("waiting", callbacks.Waiting);
        json.WriteNumber("dropped", callbacks.Dropped);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // One short line a message: a test of 100,000 reads some 15 MB.
    private async Task WriteMessagesAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var after = long.TryParse(query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : DefaultPage;
        context.Response.ContentType = "application/x-ndjson";

        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer);
        foreach (var message in log.After(after, limit))
        {
            WriteLine(json, message);
            await json.FlushAsync(context.RequestAborted);
            buffer.Write("\n"u8);
            json.Reset();
            if (buffer.WrittenCount < 32 * 1024)
                continue;
            await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
            buffer.ResetWrittenCount();
        }

        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static void WriteLine(Utf8JsonWriter json, RecordedMessage message)
    {
        json.WriteStartObject();
        json.WriteNumber("n", message.Number);
        json.WriteNumber("atMicroseconds", (message.ReceivedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        json.WriteString("sid", message.Sid);
        json.WriteString("to", message.To);
        json.WriteString("status", message.Status);
        if (message.Body.Length > 0)
            json.WriteString("body", message.Body);
        if (message.ContentSid is not null)
            json.WriteString("contentSid", message.ContentSid);
        if (message.ContentVariables is not null)
            json.WriteString("contentVariables", message.ContentVariables);
        if (message.MediaUrl is not null)
            json.WriteString("mediaUrl", message.MediaUrl);
        json.WriteEndObject();
    }

    private static Task Done(HttpContext context, Action act)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        act();
        return Task.CompletedTask;
    }

    private sealed record FaultOrder(int? DelayMs, IReadOnlyList<Fault>? Faults);
}
