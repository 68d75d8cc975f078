using FocoBot.WhatsApp;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.Sandbox.Phones;

/// <summary>The settings that a phone shares with its companions, and the keys to them. Whoever uses it holds its lock.</summary>
internal sealed class PhoneAppState
{
    private readonly List<AppStateSyncKey> _keys = [];
    private readonly Dictionary<string, Collection> _collections = CollectionNames.All.ToDictionary(name => name, name => new Collection(CollectionState.Empty(name)));

    /// <summary>All keys, the newest last.</summary>
    public IReadOnlyList<AppStateSyncKey> Keys => _keys;

    /// <summary>Patches that it did not believe: it then stays where it was.</summary>
    public int Refused { get; private set; }

    public CollectionState this[string collection] => _collections[collection].State;

    /// <summary>All settings, by collection and index.</summary>
    public IEnumerable<(string Collection, string Index, SyncActionValue Value)> Settings =>
        _collections.SelectMany(collection => collection.Value.Settings.Select(setting => (collection.Key, setting.Key, setting.Value)));

    /// <summary>Adds a key, which from then on signs what this phone writes.</summary>
    public void AddKey(byte[] secret, DateTimeOffset now, uint rawId, uint keyIndex)
    {
        // u16be(device) | u32be(counter)
        var id = new byte[6];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(id.AsSpan(2), (uint)_keys.Count + 1);
        _keys.Add(new AppStateSyncKey
        {
            KeyId = new AppStateSyncKeyId { KeyId = ByteString.CopyFrom(id) },
            KeyData = new AppStateSyncKeyData
            {
                KeyData = ByteString.CopyFrom(secret),
                Fingerprint = new AppStateSyncKeyFingerprint { RawId = rawId, CurrentIndex = keyIndex, DeviceIndexes = { Enumerable.Range(0, (int)keyIndex + 1).Select(index => (uint)index) } },
                // Two in one millisecond still have an order.
                Timestamp = now.ToUnixTimeMilliseconds() + _keys.Count,
            },
        });
    }

    /// <summary>Builds the patch that makes changes; they count once the server has taken it.</summary>
    public BuiltPatch Build(string collection, IEnumerable<Setting> settings, Func<int, byte[]> randomBytes)
    {
        var keys = Expand(_keys[^1]);
        var mutations = settings.Select(setting => MutationCodec.Encode(keys, setting.Operation, setting.IndexJson, setting.Value, setting.ActionVersion, randomBytes(16))).ToList();
        return _collections[collection].State.Build(keys, mutations, _collections[collection].Find);
    }

    /// <summary>The server has taken a patch of this phone's.</summary>
    public void Taken(BuiltPatch built) => _collections[built.State.Name].Take(built.State, built.Mutations);

    /// <summary>Reads a patch of a companion's.</summary>
    public void Apply(string collection, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var patch = ProtoReader.Parse<SyncdPatch>(bytes);
            var applied = _collections[collection].State.Apply(patch, external: null, Find, _collections[collection].Find);
            _collections[collection].Take(applied.State, applied.Mutations);
        }
        catch (WhatsAppException)
        {
            Refused++;
        }
    }

    private AppStateKeys? Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in _keys)
            if (key.KeyId.KeyId.Span.SequenceEqual(id)) return Expand(key);
        return null;
    }

    private static AppStateKeys Expand(AppStateSyncKey key) => new(key.KeyId.KeyId.Span, key.KeyData.KeyData.Span);

    private sealed class Collection(CollectionState state)
    {
        private readonly Dictionary<string, byte[]> _macs = new(StringComparer.Ordinal);

        public CollectionState State { get; private set; } = state;

        public SortedDictionary<string, SyncActionValue> Settings { get; } = new(StringComparer.Ordinal);

        public byte[]? Find(ReadOnlySpan<byte> indexMac) => _macs.GetValueOrDefault(Convert.ToHexString(indexMac));

        public void Take(CollectionState next, IEnumerable<Mutation> mutations)
        {
            State = next;
            foreach (var mutation in mutations)
            {
                var (mac, index) = (Convert.ToHexString(mutation.IndexMac), System.Text.Encoding.UTF8.GetString(mutation.IndexJson));
                if (mutation.Operation == Operation.Set)
                {
                    _macs[mac] = mutation.ValueMac;
                    Settings[index] = mutation.Value;
                }
                else
                {
                    _macs.Remove(mac);
                    Settings.Remove(index);
                }
            }
        }
    }
}
