using System.Buffers;
using System.Text.Json;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Bench;

/// <summary>The recorded typical stanzas, encoded and decoded; one operation is one stanza.</summary>
internal static class NodesPart
{
    // In the list of vectors, everything from this one on is a stanza as it occurs.
    private const string FirstTypical = "keep-alive ping";

    public static byte[][] Stanzas() =>
        [.. JsonDocument.Parse(File.ReadAllBytes(Repository.Find("tests", "FocoBot.WhatsApp.Tests", "vectors", "binary-nodes.json")))
            .RootElement.GetProperty("cases").EnumerateArray()
            .SkipWhile(vector => vector.GetProperty("description").GetString() != FirstTypical)
            .Where(vector => vector.TryGetProperty("encoded_hex", out _))
            .Select(vector => Convert.FromHexString(vector.GetProperty("encoded_hex").GetString()!))];

    public static async Task RunAsync()
    {
        var encoded = Stanzas();
        var nodes = encoded.Select(bytes => Stanza.Read(bytes)).ToArray();
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var at = 0;
        var ours = new Local(new Dictionary<string, Work>
        {
            ["encode a stanza"] = Work.Of(() =>
            {
                output.ResetWrittenCount();
                Stanza.Write(nodes[at++ % nodes.Length], output);
            }),
            ["decode a stanza"] = Work.Of(() => Stanza.Read(encoded[at++ % encoded.Length])),
        });
        await using var theirs = Worker.Baileys("baileys-parts.mjs");
        await theirs.AskAsync(new { stanzas = encoded.Select(Convert.ToHexString).ToArray() });
        Contest.Head($"nodes: {encoded.Length} typical stanzas with {nodes.Sum(Count)} nodes in turn", "Baileys");
        await Contest.RunAsync("encode a stanza", ours, theirs, "≥ 5");
        await Contest.RunAsync("decode a stanza", ours, theirs, "≥ 5");
    }

    private static int Count(Node node) => 1 + node.Children.Sum(Count);
}
