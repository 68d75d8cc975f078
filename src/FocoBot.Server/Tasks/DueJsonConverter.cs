using System.Text.Json;
using System.Text.Json.Serialization;

namespace FocoBot.Tasks;

/// <summary>A due date in JSON is its written form; anything else is a <see cref="JsonException"/>.</summary>
internal sealed class DueJsonConverter : JsonConverter<Due>
{
    public override Due Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Due.TryParse(reader.GetString(), out var due)
            ? due
            : throw new JsonException("A due date is YYYY-MM-DD or YYYY-MM-DDTHH:MM.");

    public override void Write(Utf8JsonWriter writer, Due value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
