using FocoBot.WhatsApp.Signal;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>Two participants, in both directions, through a network that delays, loses, repeats and damages.</summary>
public class RatchetProperties
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithReplay(20260, 7).WithMaxTest(150);

    [Fact]
    public void Every_delivered_message_of_a_session_decrypts_once_and_repeats_are_recognised() =>
        Check.One(Config, Prop.ForAll(Scripts(), script => Wait(RunSessionsAsync(script))));

    [Fact]
    public void Every_delivered_message_of_a_group_decrypts_once_and_repeats_are_recognised() =>
        Check.One(Config, Prop.ForAll(Scripts(), script => Wait(RunGroupAsync(script))));

    private static Arbitrary<int[]> Scripts() => Gen.Choose(0, int.MaxValue - 1).ArrayOf().Resize(120).ToArbitrary();

    // A store in memory never waits.
    private static void Wait(Task task)
    {
        Assert.True(task.IsCompleted);
        if (task.Exception is { } failure)
            throw failure;
    }

    private static async Task RunSessionsAsync(int[] script)
    {
        var (alice, bob) = (new Participant("alice", 1), new Participant("bob", 2));
        await alice.StartAsync(bob, withPreKey: script.Length % 2 == 0);
        await (await alice.SendAsync(bob, [0])).DeliverAsync();
        // A sender's generation is how often its ratchet turned; who has read five later ones has lost the key.
        var generation = new Dictionary<Participant, int> { [alice] = 0, [bob] = 0 };
        var newestRead = new Dictionary<Participant, int> { [alice] = 0, [bob] = -1 };
        List<(Sent Sent, int Generation)> underWay = [], delivered = [];
        foreach (var step in script)
        {
            var choice = step / 8;
            switch (step % 8)
            {
                case 0 or 1 or 2:
                    var (from, to) = choice % 2 == 0 ? (alice, bob) : (bob, alice);
                    underWay.Add((await from.SendAsync(to, BitConverter.GetBytes(step)), generation[from]));
                    break;
                case 3 or 4 or 5 when underWay.Count > 0:
                    var message = underWay[choice % underWay.Count];
                    underWay.Remove(message);
                    if (newestRead[message.Sent.From] - message.Generation >= Limits.ReceiverChains)
                    {
                        Assert.Equal(SignalError.BadMac, await message.Sent.FailAsync());
                        break;
                    }
                    Assert.Equal(message.Sent.Plaintext, await message.Sent.DeliverAsync());
                    if (message.Generation > newestRead[message.Sent.From])
                    {
                        newestRead[message.Sent.From] = message.Generation;
                        generation[message.Sent.To]++;
                    }
                    delivered.Add(message);
                    break;
                case 6 when delivered.Count > 0:
                    var repeated = delivered[choice % delivered.Count];
                    var error = await repeated.Sent.FailAsync();
                    var isForgotten = newestRead[repeated.Sent.From] - repeated.Generation >= Limits.ReceiverChains;
                    Assert.Equal(isForgotten ? SignalError.BadMac : SignalError.DuplicateMessage, error);
                    break;
                case 7 when underWay.Count > 0:
                    if (choice % 3 == 0)
                        underWay.RemoveAt(choice % underWay.Count);
                    else
                        await DamageAsync(underWay[choice % underWay.Count].Sent, choice);
                    break;
            }
        }
    }

    private static async Task DamageAsync(Sent sent, int choice)
    {
        var before = sent.To.Snapshot();
        // The fifth byte from the end belongs to the code, also where two small numbers follow the message.
        byte[] damaged = [.. sent.Message];
        damaged[^5] ^= (byte)(1 << choice % 7);
        await sent.FailAsync(damaged);
        Assert.Equal(before, sent.To.Snapshot());
    }

    private static async Task RunGroupAsync(int[] script)
    {
        const string Group = "1@g.us";
        var (sender, member) = (new Participant("sender", 1), new Participant("member", 2));
        List<(byte[] Plaintext, byte[] Message)> underWay = [], delivered = [];
        await DistributeAsync(renew: false);
        foreach (var step in script)
        {
            var choice = step / 8;
            switch (step % 8)
            {
                case 0 or 1 or 2 or 3:
                    var plaintext = BitConverter.GetBytes(step);
                    underWay.Add((plaintext, await sender.Sessions.EncryptForGroupAsync(Group, sender.Address, plaintext, default)));
                    break;
                case 4 or 5 when underWay.Count > 0:
                    var message = underWay[choice % underWay.Count];
                    underWay.Remove(message);
                    Assert.Equal(message.Plaintext, await ReadAsync(message.Message));
                    delivered.Add(message);
                    break;
                case 6 when delivered.Count > 0:
                    var repeated = delivered[choice % delivered.Count].Message;
                    var error = await Assert.ThrowsAsync<SignalException>(() => ReadAsync(repeated));
                    Assert.Equal(SignalError.DuplicateMessage, error.Reason);
                    break;
                case 7 when choice % 8 == 0:
                    await DistributeAsync(renew: false);
                    break;
                case 7 when choice % 8 == 1 && member.Store.SenderKeys.Values.Single()[1] < Limits.SenderKeyStates:
                    await DistributeAsync(renew: true);
                    break;
                case 7 when choice % 8 == 2 && underWay.Count > 0:
                    underWay.RemoveAt(choice % underWay.Count);
                    break;
                case 7 when underWay.Count > 0:
                    var before = member.Snapshot();
                    byte[] damaged = [.. underWay[choice % underWay.Count].Message];
                    damaged[choice % damaged.Length] ^= (byte)(1 << choice % 7);
                    await Assert.ThrowsAsync<SignalException>(() => ReadAsync(damaged));
                    Assert.Equal(before, member.Snapshot());
                    break;
            }
        }

        Task<byte[]> ReadAsync(byte[] message) => member.Sessions.DecryptFromGroupAsync(Group, sender.Address, message, default);

        async Task DistributeAsync(bool renew)
        {
            var distribution = await sender.Sessions.DistributeAsync(Group, sender.Address, renew, default);
            await member.Sessions.ProcessDistributionAsync(Group, sender.Address, distribution, default);
        }
    }
}
