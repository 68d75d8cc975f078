using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>Writes values as Baileys reads them.</summary>
internal static class BaileysWriting
{
    // Base64 stays as it is, plus signs and all. Nothing of this gets into a web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of a JSON file.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Options))
            write(writer);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A public key with its prefix.</summary>
    public static byte[] Prefixed(ReadOnlySpan<byte> key) => [5, .. key];

    /// <summary><c>{"type":"Buffer","data":base64}</c></summary>
    public static void WriteBuffer(this Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        json.WriteStartObject();
        json.WriteString("type", "Buffer");
        json.WriteBase64String("data", bytes);
        json.WriteEndObject();
    }

    public static void WriteBuffer(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        json.WritePropertyName(name);
        json.WriteBuffer(bytes);
    }

    /// <summary><c>{"private":Buffer,"public":Buffer}</c></summary>
    public static void WritePair(this Utf8JsonWriter json, KeyPair pair)
    {
        json.WriteStartObject();
        json.WriteBuffer("private", pair.Private.Span);
        json.WriteBuffer("public", pair.Public.Span);
        json.WriteEndObject();
    }

    public static void WritePair(this Utf8JsonWriter json, string name, KeyPair pair)
    {
        json.WritePropertyName(name);
        json.WritePair(pair);
    }
}
