using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>A copy of somebody's state and its original, both of which go on.</summary>
public class CopiedStateTests
{
    private const string Group = "g";

    private readonly Participant peer = new("1", 1), original = new("2", 2), copy = new("2", 2);
    private readonly SeededRandom random = new(3);
    private int damaged;

    [Fact]
    public async Task Nothing_is_sent_with_a_session_of_the_copy_until_the_peer_turns_the_ratchet()
    {
        await TalkAsync();
        await CopyAsync();
        Assert.False(await copy.Sessions.HasSessionAsync(peer.Address, default));
        Assert.Equal(SignalError.NoSession, (await Assert.ThrowsAsync<SignalException>(() => copy.SendAsync(peer, [1]))).Reason);

        // Under way in a chain that the copy knows: it is read, but gives the copy no key to send with.
        var underWay = await peer.SendAsync(copy, [7]);
        Assert.Equal([7], await underWay.DeliverAsync());
        Assert.Equal(SignalError.NoSession, (await Assert.ThrowsAsync<SignalException>(() => copy.SendAsync(peer, [1]))).Reason);
        Assert.Equal(SignalError.DuplicateMessage, await underWay.FailAsync());
    }

    [Fact]
    public async Task No_ratchet_key_and_counter_of_ours_is_used_twice()
    {
        await TalkAsync();
        await CopyAsync();
        var used = new HashSet<string>();
        // The original goes on, and the peer answers it; the copy reads the answer and goes on as well.
        for (byte i = 0; i < 3; i++) await Use(await original.SendAsync(peer, [i])).DeliverAsync();
        var answer = await peer.SendAsync(copy, [9]);
        await answer.DeliverAsync();
        for (byte i = 0; i < 3; i++) Use(await copy.SendAsync(peer, [i]));
        for (byte i = 0; i < 3; i++) Use(await original.SendAsync(peer, [i]));

        // And in a session of its own, which the peer can read.
        await copy.StartAsync(peer);
        for (byte i = 0; i < 3; i++) Assert.Equal([i], await Use(await copy.SendAsync(peer, [i])).DeliverAsync());
        return;

        Sent Use(Sent sent)
        {
            var whisper = SignalMessage.Read(sent.Kind is MessageKind.PreKey ? PreKeySignalMessage.Read(sent.Message).Message : sent.Message);
            Assert.True(used.Add($"{whisper.RatchetKey.ToArray().ToHex()} {whisper.Counter}"));
            return sent;
        }
    }

    [Fact]
    public async Task A_first_message_sent_again_in_a_session_of_the_copy_is_read()
    {
        await peer.StartAsync(original);
        var first = await peer.SendAsync(original, [1]);
        await first.DeliverAsync();
        await CopyAsync();
        var second = await peer.SendAsync(copy, [2]);
        Assert.Equal(MessageKind.PreKey, second.Kind);
        Assert.Equal([2], await second.DeliverAsync());
        Assert.False(await copy.Sessions.HasSessionAsync(peer.Address, default));
    }

    [Fact]
    public async Task Our_sender_keys_are_new_ones_and_those_of_others_stay()
    {
        await peer.Sessions.ProcessDistributionAsync(Group, original.Address, await original.Sessions.DistributeAsync(Group, original.Address, false, default), default);
        await original.Sessions.ProcessDistributionAsync(Group, peer.Address, await peer.Sessions.DistributeAsync(Group, peer.Address, false, default), default);
        var before = await original.Sessions.EncryptForGroupAsync(Group, original.Address, new byte[] { 1 }, default);
        await CopyAsync();
        Assert.Equal(SignalError.NoSenderKey, (await Assert.ThrowsAsync<SignalException>(() => copy.Sessions.EncryptForGroupAsync(Group, copy.Address, new byte[] { 1 }, default))).Reason);

        var distribution = await copy.Sessions.DistributeAsync(Group, copy.Address, false, default);
        var after = await copy.Sessions.EncryptForGroupAsync(Group, copy.Address, new byte[] { 2 }, default);
        Assert.NotEqual(SenderKeyMessage.Read(before).Id, SenderKeyMessage.Read(after).Id);
        await peer.Sessions.ProcessDistributionAsync(Group, copy.Address, distribution, default);
        Assert.Equal([2], await peer.Sessions.DecryptFromGroupAsync(Group, copy.Address, after, default));
        var theirs = await peer.Sessions.EncryptForGroupAsync(Group, peer.Address, new byte[] { 3 }, default);
        Assert.Equal([3], await copy.Sessions.DecryptFromGroupAsync(Group, peer.Address, theirs, default));
    }

    [Fact]
    public async Task New_prekeys_begin_elsewhere_and_old_ones_stay()
    {
        var bundle = original.Bundle();
        var next = await CopyAsync();
        Assert.InRange(next, 1U, (1U << 24) - 1);
        Assert.NotEqual(2U, next);
        Assert.NotNull(await copy.Store.LoadPreKeyAsync(bundle.PreKey!.Value.Id, default));
    }

    [Fact]
    public async Task What_is_damaged_goes_and_all_else_is_cut_loose()
    {
        await TalkAsync();
        await peer.Sessions.ProcessDistributionAsync(Group, original.Address, await original.Sessions.DistributeAsync(Group, original.Address, false, default), default);
        var whole = original.Store.Sessions[peer.Address];
        var other = peer.Address with { Device = 9 };
        foreach (var bad in (byte[][])[[], [77], whole[..^1], [.. whole, 0]])
        {
            damaged = 0;
            original.Store.Sessions[other] = bad;
            original.Store.SenderKeys[("broken", original.Address)] = bad;
            await CopyAsync();
            Assert.Equal(2, damaged);
            Assert.False(copy.Store.Sessions.ContainsKey(other));
            Assert.False(await copy.Sessions.HasSessionAsync(peer.Address, default));
            Assert.True(copy.Store.Sessions.ContainsKey(peer.Address));
            await copy.Sessions.DistributeAsync("broken", copy.Address, false, default);
        }
    }

    private async Task TalkAsync()
    {
        await original.StartAsync(peer);
        await (await original.SendAsync(peer, [1])).DeliverAsync();
        await (await peer.SendAsync(original, [2])).DeliverAsync();
        await (await original.SendAsync(peer, [3])).DeliverAsync();
        await (await original.SendAsync(peer, [4])).DeliverAsync();
        await (await peer.SendAsync(original, [5])).DeliverAsync();
    }

    private async Task<uint> CopyAsync()
    {
        Copy(original.Store.Sessions, copy.Store.Sessions);
        Copy(original.Store.Identities, copy.Store.Identities);
        Copy(original.Store.PreKeys, copy.Store.PreKeys);
        Copy(original.Store.SenderKeys, copy.Store.SenderKeys);
        copy.Reseed(4);
        return await CopiedState.DetachAsync(copy.Store, [.. copy.Store.Sessions.Keys], [.. copy.Store.SenderKeys.Keys], random, () => damaged++, default);
    }

    private static void Copy<T>(Dictionary<T, byte[]> from, Dictionary<T, byte[]> to)
        where T : notnull
    {
        foreach (var (key, value) in from) to[key] = [.. value];
    }
}
