using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FocoBot.StandIns.Twilio;

/// <summary>Answers in the shape of Twilio's API.</summary>
internal static class TwilioJson
{
    public static Task MessageAsync(HttpResponse response, int status, RecordedMessage message) =>
        WriteAsync(response, status, json => Message(json, message));

    public static Task ErrorAsync(HttpResponse response, int status, int code, string text) => WriteAsync(response, status, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("code", code);
        json.WriteString("message", text);
        json.WriteString("more_info", string.Create(CultureInfo.InvariantCulture, $"https://www.twilio.com/docs/errors/{code}"));
        json.WriteNumber("status", status);
        json.WriteEndObject();
    });

    public static void Message(Utf8JsonWriter json, RecordedMessage message)
    {
        var at = message.ReceivedAt.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        var path = $"/2010-04-01/Accounts/{message.AccountSid}/Messages/{message.Sid}";
        json.WriteStartObject();
        json.WriteString("account_sid", message.AccountSid);
        json.WriteString("api_version", "2010-04-01");
        json.WriteString("body", message.Body);
        json.WriteString("date_created", at);
        json.WriteString("date_sent", at);
        json.WriteString("date_updated", at);
        json.WriteString("direction", "outbound-api");
        if (message.ErrorCode is { } code)
            json.WriteNumber("error_code", code);
        else
            json.WriteNull("error_code");
        json.WriteNull("error_message");
        json.WriteString("from", message.From);
        json.WriteNull("messaging_service_sid");
        json.WriteString("num_media", message.MediaUrl is null ? "0" : "1");
        json.WriteString("num_segments", "1");
        json.WriteNull("price");
        json.WriteNull("price_unit");
        json.WriteString("sid", message.Sid);
        json.WriteString("status", message.Status);
        json.WriteStartObject("subresource_uris");
        json.WriteString("media", path + "/Media.json");
        json.WriteEndObject();
        json.WriteString("to", message.To);
        json.WriteString("uri", path + ".json");
        json.WriteEndObject();
    }

    public static async Task WriteAsync(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = buffer.WrittenCount;
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory);
    }
}
