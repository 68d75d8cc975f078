using System.Buffers;
using System.Text;
using System.Text.Json;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Tests.Binary;

/// <summary>Nodes from and to what tests compare.</summary>
internal static class Nodes
{
    public static byte[] Encode(Node node)
    {
        var output = new ArrayBufferWriter<byte>();
        Stanza.Write(node, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A node as the vectors describe it; there, a text with an @ that makes a JID is one.</summary>
    public static Node FromJson(JsonElement json)
    {
        var attributes = json.GetProperty("attrs").EnumerateObject().Select(pair =>
            Jid.TryParse(pair.Value.GetString(), out var jid) ? new NodeAttribute(pair.Name, jid) : (NodeAttribute)(pair.Name, pair.Value.GetString()));
        NodeContent content = default;
        if (json.TryGetProperty("content", out var inside))
        {
            content = inside.ValueKind switch
            {
                JsonValueKind.String => inside.GetString(),
                JsonValueKind.Array => inside.EnumerateArray().Select(FromJson).ToArray(),
                _ => inside.Hex("hex"),
            };
        }

        return new(json.GetProperty("tag").GetString()!, attributes.ToArray().AsSpan(), content);
    }

    /// <summary>Everything in a node, JIDs told from texts unless <paramref name="loose"/>.</summary>
    public static string Describe(Node node, bool loose = false)
    {
        var text = new StringBuilder().Append('<').Append(node.Tag);
        foreach (var attribute in node.Attributes)
            text.Append(' ').Append(attribute.Key).Append(attribute.Jid is null || loose ? "=" : "=jid:").Append(attribute.Text);
        text.Append('>').Append(node.Content.Kind).Append(':');
        if (node.Content.Kind == NodeContentKind.Bytes)
            text.Append(Convert.ToHexString(node.Content.Bytes.Span));
        else
            text.Append(node.Content.Text);
        foreach (var child in node.Content)
            text.Append(Describe(child, loose));
        return text.Append("</>").ToString();
    }

    /// <summary>With all content but children as texts: how long one is decides whether it is read as text or as bytes.</summary>
    public static Node AsTexts(Node node) => new(
        node.Tag,
        node.Attributes.AsSpan(),
        node.Content.Kind switch
        {
            NodeContentKind.None => default(NodeContent),
            NodeContentKind.Children => node.Children.Select(AsTexts).ToArray(),
            _ => node.Content.Text,
        });
}
