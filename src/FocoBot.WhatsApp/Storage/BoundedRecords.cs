using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// Records of a kind of which only so many are kept: a new one takes the place of the oldest.
/// <code>
/// place "":   how many records there have been, 8 bytes
/// place "n":  the name of the record that has this place: numbers of records modulo the number of places
/// </code>
/// </summary>
internal sealed class BoundedRecords(RecordKind kind, RecordKind places, int most)
{
    /// <summary>Adds or replaces a record.</summary>
    public async ValueTask StoreAsync(DeviceUnit unit, string name, byte[] value, CancellationToken token)
    {
        if (await LoadAsync(unit, name, token) is null)
        {
            var number = await unit.LoadAsync(places, "", token) is { } stored ? BinaryPrimitives.ReadUInt64BigEndian(stored) : 0;
            var place = (number % (ulong)most).ToString(CultureInfo.InvariantCulture);
            if (await unit.LoadAsync(places, place, token) is { } oldest)
                unit.Store(kind, Encoding.UTF8.GetString(oldest), null);
            var next = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(next, number + 1);
            unit.Store(places, place, Encoding.UTF8.GetBytes(name));
            unit.Store(places, "", next);
        }

        unit.Store(kind, name, value);
    }

    /// <summary>The value of a record; null when there is none (any more).</summary>
    public ValueTask<byte[]?> LoadAsync(DeviceUnit unit, string name, CancellationToken token) => unit.LoadAsync(kind, name, token);
}
