using System.Buffers;
using System.IO.Compression;

namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// What a transport frame holds once decrypted: <c>flags | node</c>. Flag 2 says that the node is compressed with zlib (RFC 1950). We
/// never send it compressed; clients don't either.
/// </summary>
internal static class Stanza
{
    private const byte Compressed = 0x02;

    /// <summary>Appends the flags and the node.</summary>
    /// <exception cref="ArgumentException">The node can't be sent: nested too deep, or a list too long.</exception>
    public static void Write(Node node, IBufferWriter<byte> output)
    {
        output.Write<byte>([0]);
        NodeWriter.Write(node, output);
    }

    /// <summary>Reads a stanza.</summary>
    /// <exception cref="ProtocolException">The bytes are no stanza, or one past a limit.</exception>
    public static Node Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw new ProtocolException("The stanza is empty.");

        var body = bytes[1..];
        return (bytes[0] & Compressed) == 0 ? NodeReader.Read(body) : ReadCompressed(body);
    }

    private static Node ReadCompressed(ReadOnlySpan<byte> body)
    {
        var pool = ArrayPool<byte>.Shared;
        var compressed = pool.Rent(body.Length);
        var inflated = pool.Rent(Math.Min(body.Length * 4, Limits.InflatedStanza + 1));
        try
        {
            body.CopyTo(compressed);
            using var zlib = new ZLibStream(new MemoryStream(compressed, 0, body.Length), CompressionMode.Decompress);
            var length = 0;
            while (zlib.Read(inflated, length, inflated.Length - length) is > 0 and var read)
            {
                length += read;
                if (length > Limits.InflatedStanza)
                    throw new ProtocolException("A compressed stanza is too large.");
                if (length == inflated.Length)
                {
                    var larger = pool.Rent(Math.Min(length * 2, Limits.InflatedStanza + 1));
                    inflated.AsSpan(0, length).CopyTo(larger);
                    pool.Return(inflated);
                    inflated = larger;
                }
            }

            return NodeReader.Read(inflated.AsSpan(0, length));
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new ProtocolException("A stanza's compression is broken.", broken);
        }
        finally
        {
            pool.Return(compressed);
            pool.Return(inflated);
        }
    }
}
