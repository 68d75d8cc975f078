using System.Globalization;
using System.Text.Json;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// Settings that the account's devices share: their keys, and how far each collection has come.
/// <code>
/// app-state-sync-key-{base64 key id}.json      {"keyData":base64,"fingerprint":{…},"timestamp":"seconds"}
/// app-state-sync-version-{collection}.json     {"version":n,"hash":Buffer128,"indexValueMap":{"base64 index MAC":{"valueMac":Buffer32}}}
/// </code>
/// </summary>
internal static class BaileysAppState
{
    private const int KeyLength = 32;
    private const int MacLength = 32;
    private const long LatestVersion = 1L << 53;

    public static async Task ReadKeyAsync(DeviceUnit unit, string id, BaileysValue file, CancellationToken token)
    {
        var bytes = new byte[Limits.AppStateKeyId];
        if (!Convert.TryFromBase64String(id.Replace("__", "/", StringComparison.Ordinal), bytes, out var length) || length == 0)
            throw file.Broken();
        // Baileys leaves out what is nothing.
        var text = file.Optional("timestamp")?.Text() ?? "0";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp))
            throw file.Broken();
        var key = new AppStateSyncKey
        {
            KeyId = new() { KeyId = ByteString.CopyFrom(bytes, 0, length) },
            KeyData = new() { KeyData = ByteString.CopyFrom(file["keyData"].Bytes(KeyLength)), Timestamp = timestamp },
        };
        await new KeyRing(unit).AddAsync(new() { Keys = { key } }, token);
    }

    public static async Task ReadCollectionAsync(DeviceUnit unit, string name, BaileysValue file, CancellationToken token)
    {
        if (!CollectionNames.All.Contains(name))
            throw file.Broken();
        var version = (ulong)file["version"].Number(0, LatestVersion);
        // What was never synchronised is as if it were not there.
        if (version == 0)
            return;
        await new StoredCollections(unit).StoreAsync(new CollectionState(name, version, file["hash"].Bytes(LtHash.Length)), token);
        foreach (var (index, value) in file["indexValueMap"].Properties())
        {
            var mac = new byte[MacLength];
            if (!Convert.TryFromBase64String(index, mac, out var length) || length != MacLength)
                throw file.Broken();
            await unit.StoreValueMacAsync(name, mac, value["valueMac"].Bytes(MacLength), token);
        }
    }

    /// <summary>Writes all keys and collections.</summary>
    /// <returns>The id of the newest key; null when there is none.</returns>
    public static async Task<byte[]?> WriteAsync(BaileysFiles files, IDeviceStore store, CancellationToken token)
    {
        var newest = KeyRing.ReadNewest(await store.LoadAsync(new(RecordKind.AppState, KeyRing.Newest), token));
        foreach (var (id, key) in await store.ListAsync(RecordKind.AppStateKey, token))
        {
            var timestamp = newest is var (newestId, at) && Convert.ToHexString(newestId) == id ? at : 0;
            files.Add(BaileysFile.OfKey(Convert.FromHexString(id)), json => WriteKey(json, key, timestamp));
        }

        var macs = (await store.ListAsync(RecordKind.AppStateMac, token)).ToLookup(mac => mac.Name.Split('/')[0]);
        foreach (var name in CollectionNames.All)
        {
            if (await store.LoadAsync(new(RecordKind.AppState, name), token) is { } bytes)
                files.Add(BaileysFile.Of(BaileysFile.Collection, name), json => WriteCollection(json, StoredCollections.Read(name, bytes), macs[name]));
        }

        return newest?.Id;
    }

    private static void WriteKey(Utf8JsonWriter json, byte[] key, long timestamp)
    {
        json.WriteStartObject();
        json.WriteBase64String("keyData", key);
        json.WriteString("timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteCollection(Utf8JsonWriter json, CollectionState state, IEnumerable<DeviceRecord> macs)
    {
        json.WriteStartObject();
        json.WriteNumber("version", state.Version);
        json.WriteBuffer("hash", state.Hash.Span);
        json.WriteStartObject("indexValueMap");
        foreach (var (name, mac) in macs)
        {
            json.WriteStartObject(Convert.ToBase64String(Convert.FromHexString(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])));
            json.WriteBuffer("valueMac", mac);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
