using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;

namespace FocoBot.WhatsApp.Tests.Signal;

public class SessionTests
{
    private readonly Participant _alice = new("alice", 1);
    private readonly Participant _bob = new("bob", 2);

    [Fact]
    public async Task A_one_time_prekey_is_removed_by_the_message_that_used_it()
    {
        await _alice.StartAsync(_bob);
        Assert.Single(_bob.Store.PreKeys);
        var (first, second) = (await SendAsync("1"), await SendAsync("2"));
        await first.DeliverAsync();
        Assert.Empty(_bob.Store.PreKeys);
        // The second still carries its number, but belongs to a session by now.
        Assert.Equal(second.Plaintext, await second.DeliverAsync());
        Assert.Equal(SignalError.DuplicateMessage, await first.FailAsync());

        _bob.Store.Sessions.Clear();
        Assert.Equal(SignalError.UnknownPreKey, await first.FailAsync());
    }

    [Fact]
    public async Task Messages_carry_the_prekey_until_the_first_reply()
    {
        await _alice.StartAsync(_bob, withPreKey: false);
        var first = await SendAsync("1");
        Assert.Equal(MessageKind.PreKey, first.Kind);
        await first.DeliverAsync();
        Assert.Equal(MessageKind.PreKey, (await SendAsync("2")).Kind);
        var reply = await _bob.SendAsync(_alice, [3]);
        Assert.Equal(MessageKind.Message, reply.Kind);
        await reply.DeliverAsync();
        Assert.Equal(MessageKind.Message, (await SendAsync("4")).Kind);
    }

    [Fact]
    public async Task Both_may_start_at_once()
    {
        await _alice.StartAsync(_bob);
        await _bob.StartAsync(_alice);
        var crossing = new[] { await SendAsync("1"), await SendAsync("2"), await _bob.SendAsync(_alice, [3]), await _bob.SendAsync(_alice, [4]) };
        foreach (var message in crossing)
            Assert.Equal(message.Plaintext, await message.DeliverAsync());
        for (byte i = 0; i < 10; i++)
        {
            var (there, back) = (await _alice.SendAsync(_bob, [i]), await _bob.SendAsync(_alice, [i]));
            Assert.Equal([i], await there.DeliverAsync());
            Assert.Equal([i], await back.DeliverAsync());
        }
    }

    [Fact]
    public async Task A_message_of_an_earlier_session_still_decrypts()
    {
        await _alice.StartAsync(_bob);
        var old = await SendAsync("old");
        var older = await SendAsync("older");
        await older.DeliverAsync();
        for (var i = 0; i < Limits.ArchivedSessions; i++)
        {
            await _alice.StartAsync(_bob);
            await (await SendAsync($"{i}")).DeliverAsync();
        }
        Assert.Equal(Limits.ArchivedSessions + 1, SessionRecord.Deserialize(_bob.Store.Sessions[_alice.Address]).States.Length);
        Assert.Equal(old.Plaintext, await old.DeliverAsync());
    }

    [Fact]
    public async Task Keys_of_missing_messages_are_bounded_over_all_sessions_and_the_oldest_go_first()
    {
        var missing = new List<Sent>();
        for (var session = 0; session < 3; session++)
        {
            await _alice.StartAsync(_bob);
            for (var i = 0; i < Limits.SkippedKeys; i++)
                missing.Add(await SendAsync($"{session} {i}"));
            await (await SendAsync("last")).DeliverAsync();
        }
        var states = SessionRecord.Deserialize(_bob.Store.Sessions[_alice.Address]).States;
        Assert.Equal([Limits.SkippedKeys, Limits.SkippedKeys, 0], states.Select(state => state.SkippedCount));

        Assert.Equal(missing[^1].Plaintext, await missing[^1].DeliverAsync());
        Assert.Equal(missing[Limits.SkippedKeys].Plaintext, await missing[Limits.SkippedKeys].DeliverAsync());
        await Assert.ThrowsAsync<SignalException>(() => missing[0].DeliverAsync());
    }

    [Fact]
    public async Task The_forty_second_session_pushes_the_first_out()
    {
        await _alice.StartAsync(_bob);
        var old = await SendAsync("old");
        var first = await SendAsync("first");
        await first.DeliverAsync();
        for (var i = 0; i <= Limits.ArchivedSessions; i++)
        {
            await _alice.StartAsync(_bob);
            await (await SendAsync($"{i}")).DeliverAsync();
        }
        Assert.Equal(Limits.ArchivedSessions + 1, SessionRecord.Deserialize(_bob.Store.Sessions[_alice.Address]).States.Length);
        Assert.Equal(SignalError.UnknownPreKey, await old.FailAsync());
    }

    [Fact]
    public async Task An_archived_session_sends_nothing_but_still_reads()
    {
        await _alice.StartAsync(_bob);
        await (await SendAsync("1")).DeliverAsync();
        var late = await SendAsync("2");
        var record = SessionRecord.Deserialize(_bob.Store.Sessions[_alice.Address]).Archive();
        _bob.Store.Sessions[_alice.Address] = record.Serialize();
        Assert.False(await _bob.Sessions.HasSessionAsync(_alice.Address, default));
        Assert.Equal(SignalError.NoSession, (await Assert.ThrowsAsync<SignalException>(() => _bob.SendAsync(_alice, [1]))).Reason);
        Assert.Equal(late.Plaintext, await late.DeliverAsync());
        Assert.True(await _bob.Sessions.HasSessionAsync(_alice.Address, default));
    }

