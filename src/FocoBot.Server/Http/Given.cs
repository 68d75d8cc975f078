using System.Text.Json;
using System.Text.Json.Serialization;

namespace FocoBot.Http;

/// <summary>
/// A member of a merge patch (RFC 7396): absent leaves a value as it is, <c>null</c> clears it, anything else replaces it.
/// </summary>
[JsonConverter(typeof(GivenConverterFactory))]
public readonly record struct Given<T>
{
    private Given(T? value)
    {
        IsGiven = true;
        Value = value;
    }

    /// <summary>False when the member is absent.</summary>
    public bool IsGiven { get; }

    /// <summary>The new value; null clears.</summary>
    public T? Value { get; }

    /// <summary>The new value, or <paramref name="current"/> when the member is absent.</summary>
    public T? Or(T? current) => IsGiven ? Value : current;

    public static implicit operator Given<T>(T? value) => new(value);
}

internal sealed class GivenConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Given<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GenericTypeArguments))!;

    private sealed class Converter<T> : JsonConverter<Given<T>>
    {
        public override bool HandleNull => true;

        public override Given<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? default(T) : JsonSerializer.Deserialize<T>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, Given<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
