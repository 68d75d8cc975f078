using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// Writes nodes in the layout that <see cref="NodeReader"/> shows, each part in its shortest form: strings as token, packed, or bytes;
/// bytes and JIDs always as such, because clients look at the form.
/// </summary>
internal readonly ref struct NodeWriter
{
    private readonly IBufferWriter<byte> _output;

    private NodeWriter(IBufferWriter<byte> output) => _output = output;

    /// <summary>Appends an encoded node.</summary>
    /// <exception cref="ArgumentException">The node can't be sent: nested too deep, or more attributes or children than a list can have.</exception>
    public static void Write(Node node, IBufferWriter<byte> output) => new NodeWriter(output).WriteNode(node, depth: 1);

    private void WriteNode(Node node, int depth)
    {
        if (depth > Limits.NodeDepth)
            throw new ArgumentException("The nodes are nested too deep.", nameof(node));

        var content = node.Content;
        var attributes = node.Attributes.AsSpan();
        WriteListSize(1 + (2 * attributes.Length) + (content.Kind == NodeContentKind.None ? 0 : 1));
        WriteString(node.Tag);
        foreach (ref readonly var attribute in attributes)
        {
            WriteString(attribute.Key);
            if (attribute.Jid is { } jid)
                WriteJid(jid);
            else
                WriteString(attribute.Text);
        }

        switch (content.Kind)
        {
            case NodeContentKind.Bytes:
                WriteBytes(content.Bytes.Span);
                break;
            case NodeContentKind.Text:
                WriteString(content.Text);
                break;
            case NodeContentKind.Children:
                var children = content.Children;
                WriteListSize(children.Length);
                foreach (var child in children)
                    WriteNode(child, depth + 1);
                break;
        }
    }

    private void WriteListSize(int size)
    {
        if (size > ushort.MaxValue)
            throw new ArgumentException("A node has more attributes or children than a list can have.");
        if (size == 0)
            Write([Tag.EmptyList]);
        else if (size <= byte.MaxValue)
            Write([Tag.List8, (byte)size]);
        else
            Write([Tag.List16, (byte)(size >> 8), (byte)size]);
    }

    private void WriteString(string text)
    {
        if (TokenDictionary.TryGetCode(text, out var code))
        {
            if (code > byte.MaxValue)
                Write([(byte)(code >> 8), (byte)code]);
            else
                Write([(byte)code]);
        }
        else if (PackedText.TagFor(text) is { } tag)
        {
            var packed = Reserve(1 + PackedText.SizeOf(text.Length));
            packed[0] = tag;
            PackedText.Write(tag, text, packed[1..]);
            _output.Advance(packed.Length);
        }
        else
        {
            var length = Encoding.UTF8.GetByteCount(text);
            WriteBinarySize(length);
            Encoding.UTF8.GetBytes(text, Reserve(length));
            _output.Advance(length);
        }
    }

    // Whether a user has a device decides the form: with one it is a device JID, and a hosted user always has one.
    private void WriteJid(Jid jid)
    {
        if (jid is { Domain: { } domain, User.Length: > 0 } && (jid.Device > 0 || jid.Server is JidServer.Hosted or JidServer.HostedLid))
        {
            Write([Tag.DeviceJid, domain, (byte)jid.Device]);
            WriteString(jid.User);
        }
        else if (jid is { Server: JidServer.Messenger, User.Length: > 0 })
        {
            Write([Tag.MessengerJid]);
            WriteString(jid.User);
            WriteUInt16(jid.Device);
            WriteString(jid.Server);
        }
        else if (jid is { Server: JidServer.Interop, User.Length: > 0 })
        {
            Write([Tag.InteropJid]);
            WriteString(jid.User);
            WriteUInt16(jid.Device);
            WriteUInt16(jid.Integrator);
            WriteString(jid.Server);
        }
        else
        {
            Write([Tag.JidPair]);
            if (jid.User.Length == 0)
                Write([Tag.EmptyList]);
            else
                WriteString(jid.User);
            WriteString(jid.Server);
        }
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteBinarySize(bytes.Length);
        Write(bytes);
    }

    private void WriteBinarySize(int length)
    {
        if (length <= byte.MaxValue)
        {
            Write([Tag.Binary8, (byte)length]);
        }
        else if (length < 1 << 20)
        {
            Write([Tag.Binary20, (byte)(length >> 16), (byte)(length >> 8), (byte)length]);
        }
        else
        {
            Write([Tag.Binary32]);
            BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), length);
            _output.Advance(sizeof(int));
        }
    }

    private void WriteUInt16(int value) => Write([(byte)(value >> 8), (byte)value]);

    private void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    private Span<byte> Reserve(int length) => _output.GetSpan(length)[..length];
}
