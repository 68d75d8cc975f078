using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// Takes a linked device over from Baileys, or hands one over to it: the folder of its <c>useMultiFileAuthState</c>, a JSON file for each key, as
/// Baileys 7.0.0-rc14 writes it. Over go the credentials, prekeys, sessions with all archived ones and the keys of missing messages, identities
/// and sender keys. A device may be used from one place only: whoever goes on with a folder that was imported, or with a store that was exported,
/// uses keys twice, which gives messages away and has the account unlinked.
/// </summary>
public static class BaileysAuthState
{
    /// <summary>Moves a device from a folder into a store, which takes all of it or nothing. Baileys must not use the folder any more.</summary>
    /// <param name="folder">The folder; it stays as it is.</param>
    /// <param name="store">The store; it must have no device.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is in the store.</returns>
    /// <exception cref="FormatException">A file is not as Baileys writes it, or the device is not linked; the message names the file.</exception>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="InvalidOperationException">The store has a device already.</exception>
    public static async Task ImportAsync(string folder, IDeviceStore store, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(store);
        await using var unit = await store.BeginAsync(token);
        if (await unit.LoadCredentialsAsync(token) is not null)
            throw new InvalidOperationException("The store has a device already.");

        var device = BaileysCredentials.Read(await BaileysFolder.ReadAsync(folder, BaileysFile.Credentials, token));
        await unit.StoreCredentialsAsync(device, token);
        await unit.StoreSignedPreKeyAsync(device.SignedPreKey.Id, InMemorySignalStore.Pack(device.SignedPreKey.Pair), token);
        await unit.StoreIdentityAsync(PhoneOf(device), AccountOf(device).AccountSignatureKey.ToByteArray(), token);
        foreach (var name in BaileysFolder.Files(folder))
            await ImportAsync(folder, name, unit, token);
        await unit.CommitAsync(token);
    }

    /// <summary>
    /// Hands a device over to Baileys: writes a folder for it, readable by this user alone, of which there is all or nothing. The client must not use the
    /// store any more. Older signed prekeys stay behind, for Baileys has one only: who starts a session with one of them will be asked to do it again.
    /// </summary>
    /// <param name="store">The store; it stays as it is. Its units of work must offer <see cref="ISignalListing"/>.</param>
    /// <param name="folder">The folder to be made; it must not be there yet, but the one around it must.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the folder is there.</returns>
    /// <exception cref="InvalidOperationException">The store has no linked device.</exception>
    /// <exception cref="NotSupportedException">The store can't list what it has.</exception>
    /// <exception cref="SignalException">What is stored is damaged.</exception>
    /// <exception cref="IOException">The folder is there already, or can't be written.</exception>
    public static async Task ExportAsync(IDeviceStore store, string folder, TimeProvider? clock = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(store);
        await using var unit = await store.BeginAsync(token);
        if (await unit.LoadCredentialsAsync(token) is not { IsLinked: true, Account: not null } device)
            throw new InvalidOperationException("The store has no linked device.");
        if (unit is not ISignalListing listing)
            throw new NotSupportedException("This store can't list what it has.");

        var now = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds();
        using var files = BaileysFolder.Create(folder);
        await files.AddAsync(BaileysFile.Credentials, json => BaileysCredentials.Write(json, device, AccountOf(device)), token);
        await foreach (var id in listing.ListPreKeysAsync(token))
        {
            if (await unit.LoadPreKeyAsync(id, token) is { Length: 2 * X25519.KeySize } pair)
                await files.AddAsync(BaileysFile.OfPreKey(id), json => json.WritePair(KeyPair.FromStored(pair[..X25519.KeySize], pair[X25519.KeySize..])), token);
        }

        await foreach (var address in listing.ListSessionsAsync(token))
        {
            if (await unit.LoadSessionAsync(address, token) is { } record)
                await files.AddAsync(BaileysFile.OfDevice(BaileysFile.Session, address), json => BaileysSession.Write(json, SessionRecord.Deserialize(record), now), token);
        }

        await foreach (var address in listing.ListIdentitiesAsync(token))
        {
            if (await unit.LoadIdentityAsync(address, token) is { } identity)
                await files.AddAsync(BaileysFile.OfDevice(BaileysFile.Identity, address), json => json.WriteBuffer(BaileysWriting.Prefixed(identity)), token);
        }

        await foreach (var (group, sender) in listing.ListSenderKeysAsync(token))
        {
            if (await unit.LoadSenderKeyAsync(group, sender, token) is { } record)
                await files.AddAsync(BaileysFile.OfMember(group, sender), json => BaileysSenderKey.Write(json, SenderKeyRecord.Deserialize(record)), token);
        }

        files.Complete();
    }

    private static async Task ImportAsync(string folder, string name, IDeviceUnit unit, CancellationToken token)
    {
        if (BaileysFile.Id(name, BaileysFile.PreKey) is { } preKey)
        {
            if (!uint.TryParse(preKey, System.Globalization.NumberStyles.None, null, out var id))
                throw BaileysValue.Broken(name);
            await unit.StorePreKeyAsync(id, InMemorySignalStore.Pack((await ReadAsync()).Pair()), token);
        }
        else if (BaileysFile.Id(name, BaileysFile.Session) is { } session)
        {
            await unit.StoreSessionAsync(Device(session), BaileysSession.Read(await ReadAsync()).Serialize(), token);
        }
        else if (BaileysFile.Id(name, BaileysFile.Identity) is { } identity)
        {
            await unit.StoreIdentityAsync(Device(identity), (await ReadAsync()).PublicKey(), token);
        }
        else if (BaileysFile.Id(name, BaileysFile.SenderKeyMemory) is null && BaileysFile.Id(name, BaileysFile.SenderKey) is { } senderKey)
        {
            var (group, sender) = BaileysFile.ParseMember(senderKey) ?? throw BaileysValue.Broken(name);
            await unit.StoreSenderKeyAsync(group, sender, BaileysSenderKey.Read(name, await ReadAsync()).Serialize(), token);
        }

        Task<BaileysValue> ReadAsync() => BaileysFolder.ReadAsync(folder, name, token);

        SignalAddress Device(string id) => BaileysFile.ParseDevice(id) ?? throw BaileysValue.Broken(name);
    }

    private static AdvSignedDeviceIdentity AccountOf(DeviceCredentials device) => ProtoReader.Parse<AdvSignedDeviceIdentity>(device.Account);

    private static SignalAddress PhoneOf(DeviceCredentials device) => device.Lid is { } lid
        ? SignalAddress.Of(lid.User, SignalDomain.HiddenIdentity, 0)
        : SignalAddress.Of(device.PhoneJid!.Value.User, SignalDomain.PhoneNumber, 0);
}
