using System.Text.Json;

namespace FocoBot.WhatsApp.Tests.Proto;

/// <summary>The client payloads in the recorded transcripts: as Baileys understood and as it sent them.</summary>
internal static class ClientPayloadVectors
{
    public static IEnumerable<(JsonElement Decoded, byte[] Raw)> All() =>
        from run in Vectors.Load("baileys-transcripts.json").GetProperty("runs").EnumerateObject()
        from step in run.Value.GetProperty("events").EnumerateArray()
        where step.TryGetProperty("dir", out var direction) && direction.GetString() == "client-payload"
        select (step.GetProperty("payload"), step.Hex("raw"));
}
