using System.Text;
using System.Text.Json;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.WhatsApp.Tests.AppState;

public class AppStateTests
{
    private static readonly JsonElement Vector = Vectors.Load("app-state.json");
    private static readonly string Collection = Vector.GetProperty("collection").GetString()!;
    private static readonly AppStateKeys Keys = new(Vector.Hex("key_id"), Vector.Hex("key_data"));
    private static readonly List<JsonElement> Patches = [.. Vector.GetProperty("patches").EnumerateArray()];

    [Fact]
    public void Sums_of_value_MACs_come_out_as_in_Baileys()
    {
        var steps = Vector.GetProperty("lthash");
        var state = new byte[LtHash.Length];
        var first = steps.GetProperty("add_v1");
        LtHash.Add(state, first.Hex("value"));
        Assert.Equal(first.Hex("result"), state);
        LtHash.Add(state, steps.GetProperty("then_add_v2").Hex("value"));
        Assert.Equal(steps.GetProperty("then_add_v2").Hex("result"), state);
        LtHash.Subtract(state, first.Hex("value"));
        LtHash.Add(state, steps.GetProperty("then_subtract_v1_add_v3").Hex("value"));
        Assert.Equal(steps.GetProperty("then_subtract_v1_add_v3").Hex("result"), state);
    }

    [Fact]
    public void What_is_added_and_subtracted_leaves_nothing_in_whatever_order() => Properties.ForAll<byte[], byte[]>((a, b) =>
    {
        var start = Mutilations.Bytes(LtHash.Length);
        var state = (byte[])start.Clone();
        LtHash.Add(state, a);
        LtHash.Add(state, b);
        LtHash.Subtract(state, a);
        LtHash.Subtract(state, b);
        return state.AsSpan().SequenceEqual(start);
    });

    [Fact]
    public void Keys_expand_as_in_Baileys() =>
        Assert.Equal(Vector.GetProperty("expanded").Hex("valueEncryption"), Keys.ValueEncryptionKey.ToArray());

    [Fact]
    public void Mutations_are_encrypted_and_decrypted_as_recorded()
    {
        foreach (var recorded in Patches.SelectMany(p => p.GetProperty("mutations").EnumerateArray()))
        {
            var data = ProtoReader.Parse<SyncActionData>(recorded.Hex("sync_action_data"));
            var mutation = MutationCodec.Encode(
                Keys, (Operation)recorded.GetProperty("op").GetInt32(), data.Index.Span, data.Value, recorded.GetProperty("version").GetInt32(), recorded.Hex("iv"));
            Assert.Equal(recorded.Hex("value_blob"), mutation.Record.Value.Blob.ToByteArray());
            Assert.Equal(recorded.Hex("index_mac"), mutation.Record.Index.Blob.ToByteArray());

            var decoded = MutationCodec.Decode(Keys, mutation.Operation, mutation.Record);
            Assert.Equal(recorded.Hex("value_mac"), decoded.ValueMac);
            Assert.Equal(data.Value, decoded.Value);
            Assert.Equal(
                recorded.GetProperty("index").EnumerateArray().Select(e => e.GetString()),
                JsonSerializer.Deserialize<string[]>(decoded.IndexJson));
        }
    }

    [Fact]
    public void Patches_are_applied_and_built_as_recorded()
    {
        var macs = new Dictionary<string, byte[]>();
        var state = CollectionState.Empty(Collection);
        foreach (var recorded in Patches)
        {
            var patch = ProtoReader.Parse<SyncdPatch>(recorded.Hex("syncd_patch_protobuf"));
            var built = state.Build(Keys, patch.Mutations, Find(macs));
            var applied = state.Apply(patch, null, FindKey, Find(macs));
            state = applied.State;
            Assert.Equal(recorded.GetProperty("version").GetUInt64(), state.Version);
            Assert.Equal(recorded.Hex("lthash_after"), state.Hash.ToArray());
            Assert.Equal(state.Hash.ToArray(), built.State.Hash.ToArray());
            built.Patch.Version = new SyncdVersion { Version = state.Version };
            Assert.Equal(recorded.Hex("syncd_patch_protobuf"), built.Patch.ToByteArray());
            Store(macs, applied.Mutations);
        }

        Assert.Single(macs);
    }

