using System.Text.Encodings.Web;
using System.Text.Json;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>One message of a chat; <paramref name="Role"/> is <c>system</c>, <c>user</c> or <c>assistant</c>.</summary>
internal readonly record struct ChatMessage(string Role, string Content);

/// <summary>Writes the body of a <c>chat/completions</c> request in the provider's dialect, with no field the provider doesn't document.</summary>
internal static class ChatRequest
{
    // Spanish stays readable and short; the body is read by a JSON parser, never by a browser.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Endpoint endpoint, IReadOnlyList<ChatMessage> messages)
    {
        var provider = endpoint.Provider;
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            json.WriteString("model", endpoint.Model);
            json.WriteStartArray("messages");
            foreach (var message in messages)
            {
                json.WriteStartObject();
                json.WriteString("role", message.Role);
                json.WriteString("content", message.Content);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber(provider.TokenCapField, LanguageModelLimits.AnswerTokens);
            json.WriteRaw("response_format", provider.StrictSchema ? AnswerSchema.ResponseFormat : """{"type":"json_object"}""");
            if (provider.Temperature is { } temperature)
                json.WriteNumber("temperature", temperature);
            if (provider.CanBeQuiet(endpoint.Model))
                json.WriteRaw(provider.ThinkingField, provider.ThinkingOff);
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    private static void WriteRaw(this Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }
}
