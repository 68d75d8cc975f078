using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// An element of WhatsApp's binary XML: a tag, attributes, and content. The outermost one is a stanza. Immutable.
/// <code>
/// new Node("iq", [("to", Jid.Service), ("type", "get"), ("id", id)], new Node("ping"))
/// </code>
/// </summary>
internal sealed class Node
{
    private readonly NodeAttribute[] _attributes;

    /// <summary>Makes a node.</summary>
    /// <param name="tag">The tag; not empty.</param>
    /// <param name="attributes">The attributes in order; those whose value is null are left out.</param>
    /// <param name="content">The content.</param>
    public Node(string tag, ReadOnlySpan<NodeAttribute> attributes = default, NodeContent content = default)
        : this(tag, Present(attributes), content)
    {
    }

    /// <summary>Makes a node without attributes.</summary>
    /// <param name="tag">The tag; not empty.</param>
    /// <param name="content">The content.</param>
    public Node(string tag, NodeContent content)
        : this(tag, [], content)
    {
    }

    /// <summary>Takes over the array, which has no default values in it.</summary>
    internal Node(string tag, NodeAttribute[] attributes, NodeContent content)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Tag = tag;
        _attributes = attributes;
        Content = content;
    }

    /// <summary>The tag.</summary>
    public string Tag { get; }

    /// <summary>The attributes in their order on the wire, which means nothing.</summary>
    public ImmutableArray<NodeAttribute> Attributes => ImmutableCollectionsMarshal.AsImmutableArray(_attributes);

    /// <summary>The content.</summary>
    public NodeContent Content { get; }

    /// <summary>The child nodes; empty when the content is something else.</summary>
    public ImmutableArray<Node> Children => Content.Children;

    /// <summary>An attribute as a text, a JID in its textual form; null when there is none of this key.</summary>
    /// <param name="key">The key.</param>
    public string? this[string key] => Find(key)?.Text;

    /// <summary>An attribute that a stanza of this kind can't lack.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The attribute as a text.</returns>
    /// <exception cref="ProtocolException">There is none.</exception>
    public string Require(string key) => this[key] ?? throw Lacks("attribute", key);

    /// <summary>An attribute as a JID, sent as one or as a text in the textual form.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The JID; null when there is no such attribute or it is no JID.</returns>
    public Jid? GetJid(string key) => Find(key) is { } found ? found.Jid ?? (Jid.TryParse(found.Text, out var parsed) ? parsed : null) : null;

    /// <summary>A JID that a stanza of this kind can't lack.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The JID.</returns>
    /// <exception cref="ProtocolException">There is none.</exception>
    public Jid RequireJid(string key) => GetJid(key) ?? throw Lacks("JID", key);

    /// <summary>An attribute as a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The number; null when there is no such attribute or it is no number.</returns>
    public long? GetNumber(string key) =>
        long.TryParse(this[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A number that a stanza of this kind can't lack.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ProtocolException">There is none.</exception>
    public long RequireNumber(string key) => GetNumber(key) ?? throw Lacks("number", key);

    /// <summary>An attribute as a point in time, sent as seconds since 1970.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The time in UTC; null when there is no such attribute or it is no time before the year 10000.</returns>
    public DateTimeOffset? GetTime(string key) =>
        GetNumber(key) is { } seconds && seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The first child of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The child; null when there is none.</returns>
    public Node? Child(string tag)
    {
        foreach (var child in Children)
        {
            if (child.Tag == tag)
                return child;
        }

        return null;
    }

    /// <summary>A child that a stanza of this kind can't lack.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The first child of the tag.</returns>
    /// <exception cref="ProtocolException">There is none.</exception>
    public Node RequireChild(string tag) => Child(tag) ?? throw Lacks("child", tag);

    /// <summary>All children of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The children.</returns>
    public IEnumerable<Node> ChildrenOf(string tag) => Children.Where(child => child.Tag == tag);

    /// <summary>The start tag alone: the rest may be private.</summary>
    /// <returns>The tag in angle brackets.</returns>
    public override string ToString() => Tag.Length <= 64 ? $"<{Tag}>" : $"<{Tag.AsSpan(0, 64)}…>";

    private static NodeAttribute[] Present(ReadOnlySpan<NodeAttribute> given)
    {
        var present = new NodeAttribute[given.Length];
        var count = 0;
        foreach (var attribute in given)
        {
            if (attribute.Key is not null)
                present[count++] = attribute;
        }

        Array.Resize(ref present, count);
        return present;
    }

    private NodeAttribute? Find(string key)
    {
        foreach (ref readonly var attribute in _attributes.AsSpan())
        {
            if (attribute.Key == key)
                return attribute;
        }

        return null;
    }

    private ProtocolException Lacks(string what, string name) => new($"A {this} lacks the {what} {name}.");
}