    [Fact]
    public void Mutations_that_came_as_a_file_count_as_those_in_the_patch()
    {
        var patch = Patch(0);
        var external = new SyncdMutations { Mutations = { patch.Mutations } };
        patch.Mutations.Clear();
        patch.ExternalMutations = new ExternalBlobReference();
        var applied = CollectionState.Empty(Collection).Apply(patch, external, FindKey, _ => null);
        Assert.Equal(Patches[0].Hex("lthash_after"), applied.State.Hash.ToArray());
        Assert.Throws<ProtocolException>(() => CollectionState.Empty(Collection).Apply(patch, null, FindKey, _ => null));
    }

    [Fact]
    public void A_snapshot_leads_where_its_patches_lead()
    {
        var recorded = Vector.GetProperty("snapshot_after_patch_2");
        var applied = CollectionState.Empty(Collection).Apply(ProtoReader.Parse<SyncdSnapshot>(recorded.Hex("protobuf")), FindKey);
        Assert.Equal((2ul, 2), (applied.State.Version, applied.Mutations.Count));
        Assert.Equal(recorded.Hex("lthash"), applied.State.Hash.ToArray());
        var macs = new Dictionary<string, byte[]>();
        Store(macs, applied.Mutations);
        Assert.Equal(Patches[2].Hex("lthash_after"), applied.State.Apply(Patch(2), null, FindKey, Find(macs)).State.Hash.ToArray());
    }

    [Fact]
    public void A_patch_that_Baileys_wrote_is_applied()
    {
        var recorded = Vector.GetProperty("baileys_encoded_patch");
        var applied = CollectionState.Empty(Collection).Apply(ProtoReader.Parse<SyncdPatch>(recorded.Hex("protobuf")), null, FindKey, _ => null);
        Assert.Equal(recorded.GetProperty("state_version").GetUInt64(), applied.State.Version);
        Assert.Equal(recorded.Hex("state_hash"), applied.State.Hash.ToArray());
    }

    [Fact]
    public void A_patch_changed_on_the_way_leads_to_the_right_state_or_nowhere()
    {
        foreach (var bad in Mutilations.All(Patches[0].Hex("syncd_patch_protobuf")))
        {
            AppliedMutations? applied = null;
            if (!RefusedOrKeyMissing(() => applied = CollectionState.Empty(Collection).Apply(ProtoReader.Parse<SyncdPatch>(bad), null, FindKey, _ => null)))
                Assert.Equal(Patches[0].Hex("lthash_after"), applied!.State.Hash.ToArray());
        }
    }

    [Fact]
    public void A_snapshot_changed_on_the_way_leads_to_the_right_state_or_nowhere()
    {
        var recorded = Vector.GetProperty("snapshot_after_patch_2");
        foreach (var bad in Mutilations.All(recorded.Hex("protobuf")))
        {
            AppliedMutations? applied = null;
            if (!RefusedOrKeyMissing(() => applied = CollectionState.Empty(Collection).Apply(ProtoReader.Parse<SyncdSnapshot>(bad), FindKey)))
                Assert.Equal(recorded.Hex("lthash"), applied!.State.Hash.ToArray());
        }
    }

