using System.Security.Cryptography;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Devices;

/// <summary>
/// The data keys of devices, each wrapped by <c>WHATSAPP_ENCRYPTION_KEY</c>. A key goes with its device: what was sealed under it is then lost for good, in backups too.
/// </summary>
public sealed class DeviceKeys(Secrets secrets, TimeProvider clock)
{
    private const string Column = "whatsapp_devices.auth_keys";

    /// <summary>Makes the key of a new device, and what is stored of it.</summary>
    public (DataKey Key, byte[] Wrapped) Make(Guid device)
    {
        var key = new DataKey(Ids.New(clock), RandomNumberGenerator.GetBytes(32));
        return (key, Wrap(device, key));
    }

    /// <summary>The key of a device.</summary>
    /// <exception cref="CryptographicException">It was wrapped by none of the keys that we have.</exception>
    public DataKey Open(Guid device, byte[] wrapped)
    {
        foreach (var master in secrets.DeviceKeys)
            if (Envelope.KeyId(wrapped) == IdOf(master)) return Read(Envelope.Open(master, wrapped, Column, device));
        throw new CryptographicException("The key of a device was wrapped by another WHATSAPP_ENCRYPTION_KEY.");
    }

    /// <summary>Wraps the keys of all devices anew that an earlier key of the environment has wrapped; the devices go on meanwhile.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RotateAsync(Database database, CancellationToken cancellation)
    {
        var rotated = 0;
        var door = database.AsService("rotate device keys");
        foreach (var row in await door.ReadAsync(work => work.QueryAsync<Row>("SELECT id, auth_keys AS wrapped FROM whatsapp_devices WHERE auth_keys IS NOT NULL"), cancellation).ConfigureAwait(false))
        {
            if (Envelope.KeyId(row.Wrapped) == IdOf(secrets.DeviceKeys[0])) continue;
            var anew = Wrap(row.Id, Open(row.Id, row.Wrapped));
            rotated += await door.WriteAsync(work => work.ExecuteAsync(
                "UPDATE whatsapp_devices SET auth_keys = @anew WHERE id = @Id AND auth_keys = @Wrapped", new { row.Id, row.Wrapped, anew }), cancellation).ConfigureAwait(false);
        }

        return rotated;
    }

    // key id (16) ‖ key (32)
    private byte[] Wrap(Guid device, DataKey key)
    {
        var bytes = new byte[16 + key.Bytes.Length];
        key.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        key.Bytes.CopyTo(bytes, 16);
        return Envelope.Seal(secrets.DeviceKeys[0], IdOf(secrets.DeviceKeys[0]), bytes, Column, device);
    }

    private static DataKey Read(byte[] bytes) => new(new Guid(bytes.AsSpan(0, 16), bigEndian: true), bytes[16..]);

    // Says which key of the environment it is, and nothing else of it.
    private static Guid IdOf(byte[] master) => new(HMACSHA256.HashData(master, "focobot device master key id"u8).AsSpan(0, 16), bigEndian: true);

    private sealed record Row(Guid Id, byte[] Wrapped);
}
