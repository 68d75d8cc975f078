using System.Buffers.Binary;
using System.Text;

namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// Reads an encoded node:
/// <code>
/// node    = list(1 + 2*attributes + (content ? 1 : 0)) | tag | (key | (value | 00))* | [content]
/// list(n) = 00 (n = 0) | F8 u8 | F9 u16
/// content = list(children) | node*  or  a value
/// value   = string | JID
/// string  = token | EC..EF index | FF or FB packed | FC u8 bytes | FD u20 bytes | FE u32 bytes
/// JID     = FA (string | 00) string | F7 domain device string | F6 string u16 string | F5 string u16 u16 string
/// </code>
/// All numbers are big-endian. Nothing may follow the node.
/// </summary>
internal ref struct NodeReader
{
    private ReadOnlySpan<byte> _rest;
    private int _itemsLeft = Limits.StanzaItems;

    private NodeReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Reads the one node that the bytes are.</summary>
    /// <exception cref="ProtocolException">They are no node, or one past a limit.</exception>
    public static Node Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new NodeReader(bytes);
        var node = reader.ReadNode(depth: 1);
        return reader._rest.IsEmpty ? node : throw new ProtocolException("Bytes follow the node.");
    }

    private Node ReadNode(int depth)
    {
        if (depth > Limits.NodeDepth)
            throw new ProtocolException("Nodes are nested too deep.");
        if (!TryReadListSize(ReadByte(), out var size) || size == 0)
            throw new ProtocolException("A node is a list with at least a tag.");

        var tag = ReadName();
        var attributes = ReadAttributes((size - 1) / 2);
        var hasContent = (size & 1) == 0;
        return new(tag, attributes, hasContent ? ReadContent(depth) : default);
    }

    private NodeAttribute[] ReadAttributes(int count)
    {
        if (count == 0)
            return [];

        // A key and a value take a byte each at least.
        TakeItems(count, bytesEach: 2);
        var attributes = new NodeAttribute[count];
        foreach (ref var attribute in attributes.AsSpan())
        {
            var key = ReadName();
            var tag = ReadByte();
            // Some clients write an empty value as an empty list.
            attribute = TryReadJid(tag, out var jid) ? new(key, jid) : new(key, tag == Tag.EmptyList ? "" : ReadString(tag));
        }

        return attributes;
    }

    private NodeContent ReadContent(int depth)
    {
        var tag = ReadByte();
        if (TryReadListSize(tag, out var count))
            return ReadChildren(count, depth);
        if (TryReadBinarySize(tag, out var length))
            return Take(length).ToArray();
        return TryReadJid(tag, out var jid) ? jid.ToString() : ReadString(tag);
    }

    private Node[] ReadChildren(int count, int depth)
    {
        // A list, its size and a tag.
        TakeItems(count, bytesEach: 3);
        var children = new Node[count];
        foreach (ref var child in children.AsSpan())
            child = ReadNode(depth + 1);
        return children;
    }

    // A tag or a key.
    private string ReadName()
    {
        var name = ReadString(ReadByte());
        return name.Length > 0 ? name : throw new ProtocolException("A tag or an attribute's key is empty.");
    }

    private string ReadString(byte tag)
    {
        if (TryReadBinarySize(tag, out var length))
            return Encoding.UTF8.GetString(Take(length));

        switch (tag)
        {
            case > Tag.EmptyList and < Tag.Dictionary0:
                return TokenDictionary.GetSingle(tag);
            case >= Tag.Dictionary0 and <= Tag.Dictionary3:
                return TokenDictionary.GetDouble(tag - Tag.Dictionary0, ReadByte());
            case Tag.Nibble8 or Tag.Hex8:
                var packed = ReadByte();
                return PackedText.Read(tag, packed, Take(PackedText.PackedSize(packed)));
            default:
                throw new ProtocolException("A string was expected.");
        }
    }

    private bool TryReadJid(byte tag, out Jid jid)
    {
        string user, server;
        int device = 0, integrator = 0;
        switch (tag)
        {
            case Tag.JidPair:
                var userTag = ReadByte();
                user = userTag == Tag.EmptyList ? "" : ReadString(userTag);
                server = ReadString(ReadByte());
                break;
            case Tag.DeviceJid:
                if (!Jid.TryGetServer(ReadByte(), out server!))
                    throw new ProtocolException("A device JID has an unknown domain.");
                device = ReadByte();
                user = ReadString(ReadByte());
                break;
            case Tag.MessengerJid:
                user = ReadString(ReadByte());
                device = ReadUInt16();
                server = ReadString(ReadByte());
                break;
            case Tag.InteropJid:
                user = ReadString(ReadByte());
                device = ReadUInt16();
                integrator = ReadUInt16();
                server = ReadString(ReadByte());
                break;
            default:
                jid = default;
                return false;
        }

        return Jid.TryCreate(user, server, device, integrator, out jid) ? true : throw new ProtocolException("A JID has parts that don't fit together.");
    }

    private bool TryReadListSize(byte tag, out int size)
    {
        size = tag switch
        {
            Tag.EmptyList => 0,
            Tag.List8 => ReadByte(),
            Tag.List16 => ReadUInt16(),
            _ => -1,
        };
        return size >= 0;
    }

    private bool TryReadBinarySize(byte tag, out uint length)
    {
        const uint Low20Bits = (1 << 20) - 1;
        switch (tag)
        {
            case Tag.Binary8:
                length = ReadByte();
                return true;
            case Tag.Binary20:
                length = (((uint)ReadByte() << 16) | ReadUInt16()) & Low20Bits;
                return true;
            case Tag.Binary32:
                length = BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));
                return true;
            default:
                length = 0;
                return false;
        }
    }

    // Before memory is taken for a count: that many must fit the bytes left, and the limit on all of them.
    private void TakeItems(int count, int bytesEach)
    {
        if (count > _rest.Length / bytesEach)
            throw new ProtocolException("A list says it has more than the bytes left can hold.");
        if (count > _itemsLeft)
            throw new ProtocolException("The stanza has too many nodes and attributes.");
        _itemsLeft -= count;
    }

    private byte ReadByte() => Take(1)[0];

    private ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > _rest.Length)
            throw new ProtocolException("The stanza ends in the middle of something.");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ReadOnlySpan<byte> Take(int length) => Take((uint)length);
}