    [Fact]
    public void Each_MAC_is_checked_in_each_byte()
    {
        var good = Patch(0);
        foreach (var bad in Mutilations.Flips(good.PatchMac.ToByteArray()))
            AssertRefused(new(good) { PatchMac = ByteString.CopyFrom(bad) });
        foreach (var bad in Mutilations.Flips(good.SnapshotMac.ToByteArray()))
            AssertRefused(new(good) { SnapshotMac = ByteString.CopyFrom(bad) });
        foreach (var bad in Mutilations.Flips(good.Mutations[0].Record.Value.Blob.ToByteArray()))
            AssertRefused(WithFirst(r => r.Value.Blob = ByteString.CopyFrom(bad)));
        foreach (var bad in Mutilations.Flips(good.Mutations[0].Record.Index.Blob.ToByteArray()))
            AssertRefused(WithFirst(r => r.Index.Blob = ByteString.CopyFrom(bad)));
        var removing = good.Clone();
        removing.Mutations[0].Operation = Operation.Remove;
        AssertRefused(removing);
        removing.Mutations[0].Operation = (Operation)7;
        AssertRefused(removing);

        SyncdPatch WithFirst(Action<SyncdRecord> change)
        {
            var patch = good.Clone();
            change(patch.Mutations[0].Record);
            return patch;
        }
    }

    [Fact]
    public void A_patch_is_refused_out_of_turn_in_another_collection_and_with_a_mutation_left_out()
    {
        Assert.Throws<ProtocolException>(() => CollectionState.Empty(Collection).Apply(Patch(1), null, FindKey, _ => null));
        Assert.Throws<ProtocolException>(() => CollectionState.Empty("regular").Apply(Patch(0), null, FindKey, _ => null));
        var shorter = Patch(0);
        shorter.Mutations.RemoveAt(1);
        AssertRefused(shorter);
    }

    [Fact]
    public void An_index_set_twice_in_one_patch_counts_once()
    {
        var index = Encoding.UTF8.GetBytes("""["mute","15551234567@s.whatsapp.net"]""");
        SyncdMutation Mute(bool muted, byte iv) => MutationCodec.Encode(
            Keys, Operation.Set, index, new SyncActionValue { MuteAction = new MuteAction { Muted = muted } }, 2, Enumerable.Repeat(iv, 16).ToArray());
        var empty = CollectionState.Empty(Collection);
        var twice = empty.Build(Keys, [Mute(true, 1), Mute(false, 2)], _ => null);
        Assert.Equal(empty.Build(Keys, [Mute(false, 2)], _ => null).State.Hash.ToArray(), twice.State.Hash.ToArray());
        Assert.Equal(twice.State.Hash.ToArray(), empty.Apply(twice.Patch, null, FindKey, _ => null).State.Hash.ToArray());
    }

    [Fact]
    public void A_key_not_shared_yet_is_named()
    {
        var missing = Assert.Throws<AppStateKeyMissingException>(() => CollectionState.Empty(Collection).Apply(Patch(0), null, _ => null, _ => null));
        Assert.Equal(Keys.Id, missing.KeyId);
        Assert.Equal(Recovery.Retry, missing.Recovery);
    }

    [Fact]
    public void A_key_of_another_length_is_refused() => Assert.Throws<ProtocolException>(() => new AppStateKeys(Keys.Id, new byte[31]));

    private static SyncdPatch Patch(int number) => ProtoReader.Parse<SyncdPatch>(Patches[number].Hex("syncd_patch_protobuf"));

    private static void AssertRefused(SyncdPatch patch) =>
        Assert.Throws<ProtocolException>(() => CollectionState.Empty(Collection).Apply(patch, null, FindKey, _ => null));

    private static AppStateKeys? FindKey(ReadOnlySpan<byte> id) => id.SequenceEqual(Keys.Id) ? Keys : null;

    private static FindValueMac Find(Dictionary<string, byte[]> macs) => index => macs.GetValueOrDefault(Convert.ToHexString(index));

    private static void Store(Dictionary<string, byte[]> macs, IEnumerable<Mutation> mutations)
    {
        foreach (var mutation in mutations)
        {
            if (mutation.Operation == Operation.Set)
                macs[Convert.ToHexString(mutation.IndexMac)] = mutation.ValueMac;
            else
                macs.Remove(Convert.ToHexString(mutation.IndexMac));
        }
    }

    private static bool RefusedOrKeyMissing(Action action)
    {
        try
        {
            return Mutilations.Refuses(action);
        }
        catch (AppStateKeyMissingException)
        {
            return true;
        }
    }
}
