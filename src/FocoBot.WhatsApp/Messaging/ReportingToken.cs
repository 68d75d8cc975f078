using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// The token by which the server can later check a reported message without reading it now:
/// <c>HMAC-SHA256(key of use "Report Token", reportable fields)[0:16]</c>. The reportable fields are cut out of the serialized
/// message as they stand, in ascending order, submessages framed anew around what is left of them.
/// </summary>
internal static class ReportingToken
{
    // Wire form of a field: varint(number << 3 | wire type), then by wire type: 0 varint, 1 eight bytes, 2 varint length + bytes, 5 four bytes.
    private const int MaxDepth = 16;

    /// <summary>Whether messages like this one are sent with a token, and so with a secret: all but what is added to another message.</summary>
    public static bool IsFor(Message message) => MessageClass.Unwrap(message) is
    {
        ReactionMessage: null, EncReactionMessage: null, EncEventResponseMessage: null, PollUpdateMessage: null,
    };

    // <reporting><reporting_token v="2">token</reporting_token></reporting>
    /// <summary>What tells the server the token of a message that is sent for the first time; null when it has none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="self">This account, in the chat's form of address.</param>
    /// <param name="chat">Whom it is for.</param>
    /// <param name="message">The message.</param>
    public static Node? For(string id, Jid self, Jid chat, Message message)
    {
        if (!IsFor(message) || message.MessageContextInfo is not { HasMessageSecret: true } info)
            return null;
        var addOn = new MessageAddOn(id, self.WithoutDevice().ToString(), chat.ToString());
        return Compute(addOn, info.MessageSecret.Span, message.ToByteArray()) is { } token
            ? new("reporting", new Node("reporting_token", [("v", "2")], token))
            : null;
    }

    /// <summary>The token, or null when the message holds nothing reportable.</summary>
    /// <param name="addOn">Id of the message, its sender (the own JID) and its chat's JID.</param>
    /// <param name="messageSecret">The message's secret.</param>
    /// <param name="message">The serialized message, without its padding.</param>
    /// <exception cref="ProtocolException">The message is no protobuf.</exception>
    public static byte[]? Compute(MessageAddOn addOn, ReadOnlySpan<byte> messageSecret, ReadOnlySpan<byte> message)
    {
        var content = Filter(message, ReportableFields.Message, MaxDepth);
        return content.Length > 0 ? HMACSHA256.HashData(addOn.Key(messageSecret, SecretUse.ReportToken), content)[..16] : null;
    }

    internal static byte[] Filter(ReadOnlySpan<byte> message, ReportableFields fields, int depth = MaxDepth)
    {
        var kept = new List<(uint Number, byte[] Bytes)>();
        while (!message.IsEmpty)
        {
            var rest = message;
            var tag = ReadVarint(ref rest);
            if (tag > uint.MaxValue)
                throw Malformed();
            var value = ReadValue(ref rest, (int)(tag & 7));
            var whole = message[..^rest.Length];
            message = rest;
            var number = (uint)(tag >> 3);
            if (!fields.Holds(number, out var inner))
                continue;
            if (inner == null)
            {
                kept.Add((number, whole.ToArray()));
            }
            else if ((tag & 7) == 2 && depth > 0)
            {
                var content = Filter(value, inner, depth - 1);
                if (content.Length > 0)
                    kept.Add((number, [.. Varint(tag), .. Varint((ulong)content.Length), .. content]));
            }
        }

        // Fields of one number stay in the order they came in: the sort is stable.
        return kept.OrderBy(k => k.Number).SelectMany(k => k.Bytes).ToArray();
    }

    private static ReadOnlySpan<byte> ReadValue(ref ReadOnlySpan<byte> rest, int wireType)
    {
        var start = rest;
        switch (wireType)
        {
            case 0:
                ReadVarint(ref rest);
                return start[..^rest.Length];
            case 1:
                return Take(ref rest, 8);
            case 2:
                return Take(ref rest, ReadVarint(ref rest));
            case 5:
                return Take(ref rest, 4);
            default:
                throw Malformed();
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, ulong length)
    {
        if (length > (ulong)rest.Length)
            throw Malformed();
        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return value;
            }
        }

        throw Malformed();
    }

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    private static ProtocolException Malformed() => new("A message is no protobuf");
}
