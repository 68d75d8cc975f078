using System.Text.Json;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>Whatever comes in, there is the right answer or a <see cref="SignalException"/>, and the latter changes nothing.</summary>
public class HostileSignalTests
{
    private readonly Participant _alice = new("alice", 1);
    private readonly Participant _bob = new("bob", 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_bit_or_a_missing_end_of_a_first_message_changes_no_stored_byte(bool withPreKey)
    {
        await _alice.StartAsync(_bob, withPreKey);
        await AssertUnharmedAsync(await _alice.SendAsync(_bob, [1, 2, 3]));
    }

    [Fact]
    public async Task A_flipped_bit_or_a_missing_end_of_a_message_changes_no_stored_byte()
    {
        await _alice.StartAsync(_bob);
        await (await _alice.SendAsync(_bob, [1])).DeliverAsync();
        // One message turns the ratchet, the other finds its chain.
        var (turns, follows) = (await _bob.SendAsync(_alice, [2]), await _bob.SendAsync(_alice, [3]));
        await AssertUnharmedAsync(turns);
        await turns.DeliverAsync();
        await AssertUnharmedAsync(follows);
        Assert.Equal([3], await follows.DeliverAsync());
    }

    [Fact]
    public async Task A_flipped_bit_or_a_missing_end_of_a_group_message_changes_no_stored_byte()
    {
        var distribution = await _alice.Sessions.DistributeAsync("g", _alice.Address, false, default);
        await _bob.Sessions.ProcessDistributionAsync("g", _alice.Address, distribution, default);
        var message = await _alice.Sessions.EncryptForGroupAsync("g", _alice.Address, new byte[] { 1 }, default);
        var before = _bob.Snapshot();
        foreach (var damaged in Damage(message))
        {
            await Assert.ThrowsAsync<SignalException>(() => _bob.Sessions.DecryptFromGroupAsync("g", _alice.Address, damaged, default));
            Assert.Equal(before, _bob.Snapshot());
        }
        Assert.Equal([1], await _bob.Sessions.DecryptFromGroupAsync("g", _alice.Address, message, default));
    }

    [Fact]
    public void Damaged_vectors_are_read_or_refused()
    {
        var steps = Vectors.Load("signal-session.json").GetProperty("scenarios").EnumerateObject()
            .SelectMany(scenario => scenario.Value.GetProperty("steps").EnumerateArray());
        var samples = steps.Select(step => step.TryGetProperty("ciphertext", out var bytes) ? bytes : default)
            .Concat(Vectors.Load("sender-key.json").GetProperty("steps").EnumerateArray()
                .Select(step => step.TryGetProperty("bytes", out var bytes) ? bytes : default))
            .Where(bytes => bytes.ValueKind is JsonValueKind.String);
        foreach (var sample in samples)
        {
            foreach (var damaged in Damage(sample.Hex()))
                ReadAll(damaged);
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        var random = new Random(6);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(160)];
            random.NextBytes(bytes);
            // Half of them get past the first checks.
            if (bytes.Length > 2 && i % 2 == 0)
                (bytes[0], bytes[1]) = (i % 4 == 0 ? WireFormat.Version : (byte)1, (byte)(random.Next(8) << 3 | random.Next(3)));
            ReadAll(bytes);
        }
    }

    [Fact]
    public async Task A_damaged_record_is_refused_or_is_another_record_that_is_written_as_it_was_read()
    {
        await _alice.StartAsync(_bob);
        var sent = new List<Sent>();
        for (byte i = 0; i < 4; i++)
            sent.Add(await _alice.SendAsync(_bob, [i]));
        await sent[3].DeliverAsync();
        await _alice.StartAsync(_bob);
        var distribution = await _alice.Sessions.DistributeAsync("g", _alice.Address, false, default);
        await _bob.Sessions.ProcessDistributionAsync("g", _alice.Address, distribution, default);
        foreach (var participant in new[] { _alice, _bob })
        {
            foreach (var record in participant.Store.Sessions.Values.SelectMany(Damage))
                AssertExact(record, bytes => SessionRecord.Deserialize(bytes).Serialize());
        }
        foreach (var record in _alice.Store.SenderKeys.Values.Concat(_bob.Store.SenderKeys.Values).SelectMany(Damage))
            AssertExact(record, bytes => SenderKeyRecord.Deserialize(bytes).Serialize());
    }

    [Fact]
    public void A_length_field_beyond_the_message_is_refused_before_anything_is_made_of_it()
    {
        byte[] message = [WireFormat.Version, 0x22, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, .. new byte[80]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadAll(message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static async Task AssertUnharmedAsync(Sent sent)
    {
        var before = sent.To.Snapshot();
        foreach (var damaged in Damage(sent.Message))
        {
            // Some fields of a first message, as the registration number, no code covers.
            if (sent.Kind is MessageKind.PreKey && IsSameInside(sent.Message, damaged))
                continue;
            await sent.FailAsync(damaged);
            Assert.Equal(before, sent.To.Snapshot());
        }
    }

    // Whether the damage left everything that the session is made of.
    private static bool IsSameInside(byte[] message, byte[] damaged)
    {
        try
        {
            var before = PreKeySignalMessage.Read(message);
            var after = PreKeySignalMessage.Read(damaged);
            return before.Message.SequenceEqual(after.Message) && before.BaseKey.SequenceEqual(after.BaseKey)
                && before.IdentityKey.SequenceEqual(after.IdentityKey) && before.PreKeyId == after.PreKeyId && before.SignedPreKeyId == after.SignedPreKeyId;
        }
        catch (SignalException)
        {
            return false;
        }
    }

    private static IEnumerable<byte[]> Damage(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            yield return flipped;
        }
        for (var length = 0; length < bytes.Length; length++)
            yield return bytes[..length];
    }

    private static void AssertExact(byte[] bytes, Func<byte[], byte[]> roundTrip)
    {
        var failure = Record.Exception(() => Assert.Equal(bytes, roundTrip(bytes)));
        if (failure is not null)
            Assert.Equal(SignalError.DamagedRecord, Assert.IsType<SignalException>(failure).Reason);
    }

    private static void ReadAll(byte[] bytes)
    {
        Try(() => SignalMessage.Read(bytes));
        Try(() => PreKeySignalMessage.Read(bytes));
        Try(() => SenderKeyMessage.Read(bytes));
        Try(() => SenderKeyDistributionMessage.Read(bytes));
        Try(() => SessionRecord.Deserialize(bytes));
        Try(() => SenderKeyRecord.Deserialize(bytes));
        Try(() => Padding.Unpad(bytes));

        static void Try(Action read)
        {
            try
            {
                read();
            }
            catch (SignalException)
            {
                // The other allowed outcome.
            }
        }
    }
}
