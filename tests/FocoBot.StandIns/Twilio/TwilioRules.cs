using System.Text.Json;
using System.Text.RegularExpressions;

namespace FocoBot.StandIns.Twilio;

/// <summary>What Twilio checks before it takes a message. Source: its OpenAPI document and twilio.com/docs/api/errors.</summary>
internal static partial class TwilioRules
{
    private const int LongestText = 1600;

    public static (int Code, string Message)? Refusal(Dictionary<string, string> form)
    {
        var to = form.GetValueOrDefault("To");
        var from = form.GetValueOrDefault("From");
        var body = form.GetValueOrDefault("Body");
        var content = form.GetValueOrDefault("ContentSid");
        var callback = form.GetValueOrDefault("StatusCallback");

        if (string.IsNullOrEmpty(to))
            return (21604, "A 'To' phone number is required.");
        if (!Address().IsMatch(to))
            return (21211, "Invalid 'To' Phone Number.");
        if (string.IsNullOrEmpty(from) && !form.ContainsKey("MessagingServiceSid"))
            return (21603, "A 'From' phone number is required.");
        if (!string.IsNullOrEmpty(from) && !Address().IsMatch(from))
            return (21212, "Invalid From Number.");
        if (string.IsNullOrEmpty(body) && content is null && !form.ContainsKey("MediaUrl"))
            return (21602, "Message body is required.");
        if (body?.Length > LongestText)
            return (21617, "The concatenated message body exceeds the 1600 character limit.");
        if (content is not null && !Content().IsMatch(content))
            return (21655, "The ContentSid is invalid.");
        if (form.TryGetValue("ContentVariables", out var variables) && Variables(variables) is { } wrong)
            return wrong;
        if (callback is not null && (!Uri.TryCreate(callback, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Contains('_')))
            return (21609, "The 'StatusCallback' URL is not a valid URL.");
        return null;
    }

    private static (int Code, string Message)? Variables(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var variable in document.RootElement.EnumerateObject())
            {
                var text = variable.Value.GetString();
                if (string.IsNullOrEmpty(text))
                    return (21656, "The ContentVariables parameter is invalid.");
                if (text.Length > LongestText)
                    return (21658, "Parameter exceeded character limit.");
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (21656, "The ContentVariables parameter is invalid.");
        }
    }

    [GeneratedRegex(@"^((whatsapp:)?\+[1-9][0-9]{6,14}|whatsapp:[A-Z]{2}\.[A-Za-z0-9]{1,128})\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"^HX[0-9a-fA-F]{32}\z")]
    private static partial Regex Content();
}
