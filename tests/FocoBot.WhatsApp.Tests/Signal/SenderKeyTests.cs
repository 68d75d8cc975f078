using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.SenderKeys;

namespace FocoBot.WhatsApp.Tests.Signal;

public class SenderKeyTests
{
    private readonly SeededRandom _random = new(11);

    [Fact]
    public void Ids_have_31_bits()
    {
        for (var i = 0; i < 50; i++)
            Assert.True(SenderKeyCipher.Create(SenderKeyRecord.Empty, _random).States[0].Id <= int.MaxValue);
    }

    [Fact]
    public void Five_sender_keys_are_kept_and_the_sixth_pushes_the_first_out()
    {
        var (ours, theirs) = (SenderKeyRecord.Empty, SenderKeyRecord.Empty);
        var messages = new List<byte[]>();
        for (var i = 0; i <= Limits.SenderKeyStates; i++)
        {
            ours = SenderKeyCipher.Create(ours, _random);
            theirs = SenderKeyCipher.Process(theirs, SenderKeyCipher.Distribute(ours));
            (var message, ours) = SenderKeyCipher.Encrypt(ours, [(byte)i], new byte[64]);
            messages.Add(message);
        }
        AssertFails(SignalError.NoSenderKey, theirs, messages[0]);
        foreach (var message in messages.Skip(1))
            (_, theirs) = SenderKeyCipher.Decrypt(theirs, message);
    }

    [Fact]
    public void Two_thousand_messages_may_be_missing_and_a_new_hand_over_helps_beyond()
    {
        var ours = SenderKeyCipher.Create(SenderKeyRecord.Empty, _random);
        var theirs = SenderKeyCipher.Process(SenderKeyRecord.Empty, SenderKeyCipher.Distribute(ours));
        var messages = new List<byte[]>();
        for (var i = 0; i <= Limits.ForwardJump + 1; i++)
        {
            (var message, ours) = SenderKeyCipher.Encrypt(ours, [(byte)i], new byte[64]);
            messages.Add(message);
        }
        var (_, caughtUp) = SenderKeyCipher.Decrypt(theirs, messages[Limits.ForwardJump]);
        Assert.Equal(Limits.SkippedKeys, caughtUp.States[0].Chain.Skipped.Count);
        AssertFails(SignalError.FutureMessage, theirs, messages[^1]);

        theirs = SenderKeyCipher.Process(theirs, SenderKeyCipher.Distribute(ours));
        (var next, _) = SenderKeyCipher.Encrypt(ours, [1], new byte[64]);
        Assert.Equal([1], SenderKeyCipher.Decrypt(theirs, next).Plaintext);
    }

    [Fact]
    public void A_key_that_is_handed_out_again_makes_no_message_new()
    {
        var ours = SenderKeyCipher.Create(SenderKeyRecord.Empty, _random);
        var distribution = SenderKeyCipher.Distribute(ours);
        var theirs = SenderKeyCipher.Process(SenderKeyRecord.Empty, distribution);
        (var message, _) = SenderKeyCipher.Encrypt(ours, [1], new byte[64]);
        (_, theirs) = SenderKeyCipher.Decrypt(theirs, message);
        AssertFails(SignalError.DuplicateMessage, SenderKeyCipher.Process(theirs, distribution), message);
    }

    [Fact]
    public void Others_keys_cannot_be_sent_with()
    {
        var theirs = SenderKeyCipher.Process(SenderKeyRecord.Empty, SenderKeyCipher.Distribute(SenderKeyCipher.Create(SenderKeyRecord.Empty, _random)));
        Assert.Equal(SignalError.NoSenderKey, Assert.Throws<SignalException>(() => SenderKeyCipher.Encrypt(theirs, [1], new byte[64])).Reason);
        Assert.Equal(SignalError.NoSenderKey, Assert.Throws<SignalException>(() => SenderKeyCipher.Distribute(SenderKeyRecord.Empty)).Reason);
    }

    private static void AssertFails(SignalError reason, SenderKeyRecord record, byte[] message) =>
        Assert.Equal(reason, Assert.Throws<SignalException>(() => SenderKeyCipher.Decrypt(record, message)).Reason);
}
