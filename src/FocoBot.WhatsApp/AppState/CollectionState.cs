using System.Security.Cryptography;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.WhatsApp.AppState;

/// <summary>Finds the expanded key of an id; null when the phone has not shared it yet.</summary>
internal delegate AppStateKeys? FindKeys(ReadOnlySpan<byte> keyId);

/// <summary>Finds the value MAC that stands for an index before a patch; null when the collection has no such index.</summary>
internal delegate byte[]? FindValueMac(ReadOnlySpan<byte> indexMac);

/// <summary>What came of a patch or snapshot: the state to keep, and the mutations in their order.</summary>
internal sealed record AppliedMutations(CollectionState State, IReadOnlyList<Mutation> Mutations);

/// <summary>What came of own changes: the patch to send without its version, which the server sets, the state it leads to, and the mutations in it.</summary>
internal sealed record BuiltPatch(SyncdPatch Patch, CollectionState State, IReadOnlyList<Mutation> Mutations);

/// <summary>How far a collection has come. Immutable: a patch leads to a new state, or to an exception and nothing else.</summary>
/// <param name="Name">The collection, e.g. <c>regular_high</c>.</param>
/// <param name="Version">Patches applied so far.</param>
/// <param name="Hash">The running hash (see <see cref="LtHash"/>).</param>
internal sealed record CollectionState(string Name, ulong Version, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The state of a collection never synchronised.</summary>
    public static CollectionState Empty(string name) => new(name, 0, new byte[LtHash.Length]);

    /// <summary>Verifies and decrypts the next patch.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="external">Its mutations, when <see cref="SyncdPatch.ExternalMutations"/> says that they came as a file.</param>
    /// <param name="findKeys">The app state keys.</param>
    /// <param name="findValueMac">The value MACs of this state.</param>
    /// <exception cref="ProtocolException">A MAC is wrong, or it is not the next patch.</exception>
    /// <exception cref="AppStateKeyMissingException">A key has to be asked for first.</exception>
    public AppliedMutations Apply(SyncdPatch patch, SyncdMutations? external, FindKeys findKeys, FindValueMac findValueMac)
    {
        var version = Version + 1;
        if (patch.Version is { } stated && stated.Version != version)
            throw new ProtocolException("A patch is not the next one");
        var mutations = (external?.Mutations ?? patch.Mutations).Select(m => Decode(m.Operation, m.Record, findKeys)).ToList();
        var state = Next(version, mutations, findValueMac);
        var keys = Keys(patch.KeyId, findKeys);
        Check(keys.SnapshotMac(state.Hash.Span, version, Name), patch.SnapshotMac, "snapshot MAC of a patch");
        Check(keys.PatchMac(patch.SnapshotMac.Span, mutations.Select(m => m.ValueMac), version, Name), patch.PatchMac, "patch MAC");
        return new AppliedMutations(state, mutations);
    }

    /// <summary>Verifies and decrypts a snapshot, which stands for all there was before.</summary>
    /// <inheritdoc cref="Apply(SyncdPatch, SyncdMutations, FindKeys, FindValueMac)" path="/exception"/>
    public AppliedMutations Apply(SyncdSnapshot snapshot, FindKeys findKeys)
    {
        var mutations = snapshot.Records.Select(r => Decode(Operation.Set, r, findKeys)).ToList();
        var state = Empty(Name).Next(snapshot.Version?.Version ?? 0, mutations, _ => null);
        var keys = Keys(snapshot.KeyId, findKeys);
        Check(keys.SnapshotMac(state.Hash.Span, state.Version, Name), snapshot.Mac, "MAC of a snapshot");
        return new AppliedMutations(state, mutations);
    }

    /// <summary>Builds the patch that takes this state one version on.</summary>
    /// <param name="keys">The newest keys, also those of <paramref name="mutations"/>.</param>
    /// <param name="mutations">From <see cref="MutationCodec.Encode"/>.</param>
    /// <param name="findValueMac">The value MACs of this state.</param>
    public BuiltPatch Build(AppStateKeys keys, IReadOnlyList<SyncdMutation> mutations, FindValueMac findValueMac)
    {
        var decoded = mutations.Select(m => MutationCodec.Decode(keys, m.Operation, m.Record)).ToList();
        var state = Next(Version + 1, decoded, findValueMac);
        var snapshotMac = keys.SnapshotMac(state.Hash.Span, state.Version, Name);
        var patch = new SyncdPatch
        {
            SnapshotMac = ByteString.CopyFrom(snapshotMac),
            PatchMac = ByteString.CopyFrom(keys.PatchMac(snapshotMac, decoded.Select(m => m.ValueMac), state.Version, Name)),
            KeyId = new SyncdKeyId { Id = ByteString.CopyFrom(keys.Id) },
        };
        patch.Mutations.AddRange(mutations);
        return new BuiltPatch(patch, state, decoded);
    }

    private CollectionState Next(ulong version, List<Mutation> mutations, FindValueMac findValueMac)
    {
        var hash = Hash.ToArray();
        // A patch may change one index twice: the second change replaces the first, not what the state had.
        var changed = new Dictionary<string, byte[]?>(mutations.Count);
        foreach (var mutation in mutations)
        {
            var index = Convert.ToHexString(mutation.IndexMac);
            if (!changed.TryGetValue(index, out var previous))
                previous = findValueMac(mutation.IndexMac);
            if (previous != null)
                LtHash.Subtract(hash, previous);
            var set = mutation.Operation == Operation.Set;
            if (set)
                LtHash.Add(hash, mutation.ValueMac);
            changed[index] = set ? mutation.ValueMac : null;
        }

        return new CollectionState(Name, version, hash);
    }

    private static Mutation Decode(Operation operation, SyncdRecord? record, FindKeys findKeys) =>
        record != null ? MutationCodec.Decode(Keys(record.KeyId, findKeys), operation, record) : throw new ProtocolException("A mutation without a record");

    private static AppStateKeys Keys(SyncdKeyId? id, FindKeys findKeys)
    {
        var bytes = id?.Id ?? ByteString.Empty;
        return findKeys(bytes.Span) ?? throw new AppStateKeyMissingException(bytes.ToByteArray());
    }

    private static void Check(byte[] computed, ByteString stated, string what)
    {
        if (!CryptographicOperations.FixedTimeEquals(computed, stated.Span))
            throw new ProtocolException($"Wrong {what}");
    }
}
