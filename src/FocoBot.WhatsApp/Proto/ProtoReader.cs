using Google.Protobuf;

namespace FocoBot.WhatsApp.Proto;

/// <summary>The one way in for protobuf bytes of a peer.</summary>
internal static class ProtoReader
{
    /// <summary>Parses all of <paramref name="bytes"/>; fields this library does not know stay with the message.</summary>
    /// <remarks>Nesting, of known and of unknown fields alike, ends at the runtime's own bound of 100 levels.</remarks>
    /// <param name="bytes">One serialized message.</param>
    /// <param name="limit">The most bytes this kind of message may have.</param>
    /// <exception cref="ProtocolException">Too long, cut short, nested too deep, or no protobuf at all.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, int limit = Limits.ProtoBytes)
        where T : class, IMessage<T>, new()
    {
        if (bytes.Length > limit)
            throw new ProtocolException($"{typeof(T).Name} has more than {limit} bytes");
        var message = new T();
        try
        {
            message.MergeFrom(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            // The library promises the first one only, but lengths that are negative as 32 bits lead it astray.
            throw new ProtocolException($"Malformed {typeof(T).Name}", e);
        }

        return message;
    }

    /// <summary>Checks that a field that must hold a key, hash or MAC has exactly its length.</summary>
    /// <exception cref="ProtocolException">It has another, or is missing.</exception>
    public static ReadOnlySpan<byte> Exactly(this ByteString field, int length, string name) =>
        field.Length == length ? field.Span : throw new ProtocolException($"{name} is not {length} bytes");
}
