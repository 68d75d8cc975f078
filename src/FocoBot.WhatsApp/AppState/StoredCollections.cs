using System.Buffers.Binary;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// Collections in a unit of work: what a patch needs is loaded before it is applied, and what it changes is written after it was verified.
/// <code>state = u64be(version) | hash(128)</code>
/// </summary>
internal sealed class StoredCollections(IAppStateStore store)
{
    private const int MacLength = 32;

    private readonly KeyRing _keys = new(store);

    /// <summary>How far a collection has come; null when it was never synchronised.</summary>
    public async Task<CollectionState?> LoadAsync(string name, CancellationToken token) =>
        await store.LoadAppStateAsync(name, token) is { } bytes ? Read(name, bytes) : null;

    /// <summary>Reads how far a collection has come.</summary>
    public static CollectionState Read(string name, byte[] state) =>
        new(name, BinaryPrimitives.ReadUInt64BigEndian(state), state.AsMemory(sizeof(ulong), LtHash.Length));

    public async Task StoreAsync(CollectionState state, CancellationToken token)
    {
        var bytes = new byte[sizeof(ulong) + LtHash.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, state.Version);
        state.Hash.CopyTo(bytes.AsMemory(sizeof(ulong)));
        await store.StoreAppStateAsync(state.Name, bytes, token);
    }

    /// <summary>Applies the next patch.</summary>
    /// <inheritdoc cref="CollectionState.Apply(SyncdPatch, SyncdMutations, FindKeys, FindValueMac)" path="/exception"/>
    public async Task<AppliedMutations> ApplyAsync(CollectionState state, SyncdPatch patch, SyncdMutations? external, CancellationToken token)
    {
        var mutations = external?.Mutations ?? patch.Mutations;
        await _keys.LoadAsync(mutations.Select(mutation => mutation.Record?.KeyId).Append(patch.KeyId), token);
        var applied = state.Apply(patch, external, _keys.Find, await LoadMacsAsync(state.Name, mutations, token));
        await WriteAsync(state.Name, applied.Mutations, token);
        return applied;
    }

    /// <summary>Puts a snapshot in place of all there was.</summary>
    /// <inheritdoc cref="CollectionState.Apply(SyncdSnapshot, FindKeys)" path="/exception"/>
    public async Task<AppliedMutations> ApplyAsync(string name, SyncdSnapshot snapshot, CancellationToken token)
    {
        await _keys.LoadAsync(snapshot.Records.Select(record => record.KeyId).Append(snapshot.KeyId), token);
        var applied = CollectionState.Empty(name).Apply(snapshot, _keys.Find);
        await store.RemoveValueMacsAsync(name, token);
        await WriteAsync(name, applied.Mutations, token);
        return applied;
    }

    /// <summary>Builds the patch that makes own changes.</summary>
    public async Task<BuiltPatch> BuildAsync(CollectionState state, AppStateKeys keys, IReadOnlyList<SyncdMutation> mutations, CancellationToken token) =>
        state.Build(keys, mutations, await LoadMacsAsync(state.Name, mutations, token));

    /// <summary>Notes that the server has taken a patch.</summary>
    public async Task StoreAsync(BuiltPatch built, CancellationToken token)
    {
        await WriteAsync(built.State.Name, built.Mutations, token);
        await StoreAsync(built.State, token);
    }

    private async Task<FindValueMac> LoadMacsAsync(string name, IReadOnlyList<SyncdMutation> mutations, CancellationToken token)
    {
        var macs = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var mutation in mutations)
        {
            var index = mutation.Record?.Index?.Blob ?? ByteString.Empty;
            var key = Convert.ToHexString(index.Exactly(MacLength, "An index MAC"));
            if (!macs.ContainsKey(key))
                macs[key] = await store.LoadValueMacAsync(name, index.ToByteArray(), token);
        }

        return index => macs.GetValueOrDefault(Convert.ToHexString(index));
    }

    private async Task WriteAsync(string name, IReadOnlyList<Mutation> mutations, CancellationToken token)
    {
        foreach (var mutation in mutations)
        {
            if (mutation.Operation == Operation.Set)
                await store.StoreValueMacAsync(name, mutation.IndexMac, mutation.ValueMac, token);
            else
                await store.RemoveValueMacAsync(name, mutation.IndexMac, token);
        }
    }
}
