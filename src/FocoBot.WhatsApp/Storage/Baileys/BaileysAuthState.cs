using System.Globalization;
using System.Text;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// Takes a linked device over from Baileys, or hands one over to it: the folder of its <c>useMultiFileAuthState</c>, a JSON file for each key, as
/// Baileys 7.0.0-rc14 writes it. Over go the credentials, prekeys, sessions with all archived ones and the keys of missing messages, identities,
/// sender keys, which hidden identity belongs to which number, privacy tokens, and the keys and the state of the settings that devices share. A device may be used from one place only: whoever goes on with a folder that was imported, or with a store that was exported,
/// uses keys twice, which gives messages away and has the account unlinked.
/// </summary>
public static class BaileysAuthState
{
    /// <summary>Moves a device from a folder into a store, which takes all of it or nothing. Baileys must not connect with the folder any more.</summary>
    /// <param name="folder">The folder; it stays as it is.</param>
    /// <param name="store">The store; it must have no device.</param>
    /// <param name="isCopy">
    /// Whether Baileys may have used the device after the folder was written, as with a backup: then the store is marked as by
    /// <see cref="DeviceStores.MarkRestoredAsync"/>. False only when this is the folder as Baileys has left it, for good: then all sessions go on.
    /// </param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is in the store.</returns>
    /// <exception cref="FormatException">A file is not as Baileys writes it, or the device is not linked; the message names the file.</exception>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="InvalidOperationException">The store has a device already.</exception>
    public static Task ImportAsync(string folder, IDeviceStore store, bool isCopy = true, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(store);
        return ImportAsync(BaileysFolder.Files(folder), name => BaileysFolder.ReadAsync(folder, name, token), store, isCopy, token);
    }

