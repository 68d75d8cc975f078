using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// The last messages that were sent, for those who can't decrypt them and ask again; and those that the server has not acknowledged, as the
/// bytes that left, so that they leave again unchanged. Used within units of work only.
/// <code>
/// sent "n":       number of the message, 8 bytes | length of its id, 2 bytes | id | length of the chat's JID, 1 byte | the JID | Message;
///                 n: numbers modulo how many are kept, so that what is sent in a row lies in a row
/// outgoing "id":  connections that the server ended over it, 1 byte | number of the message, 7 bytes | stanza
/// </code>
/// Which there are is known in memory as well: a new message need not be looked for.
/// </summary>
internal sealed class SentMessages
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private HashSet<string> _outgoing = [];

    // The ids of those that are kept, by place; null until they are needed.
    private string?[]? _kept;
    private ulong _last;

    /// <summary>Has to be called when the units start anew, outside of any.</summary>
    /// <returns>What the server has not acknowledged, in the order in which it was sent.</returns>
    public Task<(string Id, ReadOnlyMemory<byte> Stanza)[]> LoadAsync(DeviceUnits units, CancellationToken token) => units.ListAsync(
        RecordKind.Outgoing,
        records =>
        {
            var outgoing = records.OrderBy(NumberOf).ToArray();
            _outgoing = outgoing.Select(record => record.Name).ToHashSet(StringComparer.Ordinal);
            _last = outgoing.Length == 0 ? 0 : NumberOf(outgoing[^1]);
            _kept = null;
            _places.Clear();
            return Array.ConvertAll(outgoing, record => (record.Name, StanzaOf(record.Value)));
        },
        token);

    /// <summary>The one that the server has not acknowledged for the longest time; outside of any unit.</summary>
    public static Task<string?> OldestAsync(DeviceUnits units, CancellationToken token) =>
        units.ListAsync<string?>(RecordKind.Outgoing, records => records.OrderBy(NumberOf).FirstOrDefault().Name, token);

    /// <summary>Counts a connection that the server ended over a message; its record is to go when there were too many.</summary>
    /// <returns>Whether there were.</returns>
    public static bool CountEnd(DeviceUnit unit, string id, byte[] outgoing)
    {
        var ends = outgoing[0] + 1;
        unit.Store(RecordKind.Outgoing, id, [(byte)ends, .. outgoing.AsSpan(1)]);
        return ends >= Limits.ConnectionsAMessage;
    }

    /// <summary>Loads what units of work need of this, outside of any.</summary>
    public Task PrepareAsync(DeviceUnits units, CancellationToken token) =>
        _kept is null ? units.ListAsync(RecordKind.Sent, Take, token) : Task.CompletedTask;

    /// <summary>Keeps a message that is about to leave.</summary>
    public void Add(DeviceUnit unit, string id, SentContent content, ReadOnlyMemory<byte> stanza)
    {
        var number = ++_last;
        var place = _places.TryGetValue(id, out var known) ? known : (int)(number % Limits.SentMessages);
        unit.Store(RecordKind.Sent, Name(place), Pack(number, id, content));
        unit.Store(RecordKind.Outgoing, id, [.. Number(number), .. stanza.Span]);
        unit.Accepted += () =>
        {
            _outgoing.Add(id);
            Keep(place, id);
        };
    }

    /// <summary>Whether a message is on its way to the server.</summary>
    public bool IsUnderWay(string id) => _outgoing.Contains(id);

    /// <summary>A message that was sent; null when it was not, or long ago.</summary>
    public async Task<SentContent?> FindAsync(DeviceUnit unit, string id, CancellationToken token)
    {
        if (!_places.TryGetValue(id, out var place) || await unit.LoadAsync(RecordKind.Sent, Name(place), token) is not { } stored)
            return null;
        var rest = stored.AsSpan(sizeof(ulong));
        rest = rest[(sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        var chat = rest[1..(1 + rest[0])];
        return new(Jid.Parse(Encoding.UTF8.GetString(chat)), Message.Parser.ParseFrom(rest[(1 + rest[0])..]));
    }

    /// <summary>The server has it; whoever can't decrypt it may still ask for it.</summary>
    public void Acknowledge(DeviceUnit unit, string id)
    {
        unit.Store(RecordKind.Outgoing, id, null);
        unit.Accepted += () => _outgoing.Remove(id);
    }

    /// <summary>The server does not have it, and it does not leave again: it may be sent anew under its id.</summary>
    public void Forget(DeviceUnit unit, string id)
    {
        Acknowledge(unit, id);
        if (!_places.TryGetValue(id, out var place))
            return;
        unit.Store(RecordKind.Sent, Name(place), null);
        unit.Accepted += () => Keep(place, null);
    }

    /// <summary>The bytes that leave, out of a stored record.</summary>
    public static ReadOnlyMemory<byte> StanzaOf(byte[] outgoing) => outgoing.AsMemory(sizeof(ulong));

    private bool Take(IReadOnlyList<DeviceRecord> records)
    {
        // Somebody else may have been quicker.
        if (_kept is not null)
            return false;
        _kept = new string?[Limits.SentMessages];
        foreach (var record in records)
        {
            // A store that was filled from elsewhere may hold others.
            if (!int.TryParse(record.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place >= Limits.SentMessages || IdOf(record.Value) is not { } id)
                continue;
            _last = Math.Max(_last, NumberOf(record));
            Keep(place, id);
        }

        return true;
    }

    private void Keep(int place, string? id)
    {
        // A new connection may have begun meanwhile.
        if (_kept is null)
            return;
        if (_kept[place] is { } before)
            _places.Remove(before);
        _kept[place] = id;
        if (id is not null)
            _places[id] = place;
    }

    private static byte[] Pack(ulong number, string id, SentContent content)
    {
        var name = Encoding.UTF8.GetBytes(id);
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)name.Length));
        var chat = Encoding.UTF8.GetBytes(content.Chat.ToString());
        return [.. Number(number), .. length, .. name, (byte)chat.Length, .. chat, .. content.Message.ToByteArray()];
    }

    private static string? IdOf(byte[] sent)
    {
        const int Header = sizeof(ulong) + sizeof(ushort);
        if (sent.Length < Header)
            return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(sent.AsSpan(sizeof(ulong)));
        return sent.Length < Header + length ? null : Encoding.UTF8.GetString(sent, Header, length);
    }

    private static string Name(int place) => place.ToString(CultureInfo.InvariantCulture);

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
