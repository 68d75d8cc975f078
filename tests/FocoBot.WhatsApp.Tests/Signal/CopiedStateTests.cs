using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>A copy of somebody's state and its original, both of which go on.</summary>
public class CopiedStateTests
{
    private const string Group = "g";

    private readonly Participant _peer = new("1", 1), _original = new("2", 2), _copy = new("2", 2);
    private readonly SeededRandom _random = new(3);
    private int _damaged;

    [Fact]
    public async Task Nothing_is_sent_with_a_session_of_the_copy_until_the_peer_turns_the_ratchet()
    {
        await TalkAsync();
        await CopyAsync();
        Assert.False(await _copy.Sessions.HasSessionAsync(_peer.Address, default));
        Assert.Equal(SignalError.NoSession, (await Assert.ThrowsAsync<SignalException>(() => _copy.SendAsync(_peer, [1]))).Reason);

        // Under way in a chain that the copy knows: it is read, but gives the copy no key to send with.
        var underWay = await _peer.SendAsync(_copy, [7]);
        Assert.Equal([7], await underWay.DeliverAsync());
        Assert.Equal(SignalError.NoSession, (await Assert.ThrowsAsync<SignalException>(() => _copy.SendAsync(_peer, [1]))).Reason);
        Assert.Equal(SignalError.DuplicateMessage, await underWay.FailAsync());
    }

    [Fact]
    public async Task No_ratchet_key_and_counter_of_ours_is_used_twice()
    {
        await TalkAsync();
        await CopyAsync();
        var used = new HashSet<string>();
        // The original goes on, and the peer answers it; the copy reads the answer and goes on as well.
        for (byte i = 0; i < 3; i++) await Use(await _original.SendAsync(_peer, [i])).DeliverAsync();
        var answer = await _peer.SendAsync(_copy, [9]);
        await answer.DeliverAsync();
        for (byte i = 0; i < 3; i++) Use(await _copy.SendAsync(_peer, [i]));
        for (byte i = 0; i < 3; i++) Use(await _original.SendAsync(_peer, [i]));

        // And in a session of its own, which the peer can read.
        await _copy.StartAsync(_peer);
        for (byte i = 0; i < 3; i++) Assert.Equal([i], await Use(await _copy.SendAsync(_peer, [i])).DeliverAsync());
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
        await _peer.StartAsync(_original);
        var first = await _peer.SendAsync(_original, [1]);
        await first.DeliverAsync();
        await CopyAsync();
        var second = await _peer.SendAsync(_copy, [2]);
        Assert.Equal(MessageKind.PreKey, second.Kind);
        Assert.Equal([2], await second.DeliverAsync());
        Assert.False(await _copy.Sessions.HasSessionAsync(_peer.Address, default));
    }

    [Fact]
    public async Task Our_sender_keys_are_new_ones_and_those_of_others_stay()
    {
        await _peer.Sessions.ProcessDistributionAsync(Group, _original.Address, await _original.Sessions.DistributeAsync(Group, _original.Address, false, default), default);
        await _original.Sessions.ProcessDistributionAsync(Group, _peer.Address, await _peer.Sessions.DistributeAsync(Group, _peer.Address, false, default), default);
        var before = await _original.Sessions.EncryptForGroupAsync(Group, _original.Address, new byte[] { 1 }, default);
        await CopyAsync();
        Assert.Equal(SignalError.NoSenderKey, (await Assert.ThrowsAsync<SignalException>(() => _copy.Sessions.EncryptForGroupAsync(Group, _copy.Address, new byte[] { 1 }, default))).Reason);

        var distribution = await _copy.Sessions.DistributeAsync(Group, _copy.Address, false, default);
        var after = await _copy.Sessions.EncryptForGroupAsync(Group, _copy.Address, new byte[] { 2 }, default);
        Assert.NotEqual(SenderKeyMessage.Read(before).Id, SenderKeyMessage.Read(after).Id);
        await _peer.Sessions.ProcessDistributionAsync(Group, _copy.Address, distribution, default);
        Assert.Equal([2], await _peer.Sessions.DecryptFromGroupAsync(Group, _copy.Address, after, default));
        var theirs = await _peer.Sessions.EncryptForGroupAsync(Group, _peer.Address, new byte[] { 3 }, default);
        Assert.Equal([3], await _copy.Sessions.DecryptFromGroupAsync(Group, _peer.Address, theirs, default));
    }

    [Fact]
    public async Task New_prekeys_begin_elsewhere_and_old_ones_stay()
    {
        var bundle = _original.Bundle();
        var next = await CopyAsync();
        Assert.InRange(next, 1U, (1U << 24) - 1);
        Assert.NotEqual(2U, next);
        Assert.NotNull(await _copy.Store.LoadPreKeyAsync(bundle.PreKey!.Value.Id, default));
    }

    [Fact]
    public async Task What_is_damaged_goes_and_all_else_is_cut_loose()
    {
        await TalkAsync();
        await _peer.Sessions.ProcessDistributionAsync(Group, _original.Address, await _original.Sessions.DistributeAsync(Group, _original.Address, false, default), default);
        var whole = _original.Store.Sessions[_peer.Address];
        var other = _peer.Address with { Device = 9 };
        foreach (var bad in (byte[][])[[], [77], whole[..^1], [.. whole, 0]])
        {
            _damaged = 0;
            _original.Store.Sessions[other] = bad;
            _original.Store.SenderKeys[("broken", _original.Address)] = bad;
            await CopyAsync();
            Assert.Equal(2, _damaged);
            Assert.False(_copy.Store.Sessions.ContainsKey(other));
            Assert.False(await _copy.Sessions.HasSessionAsync(_peer.Address, default));
            Assert.True(_copy.Store.Sessions.ContainsKey(_peer.Address));
            await _copy.Sessions.DistributeAsync("broken", _copy.Address, false, default);
        }
    }

    private async Task TalkAsync()
    {
        await _original.StartAsync(_peer);
        await (await _original.SendAsync(_peer, [1])).DeliverAsync();
        await (await _peer.SendAsync(_original, [2])).DeliverAsync();
        await (await _original.SendAsync(_peer, [3])).DeliverAsync();
        await (await _original.SendAsync(_peer, [4])).DeliverAsync();
        await (await _peer.SendAsync(_original, [5])).DeliverAsync();
    }

    private async Task<uint> CopyAsync()
    {
        Copy(_original.Store.Sessions, _copy.Store.Sessions);
        Copy(_original.Store.Identities, _copy.Store.Identities);
        Copy(_original.Store.PreKeys, _copy.Store.PreKeys);
        Copy(_original.Store.SenderKeys, _copy.Store.SenderKeys);
        _copy.Reseed(4);
        return await CopiedState.DetachAsync(_copy.Store, [.. _copy.Store.Sessions.Keys], [.. _copy.Store.SenderKeys.Keys], _random, () => _damaged++, default);
    }

    private static void Copy<T>(Dictionary<T, byte[]> from, Dictionary<T, byte[]> to)
        where T : notnull
    {
        foreach (var (key, value) in from) to[key] = [.. value];
    }
}
