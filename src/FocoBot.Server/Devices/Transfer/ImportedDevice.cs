using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Storage.Baileys;

namespace FocoBot.Devices.Transfer;

/// <summary>A device that has come in a file, read to its end and checked, and not yet ours.</summary>
internal sealed record ImportedDevice(DeviceCredentials Own, DeviceChanges Records)
{
    /// <summary>Out of the files of Baileys' auth state.</summary>
    /// <exception cref="FormatException">They are not as Baileys writes them, or the device is not linked.</exception>
    public static async Task<ImportedDevice> OfBaileysAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, bool isCopy, CancellationToken cancellation)
    {
        var store = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(files, store, isCopy, cancellation).ConfigureAwait(false);
        return await OfAsync(store, cancellation).ConfigureAwait(false);
    }

    /// <summary>Out of a bundle's records.</summary>
    /// <exception cref="FormatException">They are none of a linked device.</exception>
    public static async Task<ImportedDevice> OfBundleAsync(DeviceChanges records, bool isCopy, CancellationToken cancellation)
    {
        var store = new InMemoryDeviceStore();
        await store.CommitAsync(records).ConfigureAwait(false);
        var device = await OfAsync(store, cancellation).ConfigureAwait(false);
        if (!isCopy) return device;
        await DeviceStores.MarkRestoredAsync(store, cancellation).ConfigureAwait(false);
        return await OfAsync(store, cancellation).ConfigureAwait(false);
    }

    /// <summary>All records of a store.</summary>
    public static async Task<DeviceChanges> AllOfAsync(IDeviceStore store, CancellationToken cancellation)
    {
        var records = new DeviceChanges();
        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            foreach (var (name, value) in await store.ListAsync(kind, cancellation).ConfigureAwait(false)) records.Set(new RecordKey(kind, name), value);
        }

        return records;
    }

    private static async Task<ImportedDevice> OfAsync(InMemoryDeviceStore store, CancellationToken cancellation)
    {
        if (await store.LoadAsync(new RecordKey(RecordKind.Credentials, ""), cancellation).ConfigureAwait(false) is not { } stored
            || DeviceCredentials.Deserialize(stored) is not { PhoneJid: { Server: JidServer.User, Device: > 0 } phone } own)
            throw new FormatException("The file holds no linked device.");
        var records = await AllOfAsync(store, cancellation).ConfigureAwait(false);
        // What becomes text in our tables.
        if (!IsNumber(phone.User) || !IsText(own.Lid?.ToString()) || !IsText(own.PushName) || !IsText(own.Platform) || !records.Records.Keys.All(key => IsText(key.Name)))
            throw new FormatException("The file holds a device that WhatsApp can't have made.");
        return new ImportedDevice(own, records);
    }

    // E.164.
    private static bool IsNumber(string user) => user is { Length: >= 2 and <= 15 } and not ['0', ..] && user.All(char.IsAsciiDigit);

    private static bool IsText(string? text) => text is null || (text.Length <= DeviceLimits.RecordName && !text.Any(char.IsControl));
}
