using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>
/// The secrets of the last messages. Almost every message has one and hardly any is asked for, so that several share a record: each costs one
/// small write, in one place.
/// <code>
/// record "":   number of the record that is being filled, 8 bytes
/// record "n":  SHA-256(name of the message)[0:16] | secret, 32 bytes; up to 20 of them, the newest last: numbers of records modulo how many are kept
/// </code>
/// </summary>
internal static class RecentSecrets
{
    private const int KeySize = 16, SecretSize = 32, EntrySize = KeySize + SecretSize;

    // Smaller than what SQLite keeps with the key.
    private const int EntriesARecord = 20;

    /// <summary>Keeps the secret of a message, in place of an earlier one.</summary>
    public static async ValueTask KeepAsync(DeviceUnit unit, string name, ReadOnlyMemory<byte> secret, CancellationToken token)
    {
        var number = await LastAsync(unit, token);
        var filled = await unit.LoadAsync(RecordKind.RecentSecrets, PlaceOf(number), token) ?? [];
        if (filled.Length >= EntriesARecord * EntrySize)
        {
            filled = [];
            var next = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(next, ++number);
            unit.Store(RecordKind.RecentSecrets, "", next);
        }

        unit.Store(RecordKind.RecentSecrets, PlaceOf(number), [.. filled, .. Key(name), .. secret.Span]);
    }

    /// <summary>The secret of a message; null when it is not known (any more).</summary>
    public static async ValueTask<byte[]?> FindAsync(DeviceUnit unit, string name, CancellationToken token)
    {
        var key = Key(name);
        var number = await LastAsync(unit, token);
        for (var back = 0; back < Limits.RecentSecretRecords; back++)
        {
            if (await unit.LoadAsync(RecordKind.RecentSecrets, PlaceOf(unchecked(number - (ulong)back)), token) is not { } record)
                return null;
            for (var at = record.Length - EntrySize; at >= 0; at -= EntrySize)
            {
                if (record.AsSpan(at, KeySize).SequenceEqual(key))
                    return record[(at + KeySize)..(at + EntrySize)];
            }
        }

        return null;
    }

    private static async ValueTask<ulong> LastAsync(DeviceUnit unit, CancellationToken token) =>
        await unit.LoadAsync(RecordKind.RecentSecrets, "", token) is { } stored ? BinaryPrimitives.ReadUInt64BigEndian(stored) : 0;

    // A power of two: the count may wrap around.
    private static string PlaceOf(ulong number) => (number % Limits.RecentSecretRecords).ToString(CultureInfo.InvariantCulture);

    private static byte[] Key(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[..KeySize];
}
