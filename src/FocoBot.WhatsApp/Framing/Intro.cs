using System.Buffers;

namespace FocoBot.WhatsApp.Framing;

/// <summary>
/// What a client sends once, in front of its first frame and in the same WebSocket message:
/// <code>
/// [ "ED" 00 01 | length (3 bytes) | routing info ] "WA" 06 03
/// </code>
/// The routing info is what the server gave an earlier connection, to find the same edge again; 3 is the version of the token dictionary.
/// </summary>
internal static class Intro
{
    /// <summary>The last part, which the handshake authenticates.</summary>
    public static ReadOnlySpan<byte> Prologue => "WA\x06\x03"u8;

    private static ReadOnlySpan<byte> RoutingMark => "ED\x00\x01"u8;

    /// <summary>Appends the intro.</summary>
    /// <param name="routingInfo">The routing info; empty for none.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="ArgumentOutOfRangeException">The routing info is too long.</exception>
    public static void Write(ReadOnlySpan<byte> routingInfo, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(routingInfo.Length, Limits.RoutingInfo, nameof(routingInfo));
        if (!routingInfo.IsEmpty)
        {
            output.Write(RoutingMark);
            Frame.Write(routingInfo, output);
        }

        output.Write(Prologue);
    }

    /// <summary>Finds the intro that a client's first bytes begin with.</summary>
    /// <param name="buffer">What has come.</param>
    /// <param name="routingInfo">The routing info, within the buffer; empty for none.</param>
    /// <param name="consumed">The bytes that the intro took; 0 when it is not complete.</param>
    /// <returns>Whether a whole intro is there.</returns>
    /// <exception cref="ProtocolException">This is no client of this protocol version, or its routing info is too long.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> routingInfo, out int consumed)
    {
        routingInfo = default;
        consumed = 0;
        var rest = buffer;
        if (TryTake(ref rest, RoutingMark) is { } marked)
        {
            if (!marked || !Frame.TryRead(rest, Limits.RoutingInfo, out routingInfo, out var routing))
                return false;
            rest = rest[routing..];
        }

        if (TryTake(ref rest, Prologue) is not { } complete)
            throw new ProtocolException("The connection does not begin as a client's would.");
        consumed = complete ? buffer.Length - rest.Length : 0;
        return complete;
    }

    // Null when the bytes differ, false when they may still become the same.
    private static bool? TryTake(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        var length = Math.Min(rest.Length, expected.Length);
        if (!rest[..length].SequenceEqual(expected[..length]))
            return null;
        rest = rest[length..];
        return length == expected.Length;
    }
}
