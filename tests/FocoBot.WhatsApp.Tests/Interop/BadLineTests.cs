using System.Globalization;
using System.Security.Cryptography;
using FocoBot.Sandbox.Server;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>
/// Our client and Baileys write to each other over lines that lose stanzas and acknowledgements, repeat, reorder, damage and break; both are restarted from what
/// they have stored, ours in the midst of sending, Baileys by killing it. What either was told is sent, the other one shows: our client exactly once.
/// Baileys at least once: of a message that comes a second time rc14 says that it can't read it, asks for it again, and shows that as well.
/// Baileys 7.0.0-rc14 also has ways to lose messages for good; the run keeps clear of these:
/// <list type="bullet">
/// <item>While it reads the first message of a contact it can forget the session that its own answer has just begun: the first two go over a good line.</item>
/// <item>Reading and writing lock different things (a chat, the account) around the same session. When both happen at once, the state that one of them stores is
/// overwritten by the other, and two of its messages are encrypted with one key and counter; the second then is a repetition of the first to everybody. So it
/// writes when there is nothing for it to read: what is written to it meanwhile, it gets afterwards.</item>
/// <item>It shows a message only after it has sent the receipt: when its connection has broken meanwhile, the message is read and never shown. If that was a first
/// one (pkmsg), it answers the next copy with an error instead of asking for it again. So its line breaks when nothing is on its way to it, and loses stanzas
/// only when it loses all.</item>
/// <item>It does not send again what a broken connection has swallowed: the test, like an application, sends again what the server never got.</item>
/// <item>It writes its files in place: it is killed when it has done all that it had to.</item>
/// </list>
/// </summary>
public class BadLineTests
{
    private const int LongestBurst = 10;

    [Fact]
    public Task A_hundred_messages_arrive() => RunAsync(each: 50);

    [Fact]
    [Trait("Length", "long")]
    public Task A_thousand_messages_arrive() => RunAsync(each: 500);

    private static async Task RunAsync(int each)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FOCOBOT_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"FOCOBOT_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var sandbox = await SandboxServer.StartAsync(seed);
        await using var ana = new RestartedClient(sandbox, await SandboxClient.LinkedAsync(sandbox, "Ana", clock: new HastyClock()));
        await using var bob = new RestartedBaileys(sandbox, await sandbox.LinkedAsync("Bob"));
        UsedKeys ourKeys = new(sandbox, ana.Phone.Lid.WithDevice(1)), theirKeys = new(sandbox, bob.Phone.Lid.WithDevice(1));
        var (there, back) = (new Texts("ida"), new Texts("vuelta"));

        await ana.SendAllAsync(bob, there.Next(1));
        await bob.HasShownAsync(there.All);
        await bob.SendAsync(ana, back.Next(1));
        await ana.HasShownAsync(back.All);
        Queue<int> restarts = new([each / 3, each * 2 / 3]), kills = new([each / 4, each / 2]);
        while (there.Count < each || back.Count < each)
        {
            var ours = Math.Min(random.Next(1, LongestBurst + 1), each - there.Count);
            var theirs = Math.Min(random.Next(1, LongestBurst + 1), each - back.Count);
            switch (random.Next(3))
            {
                case var _ when IsDue(restarts) || IsDue(kills):
                case 0:
                    await OursWritesAsync(ours);
                    break;
                case 1:
                    await BaileysWritesAsync(theirs);
                    break;
                default:
                    await BothWriteAsync(ours, theirs);
                    break;
            }
        }

        await ana.StopAsync();
        await bob.StopAsync();
        Assert.Equal(back.All.Order(), ana.Shown.Order());
        Assert.Equal(there.All.Order(), bob.Shown.Distinct().Order());
        Assert.InRange(ourKeys.Count, each, int.MaxValue);
        output.WriteLine($"{sandbox.Network.Statistics()}. {ana}, {bob}.");

        async Task OursWritesAsync(int count)
        {
            var (isRestart, isKill) = (IsDue(restarts), IsDue(kills));
            var lost = there.Next(isRestart || isKill ? 0 : random.Next(count + 1));
            var others = there.Next(count - lost.Length);
            if (isKill)
            {
                kills.Dequeue();
                await bob.KillAsync();
            }

            sandbox.Network.PlanFaults(ana.Companion, Bad(random));
            sandbox.Network.PlanFaults(bob.Companion, new(Drop: 1));
            await TakenAsync(ana.SendAllAsync(bob, lost), lost);
            if (lost.Length > 0) await bob.BreakAsync();
            sandbox.Network.PlanFaults(ana.Companion, Bad(random));
            sandbox.Network.PlanFaults(bob.Companion, Odd);
            var writing = ana.SendAllAsync(bob, others);
            if (isRestart)
            {
                restarts.Dequeue();
                await ana.RestartAsync();
            }

            await TakenAsync(writing, others);
            if (isKill) await bob.StartAsync();
            await DoneAsync();
        }

        async Task BaileysWritesAsync(int count)
        {
            sandbox.Network.PlanFaults(ana.Companion, Bad(random) with { Corrupt = 0.05 });
            sandbox.Network.PlanFaults(bob.Companion, Odd);
            await bob.SendAsync(ana, back.Next(count));
            await DoneAsync();
        }

        async Task BothWriteAsync(int count, int theirs)
        {
            sandbox.Network.PlanFaults(ana.Companion, Bad(random));
            sandbox.Network.PlanFaults(bob.Companion, new(Drop: 1));
            var texts = there.Next(count);
            var writing = ana.SendAllAsync(bob, texts);
            await bob.SendAsync(ana, back.Next(theirs));
            await TakenAsync(writing, texts);
            await bob.BreakAsync();
            await DoneAsync();
        }

        bool IsDue(Queue<int> places) => places.TryPeek(out var place) && there.Count >= place;

        // What the server has, and our client does not know of, leaves again on a new connection.
        async Task TakenAsync(Task writing, Text[] texts)
        {
            await sandbox.UntilAsync(
                () => writing.IsFaulted || texts.All(text => sandbox.HasTaken(ana.Companion, text.Id)), () => $"The server never got what our client sent. {ana}");
            Mend(ana.Companion);
            await writing;
        }

        async Task DoneAsync()
        {
            Mend(ana.Companion);
            sandbox.Network.PlanFaults(bob.Companion, null);
            Assert.InRange(theirKeys.Count, 1, int.MaxValue);
            await ana.HasShownAsync(back.All);
            await bob.HasShownAsync(there.All);
            await bob.IsIdleAsync();
        }

        // All that was lost comes with a new connection.
        void Mend(Jid companion)
        {
            sandbox.Network.PlanFaults(companion, null);
            sandbox.Break(companion);
        }
    }

    private static FaultPlan Odd => new(Duplicate: 0.1, Reorder: 0.1, Corrupt: 0.05);

    private static FaultPlan Bad(Random random) => new(Drop: 0.05, Duplicate: 0.1, Reorder: 0.1, DisconnectAfter: random.Next(3, 15), LoseAcks: 0.1);
}