    [Fact]
    public async Task Two_thousand_messages_may_be_missing_but_not_one_more()
    {
        await _alice.StartAsync(_bob);
        var sent = new List<Sent>();
        for (var i = 0; i <= Limits.ForwardJump + 1; i++)
            sent.Add(await _alice.SendAsync(_bob, [(byte)i]));
        Assert.Equal(SignalError.FutureMessage, await sent[^1].FailAsync());
        Assert.Equal(sent[^2].Plaintext, await sent[^2].DeliverAsync());
        // One more pushes the oldest key out of the two thousand.
        var last = await _alice.SendAsync(_bob, [1]);
        await last.DeliverAsync();
        Assert.Equal(SignalError.DuplicateMessage, await sent[0].FailAsync());
        Assert.Equal(sent[1].Plaintext, await sent[1].DeliverAsync());
        Assert.Equal(sent[^1].Plaintext, await sent[^1].DeliverAsync());
    }

    [Fact]
    public async Task A_message_of_five_steps_ago_decrypts_and_one_of_six_is_lost()
    {
        await _alice.StartAsync(_bob);
        await (await SendAsync("start")).DeliverAsync();
        var late = new List<Sent>();
        for (byte i = 0; i < 6; i++)
        {
            late.Add(await _alice.SendAsync(_bob, [i]));
            await (await _alice.SendAsync(_bob, [i])).DeliverAsync();
            await (await _bob.SendAsync(_alice, [i])).DeliverAsync();
        }
        Assert.Equal(SignalError.BadMac, await late[0].FailAsync());
        Assert.Equal([1], await late[1].DeliverAsync());
    }

    [Fact]
    public async Task A_forged_signed_prekey_starts_no_session()
    {
        var bundle = _bob.Bundle();
        bundle.Signature[5] ^= 1;
        var error = await Assert.ThrowsAsync<SignalException>(() => _alice.Sessions.StartAsync(_bob.Address, bundle, default));
        Assert.Equal(SignalError.BadSignature, error.Reason);
        Assert.Empty(_alice.Snapshot());
    }

    [Fact]
    public async Task A_changed_identity_is_refused_until_the_old_one_is_forgotten()
    {
        await _alice.StartAsync(_bob);
        await (await SendAsync("1")).DeliverAsync();
        var stranger = new Participant("alice", 3);
        await stranger.StartAsync(_bob);
        var message = await stranger.SendAsync(_bob, [7]);
        var before = _bob.Snapshot();
        Assert.Equal(SignalError.UntrustedIdentity, await message.FailAsync());
        Assert.Equal(before, _bob.Snapshot());
        var error = await Assert.ThrowsAsync<SignalException>(() => _bob.StartAsync(stranger));
        Assert.Equal(SignalError.UntrustedIdentity, error.Reason);

        await _bob.Sessions.ForgetAsync(stranger.Address, default);
        Assert.Equal([7], await message.DeliverAsync());
    }

    [Fact]
    public async Task Unknown_sessions_and_prekeys_have_their_own_reasons()
    {
        await _alice.StartAsync(_bob);
        var first = await SendAsync("1");
        _bob.Store.SignedPreKeys.Clear();
        Assert.Equal(SignalError.UnknownSignedPreKey, await first.FailAsync());
        var plain = PreKeySignalMessage.Read(first.Message).Message.ToArray();
        Assert.Equal(SignalError.NoSession, await (first with { Kind = MessageKind.Message }).FailAsync(plain));
    }

    [Fact]
    public async Task A_bundle_with_a_key_that_is_none_starts_no_session()
    {
        // Of small order, too short, too long, and another encoding of a good one.
        byte[][] keys = [new byte[32], new byte[31], new byte[33], [], [.. Enumerable.Repeat((byte)0xFF, 32)]];
        var bundle = _bob.Bundle();
        foreach (var key in keys)
        {
            await AssertRefusedAsync(With(bundle.IdentityKey, bundle.SignedPreKey, key));
            await AssertRefusedAsync(With(bundle.IdentityKey, key, null));
            await AssertRefusedAsync(With(key, bundle.SignedPreKey, null));
        }

        PreKeyBundle With(byte[] identity, byte[] signedPreKey, byte[]? preKey) => new()
        {
            RegistrationId = 1,
            IdentityKey = identity,
            SignedPreKeyId = 1,
            SignedPreKey = signedPreKey,
            Signature = bundle.Signature,
            PreKey = preKey is null ? null : (1, preKey),
        };

        async Task AssertRefusedAsync(PreKeyBundle refused)
        {
            await Assert.ThrowsAsync<SignalException>(() => _alice.Sessions.StartAsync(_bob.Address, refused, default));
            Assert.Empty(_alice.Snapshot());
        }
    }

    [Fact]
    public async Task A_first_message_with_another_encoding_of_its_base_key_is_not_read_again()
    {
        await _alice.StartAsync(_bob, withPreKey: false);
        var first = await SendAsync("1");
        await first.DeliverAsync();
        // 33 ‖ 12 21 05 ‖ base key: its top bit plays no part in the agreement.
        byte[] again = [.. first.Message];
        again[4 + 31] ^= 0x80;
        Assert.Equal(SignalError.Malformed, await first.FailAsync(again));
    }

    private Task<Sent> SendAsync(string text) => _alice.SendAsync(_bob, System.Text.Encoding.UTF8.GetBytes(text));
}