    /// <summary>Moves a device out of files that lie in no folder, such as those of an archive; else as from a folder.</summary>
    /// <param name="files">The files' bytes by the names that they would have in the folder; those of others are left alone.</param>
    /// <param name="store">The store; it must have no device.</param>
    /// <param name="isCopy">Whether Baileys may have used the device after the files were written, as above.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is in the store.</returns>
    /// <exception cref="FormatException">A file is missing or not as Baileys writes it, or the device is not linked; the message names the file.</exception>
    /// <exception cref="InvalidOperationException">The store has a device already.</exception>
    public static Task ImportAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, IDeviceStore store, bool isCopy = true, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(store);
        return ImportAsync(
            files.Keys,
            name => files.TryGetValue(name, out var bytes) ? Task.FromResult(BaileysValue.Parse(name, bytes)) : throw new FormatException($"{name} is missing."),
            store, isCopy, token);
    }

    /// <summary>
    /// Hands a device over to Baileys: writes a folder for it, readable by this user alone, of which there is all or nothing. The client must not use the
    /// store any more. Older signed prekeys stay behind, for Baileys has one only: who starts a session with one of them will be asked to do it again.
    /// </summary>
    /// <param name="store">The store; it stays as it is.</param>
    /// <param name="folder">The folder to be made; it must not be there yet, but the one around it must.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the folder is there.</returns>
    /// <exception cref="InvalidOperationException">The store has no linked device, or is marked as a copy: a client has to connect with it first.</exception>
    /// <exception cref="SignalException">What is stored is damaged.</exception>
    /// <exception cref="IOException">The folder is there already, or can't be written.</exception>
    public static async Task ExportAsync(IDeviceStore store, string folder, TimeProvider? clock = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        await BaileysFolder.WriteAsync(folder, await ExportAsync(store, clock, token), token);
    }

    /// <summary>Hands a device over to Baileys as the files of a folder, to be put wherever the caller likes; else as above. They are secret.</summary>
    /// <param name="store">The store; it stays as it is.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The files' bytes by their names.</returns>
    /// <exception cref="InvalidOperationException">The store has no linked device, or is marked as a copy: a client has to connect with it first.</exception>
    /// <exception cref="SignalException">What is stored is damaged.</exception>
    public static async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ExportAsync(IDeviceStore store, TimeProvider? clock = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.LoadAsync(new(RecordKind.Credentials, ""), token) is not { } stored || DeviceCredentials.Deserialize(stored) is not { IsLinked: true, Account: not null } device)
            throw new InvalidOperationException("The store has no linked device.");
        if (device.IsRestored)
            throw new InvalidOperationException("The store is a copy that no client has connected with yet.");

        var now = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds();
        var files = new BaileysFiles();
        var appStateKey = await BaileysAppState.WriteAsync(files, store, token);
        files.Add(BaileysFile.Credentials, json => BaileysCredentials.Write(json, device, AccountOf(device), appStateKey));
        await BaileysTokens.WriteAsync(files, store, token);
        foreach (var (id, pair) in await store.ListAsync(RecordKind.PreKey, token))
            files.Add(BaileysFile.Of(BaileysFile.PreKey, id), json => json.WritePair(KeyPair.FromStored(pair.AsSpan(..X25519.KeySize), pair.AsSpan(X25519.KeySize..))));
        foreach (var (address, record) in await store.ListAsync(RecordKind.Session, token))
            files.Add(BaileysFile.Of(BaileysFile.Session, address), json => BaileysSession.Write(json, SessionRecord.Deserialize(record), now));
        foreach (var (address, identity) in await store.ListAsync(RecordKind.Identity, token))
            files.Add(BaileysFile.Of(BaileysFile.Identity, address), json => json.WriteBuffer(BaileysWriting.Prefixed(identity)));
        foreach (var (member, record) in await store.ListAsync(RecordKind.SenderKey, token))
            files.Add(BaileysFile.OfMember(member), json => BaileysSenderKey.Write(json, SenderKeyRecord.Deserialize(record)));
        foreach (var (phone, lid) in await store.ListAsync(RecordKind.HiddenIdentity, token))
            files.Add(BaileysFile.Of(BaileysFile.HiddenIdentity, phone), json => json.WriteStringValue(lid));
        foreach (var (lid, phone) in await store.ListAsync(RecordKind.PhoneNumber, token))
            files.Add(BaileysFile.Of(BaileysFile.HiddenIdentity, lid + BaileysFile.Reverse), json => json.WriteStringValue(phone));
        return files.ByName;
    }

    private static async Task ImportAsync(IEnumerable<string> names, Func<string, Task<BaileysValue>> file, IDeviceStore store, bool isCopy, CancellationToken token)
    {
        var credentials = new RecordKey(RecordKind.Credentials, "");
        if (await store.LoadAsync(credentials, token) is not null)
            throw new InvalidOperationException("The store has a device already.");

        var unit = new DeviceUnit(units: null);
        var changes = unit.Changes;
        var read = BaileysFile.Credentials;
        try
        {
            var device = BaileysCredentials.Read(await file(read)) with { IsRestored = isCopy };
            changes.Set(credentials, device.Serialize());
            changes.Set(new(RecordKind.SignedPreKey, $"{device.SignedPreKey.Id}"), InMemorySignalStore.Pack(device.SignedPreKey.Pair));
            changes.Set(new(RecordKind.Identity, PhoneOf(device).ToBaileysName()), AccountOf(device).AccountSignatureKey.ToByteArray());
            foreach (var name in names)
                await ReadAsync(read = name, file, unit, token);
        }
        catch (InvalidOperationException)
        {
            // What JsonElement says of text that is no Unicode.
            throw BaileysValue.Broken(read);
        }

        await store.CommitAsync(changes);
    }

    private static async Task ReadAsync(string name, Func<string, Task<BaileysValue>> file, DeviceUnit unit, CancellationToken token)
    {
        var changes = unit.Changes;
        if (BaileysFile.Id(name, BaileysFile.PreKey) is { } preKey)
        {
            if (!uint.TryParse(preKey, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                throw BaileysValue.Broken(name);
            changes.Set(new(RecordKind.PreKey, $"{id}"), InMemorySignalStore.Pack((await FileAsync()).Pair()));
        }
        else if (BaileysFile.Id(name, BaileysFile.Session) is { } session)
        {
            changes.Set(new(RecordKind.Session, Device(session)), BaileysSession.Read(await FileAsync()).Serialize());
        }
        else if (BaileysFile.Id(name, BaileysFile.Identity) is { } identity)
        {
            changes.Set(new(RecordKind.Identity, Device(identity)), (await FileAsync()).PublicKey());
        }
        else if (BaileysFile.Id(name, BaileysFile.SenderKeyMemory) is null && BaileysFile.Id(name, BaileysFile.SenderKey) is { } senderKey)
        {
            var (group, sender) = BaileysFile.ParseMember(senderKey) ?? throw BaileysValue.Broken(name);
            changes.Set(new(RecordKind.SenderKey, $"{group}/{sender.ToBaileysName()}"), BaileysSenderKey.Read(name, await FileAsync()).Serialize());
        }
        else if (BaileysFile.Id(name, BaileysFile.HiddenIdentity) is { } user)
        {
            var isReverse = user.EndsWith(BaileysFile.Reverse, StringComparison.Ordinal);
            var value = await FileAsync();
            if (BaileysFile.ParseUser(isReverse ? user[..^BaileysFile.Reverse.Length] : user) is not { } known || BaileysFile.ParseUser(value.Text()) is not { } other)
                throw BaileysValue.Broken(name);
            changes.Set(new(isReverse ? RecordKind.PhoneNumber : RecordKind.HiddenIdentity, known), Encoding.UTF8.GetBytes(other));
        }
        else if (BaileysFile.Id(name, BaileysFile.AppStateKey) is { } appStateKey)
        {
            await BaileysAppState.ReadKeyAsync(unit, appStateKey, await FileAsync(), token);
        }
        else if (BaileysFile.Id(name, BaileysFile.Collection) is { } collection)
        {
            await BaileysAppState.ReadCollectionAsync(unit, collection, await FileAsync(), token);
        }
        else if (BaileysFile.Id(name, BaileysFile.PrivacyToken) is { } owner)
        {
            await BaileysTokens.ReadAsync(unit, owner, await FileAsync(), token);
        }

        Task<BaileysValue> FileAsync() => file(name);

        string Device(string id) => BaileysFile.ParseDevice(id) is { } device ? device.ToBaileysName() : throw BaileysValue.Broken(name);
    }

    private static AdvSignedDeviceIdentity AccountOf(DeviceCredentials device) => ProtoReader.Parse<AdvSignedDeviceIdentity>(device.Account);

    private static SignalAddress PhoneOf(DeviceCredentials device) => device.Lid is { } lid
        ? SignalAddress.Of(lid.User, SignalDomain.HiddenIdentity, 0)
        : SignalAddress.Of(device.PhoneJid!.Value.User, SignalDomain.PhoneNumber, 0);
}
