using System.Text.Json;

namespace FocoBot.WhatsApp.Tests;

/// <summary>The test vectors, taken from real clients; <c>vectors/PROVENANCE.md</c> says which and how.</summary>
internal static class Vectors
{
    public static JsonElement Load(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vectors", name));
        return JsonDocument.Parse(file).RootElement.Clone();
    }

    public static byte[] Hex(this JsonElement value) => Convert.FromHexString(value.GetString()!);

    public static byte[] Hex(this JsonElement value, string name) => value.GetProperty(name).Hex();
}
