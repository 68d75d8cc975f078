using System.Buffers.Binary;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// The keys that the phone has shared, within a unit of work. The newest signs own patches; which one that is stands beside the collections:
/// <code>newest_key = i64be(timestamp) | key id</code>
/// </summary>
internal sealed class KeyRing(IAppStateStore store)
{
    /// <summary>The name under which the newest key stands.</summary>
    public const string Newest = "newest_key";

    private readonly Dictionary<string, AppStateKeys> _expanded = new(StringComparer.Ordinal);

    /// <summary>Stores keys.</summary>
    /// <exception cref="ProtocolException">One of them has no id, or another length.</exception>
    public async Task AddAsync(AppStateSyncKeyShare share, CancellationToken token)
    {
        if (share.Keys.Count > Limits.AppStateKeysShared)
            throw new ProtocolException("Too many app state keys at once.");
        var newest = await store.LoadAppStateAsync(Newest, token);
        var latest = ReadNewest(newest)?.Time ?? long.MinValue;
        foreach (var key in share.Keys)
        {
            // A phone that has lost a key names it without its data.
            if (key.KeyData is not { HasKeyData: true } data)
                continue;
            var id = IdOf(key);
            _ = new AppStateKeys(id, data.KeyData.Span);
            await store.StoreAppStateKeyAsync(id, data.KeyData.ToByteArray(), token);
            if (data.Timestamp < latest)
                continue;
            latest = data.Timestamp;
            newest = new byte[sizeof(long) + id.Length];
            BinaryPrimitives.WriteInt64BigEndian(newest, latest);
            id.CopyTo(newest, sizeof(long));
        }

        if (newest is not null)
            await store.StoreAppStateAsync(Newest, newest, token);
    }

    /// <summary>The newest key; null when none was shared yet.</summary>
    public async Task<AppStateKeys?> NewestAsync(CancellationToken token)
    {
        if (ReadNewest(await store.LoadAppStateAsync(Newest, token)) is not var (id, _))
            return null;
        await LoadAsync(id, token);
        return Find(id);
    }

    /// <summary>Which key is the newest, and since when, in unix seconds.</summary>
    public static (byte[] Id, long Time)? ReadNewest(byte[]? newest) => newest is null ? null : (newest[sizeof(long)..], BinaryPrimitives.ReadInt64BigEndian(newest));

    /// <summary>Makes the keys ready that patches and snapshots name, as far as they were shared.</summary>
    /// <exception cref="ProtocolException">An id is too long to be one.</exception>
    public async Task LoadAsync(IEnumerable<SyncdKeyId?> ids, CancellationToken token)
    {
        foreach (var id in ids.OfType<SyncdKeyId>().Select(id => id.Id).Distinct())
            await LoadAsync(id.Length <= Limits.AppStateKeyId ? id.ToByteArray() : throw new ProtocolException("An app state key's id is too long."), token);
    }

    public AppStateKeys? Find(ReadOnlySpan<byte> id) => id.Length <= Limits.AppStateKeyId ? _expanded.GetValueOrDefault(Convert.ToHexString(id)) : null;

    private async Task LoadAsync(byte[] id, CancellationToken token)
    {
        if (Find(id) is null && await store.LoadAppStateKeyAsync(id, token) is { } key)
            _expanded[Convert.ToHexString(id)] = new(id, key);
    }

    private static byte[] IdOf(AppStateSyncKey key) => key.KeyId?.KeyId is { Length: > 0 and <= Limits.AppStateKeyId } id
        ? id.ToByteArray()
        : throw new ProtocolException("An app state key has no id, or too long a one.");
}
