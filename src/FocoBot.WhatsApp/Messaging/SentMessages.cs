using System.Buffers.Binary;
using System.Text;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// The last messages that were sent, for those who can't decrypt them and ask again; and those that the server has not acknowledged, as the
/// bytes that left, so that they leave again unchanged. Used within units of work only.
/// <code>
/// sent:      number of the message, 8 bytes | length of the chat's JID, 1 byte | the JID | Message
/// outgoing:  connections that the server ended over it, 1 byte | number of the message, 7 bytes | stanza
/// </code>
/// </summary>
internal sealed class SentMessages
{
    // The names of those that are kept, the oldest first; null until it is known.
    private Queue<string>? _order;
    private ulong _last;

    /// <summary>Has to be called when the units start anew, outside of any.</summary>
    /// <returns>What the server has not acknowledged, in the order in which it was sent.</returns>
    public async Task<IReadOnlyList<(string Id, ReadOnlyMemory<byte> Stanza)>> LoadAsync(DeviceUnits units, CancellationToken token)
    {
        _order = null;
        var outgoing = (await units.ListAsync(RecordKind.Outgoing, token)).OrderBy(NumberOf).ToArray();
        _last = outgoing.Length == 0 ? 0 : NumberOf(outgoing[^1]);
        return [.. outgoing.Select(record => (record.Name, StanzaOf(record.Value)))];
    }

    /// <summary>The one that the server has not acknowledged for the longest time; outside of any unit.</summary>
    public static async Task<string?> OldestAsync(DeviceUnits units, CancellationToken token) =>
        (await units.ListAsync(RecordKind.Outgoing, token)).OrderBy(NumberOf).FirstOrDefault().Name;

    /// <summary>Counts a connection that the server ended over a message; its record is to go when there were too many.</summary>
    /// <returns>Whether there were.</returns>
    public static bool CountEnd(DeviceUnit unit, string id, byte[] outgoing)
    {
        var ends = outgoing[0] + 1;
        unit.Store(RecordKind.Outgoing, id, [(byte)ends, .. outgoing.AsSpan(1)]);
        return ends >= Limits.ConnectionsAMessage;
    }

    /// <summary>Loads what <see cref="AddAsync"/> needs, outside of any unit.</summary>
    public async ValueTask PrepareAsync(DeviceUnits units, CancellationToken token)
    {
        if (_order is not null)
            return;
        var sent = (await units.ListAsync(RecordKind.Sent, token)).OrderBy(NumberOf).ToArray();
        _last = Math.Max(_last, sent.Length == 0 ? 0 : NumberOf(sent[^1]));
        _order ??= new(sent.Select(record => record.Name));
    }

    /// <summary>Keeps a message that is about to leave.</summary>
    public async ValueTask AddAsync(DeviceUnit unit, string id, SentContent content, ReadOnlyMemory<byte> stanza, CancellationToken token)
    {
        _last++;
        var isNew = await unit.LoadAsync(RecordKind.Sent, id, token) is null;
        var chat = Encoding.UTF8.GetBytes(content.Chat.ToString());
        unit.Store(RecordKind.Sent, id, [.. Number(_last), (byte)chat.Length, .. chat, .. content.Message.ToByteArray()]);
        unit.Store(RecordKind.Outgoing, id, [.. Number(_last), .. stanza.Span]);
        if (isNew)
            _order!.Enqueue(id);
        if (_order!.Count > Limits.SentMessages)
            unit.Store(RecordKind.Sent, _order.Dequeue(), null);
    }

    /// <summary>A message that was sent; null when it was not, or long ago.</summary>
    public static async Task<SentContent?> FindAsync(DeviceUnit unit, string id, CancellationToken token)
    {
        if (await unit.LoadAsync(RecordKind.Sent, id, token) is not { } stored)
            return null;
        var chat = stored[sizeof(ulong)];
        var body = stored.AsSpan(sizeof(ulong) + 1);
        return new(Jid.Parse(Encoding.UTF8.GetString(body[..chat])), Message.Parser.ParseFrom(body[chat..]));
    }

    /// <summary>The bytes that leave, out of a stored record.</summary>
    public static ReadOnlyMemory<byte> StanzaOf(byte[] outgoing) => outgoing.AsMemory(sizeof(ulong));

    private static byte[] Number(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private static ulong NumberOf(DeviceRecord record) => BinaryPrimitives.ReadUInt64BigEndian(record.Value) & ulong.MaxValue >> 8;
}

/// <summary>A message and whom it went to.</summary>
internal sealed record SentContent(Jid Chat, Message Message)
{
    /// <summary>As the account's own other devices get it: in groups like everybody.</summary>
    public Message ForOwnDevices() => Chat.Server == JidServer.Group ? Message : new()
    {
        DeviceSentMessage = new() { DestinationJid = Chat.ToString(), Message = Message },
        MessageContextInfo = Message.MessageContextInfo,
    };
}
