using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FocoBot.WhatsApp.Binary;

/// <summary>What a <see cref="NodeContent"/> is made of.</summary>
internal enum NodeContentKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Bytes, sent as they are: keys, ciphertexts, protobufs.</summary>
    Bytes,

    /// <summary>A text, sent in its shortest form; long ones arrive as bytes.</summary>
    Text,

    /// <summary>Nodes, perhaps none.</summary>
    Children,
}

/// <summary>
/// What is inside a <see cref="Node"/>: nothing, bytes, a text, or nodes. Keys and the like must be bytes, for clients refuse them as
/// text. Converts from each; <c>[first, second]</c> makes children.
/// </summary>
[CollectionBuilder(typeof(NodeContent), nameof(FromChildren))]
internal readonly struct NodeContent
{
    // null, byte[], string or Node[]
    private readonly object? _value;

    private NodeContent(object? value) => _value = value;

    /// <summary>Which of the four it is.</summary>
    public NodeContentKind Kind => _value switch
    {
        null => NodeContentKind.None,
        byte[] => NodeContentKind.Bytes,
        string => NodeContentKind.Text,
        _ => NodeContentKind.Children,
    };

    /// <summary>The bytes, or those of the text in UTF-8, since short values may arrive either way; else empty.</summary>
    public ReadOnlyMemory<byte> Bytes => _value switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => default,
    };

    /// <summary>The text, or that of the bytes read as UTF-8 (what is not is replaced); else empty.</summary>
    public string Text => _value switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => "",
    };

    /// <summary>The nodes; empty when it is something else.</summary>
    public ImmutableArray<Node> Children => _value is Node[] children ? ImmutableCollectionsMarshal.AsImmutableArray(children) : [];

    /// <summary>Bytes, or nothing when null. The array is not copied: leave it alone afterwards.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator NodeContent(byte[]? bytes) => new(bytes);

    /// <summary>A text, or nothing when null.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator NodeContent(string? text) => new(text);

    /// <summary>One child, or nothing when null.</summary>
    /// <param name="child">The child.</param>
    public static implicit operator NodeContent(Node? child) => new(child is null ? null : new[] { child });

    /// <summary>Children, or nothing when null. The array is not copied: leave it alone afterwards.</summary>
    /// <param name="children">The children.</param>
    public static implicit operator NodeContent(Node[]? children) => new(children);

    /// <summary>Children, as <c>[first, second]</c> makes them.</summary>
    /// <param name="children">The children.</param>
    /// <returns>The content.</returns>
    public static NodeContent FromChildren(ReadOnlySpan<Node> children) => new(children.ToArray());

    /// <summary>Goes through the children.</summary>
    /// <returns>The enumerator.</returns>
    public ImmutableArray<Node>.Enumerator GetEnumerator() => Children.GetEnumerator();
}
