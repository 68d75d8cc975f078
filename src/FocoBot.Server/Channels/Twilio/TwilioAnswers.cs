using System.Globalization;
using System.Text.Json;

namespace FocoBot.Channels.Twilio;

/// <summary>Reads the API's JSON. Whatever the bytes are, the worst outcome is null.</summary>
internal static class TwilioAnswers
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>The id and status of a message just created.</summary>
    public static SendResult.Accepted? Created(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        if (document is null || !TwilioSid.IsMessage(Text(document.RootElement, "sid")))
            return null;
        return new SendResult.Accepted(Text(document.RootElement, "sid")!, MessageStatuses.Parse(Text(document.RootElement, "status")));
    }

    /// <summary>The code of a refusal: <c>{code, message, more_info, status}</c>.</summary>
    public static int? ErrorCode(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        return document is null ? null : Number(document.RootElement, "code");
    }

    /// <summary>The messages of one page, and the path of the next: null after the last.</summary>
    public static (List<ListedMessage> Messages, string? NextPath)? Page(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        if (document is null || !document.RootElement.TryGetProperty("messages", out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        var messages = new List<ListedMessage>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && Text(item, "sid") is { } sid && TwilioSid.IsMessage(sid))
                messages.Add(Listed(sid, item));
        }

        return (messages, Text(document.RootElement, "next_page_uri"));
    }

    private static ListedMessage Listed(string sid, JsonElement item) => new(
        sid,
        Text(item, "from"),
        Text(item, "body") ?? "",
        MessageStatuses.Parse(Text(item, "status")),
        DateTimeOffset.TryParse(Text(item, "date_created"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
        Number(item, "error_code"));

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // GetString throws on a lone surrogate; such text is of no use to us.
    private static string? Text(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
