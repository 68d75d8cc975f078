using System.Buffers;

namespace FocoBot.WhatsApp.Framing;

/// <summary>
/// One frame of a connection: <c>length (3 bytes, big-endian) | payload</c>. A WebSocket message may hold several frames, and a frame
/// may reach over several messages; but some clients fail at the latter, so that a sender puts each frame into one message.
/// </summary>
internal static class Frame
{
    /// <summary>The bytes in front of the payload.</summary>
    public const int HeaderLength = 3;

    /// <summary>Finds the frame that a buffer begins with.</summary>
    /// <param name="buffer">What has come and was not consumed yet.</param>
    /// <param name="maxPayload">The longest payload to wait for.</param>
    /// <param name="payload">The payload, within the buffer.</param>
    /// <param name="consumed">The bytes that the frame took; 0 when it is not complete.</param>
    /// <returns>Whether a whole frame is there.</returns>
    /// <exception cref="ProtocolException">The frame says that it is longer than the limit.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, int maxPayload, out ReadOnlySpan<byte> payload, out int consumed)
    {
        payload = default;
        consumed = 0;
        if (buffer.Length < HeaderLength)
            return false;

        var length = UInt24.Read(buffer);
        if (length > maxPayload)
            throw new ProtocolException("A frame is too long.");
        if (buffer.Length - HeaderLength < length)
            return false;

        payload = buffer.Slice(HeaderLength, length);
        consumed = HeaderLength + length;
        return true;
    }

    /// <summary>Writes the bytes that go in front of a payload, for a payload that is built in place after them.</summary>
    /// <param name="header">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="payloadLength">The payload's length.</param>
    /// <exception cref="ArgumentOutOfRangeException">No frame can be that long.</exception>
    public static void WriteHeader(Span<byte> header, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, Limits.FramePayload);
        UInt24.Write(header, payloadLength);
    }

    /// <summary>Appends a whole frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No frame can be that long.</exception>
    public static void Write(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        WriteHeader(output.GetSpan(HeaderLength), payload.Length);
        output.Advance(HeaderLength);
        output.Write(payload);
    }
}
