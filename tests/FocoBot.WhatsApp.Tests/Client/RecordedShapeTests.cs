using System.Xml.Linq;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>What Baileys was recorded to send while it linked by code and logged in, beside what we send.</summary>
public class RecordedShapeTests
{
    // Values that say what a stanza is, unlike ids, keys and times.
    private static readonly HashSet<string> Telling = ["to", "type", "xmlns", "class", "stage", "jid", "key-index", "should_show_push_notification"];

    // What we have no use for, or ask for later.
    private static readonly string[] Left = ["<presence", "xmlns='abt'", "xmlns='blocklist'", "xmlns='privacy'"];

    [Fact]
    public async Task We_send_what_another_client_sends_from_the_first_stanza_to_the_login()
    {
        var recorded = Vectors.Load("baileys-transcripts.json").GetProperty("runs").GetProperty("probe2").GetProperty("events").EnumerateArray()
            .Where(stanza => stanza.TryGetProperty("dir", out var dir) && dir.GetString() == "C>S")
            .Select(stanza => stanza.GetProperty("xml").GetString()!)
            .Where(xml => !Left.Any(xml.Contains))
            .Take(11)
            .Select(xml => Shape(XElement.Parse(xml)))
            .ToList();
        Assert.Contains(recorded, shape => shape.Contains("digest"));

        await using var test = new TestClient();
        var ours = await new CodeLinkingTests().RecordAsync(test);
        Assert.Equal(recorded.Order(StringComparer.Ordinal), ours.Select(Shape).Order(StringComparer.Ordinal));
    }

    private static string Shape(XElement element) => Shape(
        element.Name.LocalName,
        element.Attributes().Select(attribute => (attribute.Name.LocalName, attribute.Value)),
        element.Elements().Select(Shape));

    private static string Shape(Node node) => Shape(
        node.Tag, node.Attributes.Select(attribute => (attribute.Key, attribute.Text)), node.Children.Select(Shape));

    private static string Shape(string tag, IEnumerable<(string Key, string Value)> attributes, IEnumerable<string> children)
    {
        var told = attributes.Select(a => Telling.Contains(a.Key) ? $"{a.Key}={a.Value}" : a.Key).Order(StringComparer.Ordinal);
        return $"{tag}[{string.Join(' ', told)}]({string.Join(' ', children.Distinct())})";
    }
}
