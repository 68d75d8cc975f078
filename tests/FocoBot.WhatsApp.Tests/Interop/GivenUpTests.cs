using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A message over which the server ends each connection, and one that just never gets through.</summary>
public class GivenUpTests
{
    private const int NotWellFormed = 500;

    private static readonly FaultPlan AcksLost = new(LoseAcks: 1);

    [Fact]
    public async Task A_message_over_which_the_server_ends_five_connections_is_given_up_also_across_a_restart()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", store, clock: new HastyClock());
        var bob = sandbox.AddPhone("Bob");
        await before.Client.SendTextAsync(bob.Pn, "antes", Token);
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), AcksLost);
        var bad = before.Client.SendAsync(bob.Pn, new() { Conversation = "mala" }, "3EB0BAD", Token);
        var taken = await LeavesAsync(sandbox, 0, bob, "mala");
        var good = before.Client.SendAsync(bob.Pn, new() { Conversation = "buena" }, "3EB0600D", Token);
        taken = await LeavesAsync(sandbox, taken, bob, "buena");

        for (var i = 1; i <= 2; i++) taken = await EndedAsync(sandbox, ana.Pn, before, taken, both: true);
        await before.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionEndedException>(() => bad);
        await Assert.ThrowsAsync<ConnectionEndedException>(() => good);

        await using var after = new SandboxClient(sandbox, store, clock: new HastyClock());
        await after.Client.ConnectAsync(Token);
        await sandbox.UntilAsync(() => sandbox.Network.Statistics().Repeated == taken + 2, () => "It did not leave again.");
        taken += 2;
        bad = after.Client.SendAsync(bob.Pn, new() { Conversation = "mala" }, "3EB0BAD", Token);
        for (var i = 3; i < Limits.ConnectionsAMessage; i++) taken = await EndedAsync(sandbox, ana.Pn, after, taken, both: true);
        Assert.Equal(Limits.ConnectionsAMessage - 1, (await store.LoadAsync(new(RecordKind.Outgoing, "3EB0BAD"), Token))![0]);
        Assert.False(bad.IsCompleted);
        await EndedAsync(sandbox, ana.Pn, after, taken, both: false);

        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => bad);
        Assert.Equal((-1, RefusalReason.EndsConnections), (refused.Code, refused.Reason));
        var told = await after.WaitForAsync<MessageAcknowledged>(ack => ack.Id == "3EB0BAD");
        Assert.Equal((bob.Lid, RefusalReason.EndsConnections), (told.Chat, told.Reason));
        Assert.Null(await store.LoadAsync(new(RecordKind.Outgoing, "3EB0BAD"), Token));
        // What was behind it goes its way.
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), null);
        sandbox.Break(ana.Pn.WithDevice(1));
        Assert.Equal(0, (await after.WaitForAsync<MessageAcknowledged>(ack => ack.Id == "3EB0600D")).Error);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(null)]
    public async Task A_message_that_a_bad_line_keeps_from_the_server_is_not_given_up(int? streamError)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", clock: new HastyClock());
        await using var linked = client;
        var bob = sandbox.AddPhone("Bob");
        var companion = ana.Pn.WithDevice(1);
        sandbox.Network.PlanFaults(companion, AcksLost);
        var sending = client.Client.SendTextAsync(bob.Pn, "hola", Token);
        var taken = await LeavesAsync(sandbox, 0, bob, "hola");
        for (var i = 0; i < 2 * Limits.ConnectionsAMessage; i++)
        {
            if (streamError is { } code) sandbox.Network.PlanFaults(companion, new(StreamError: code));
            else sandbox.Cut(companion);
            sandbox.Network.PlanFaults(companion, AcksLost);
            taken++;
            await sandbox.UntilAsync(() => sandbox.Network.Statistics().Repeated == taken, () => "It did not leave again.");
        }

        sandbox.Network.PlanFaults(companion, null);
        sandbox.Break(companion);
        await sending;
    }

    // How often anything had left again when a message has left for the first time.
    private static async Task<long> LeavesAsync(SandboxServer sandbox, long again, FocoBot.Sandbox.Phones.VirtualPhone to, string text)
    {
        await SandboxServer.ShownAsync(to, shown => shown.Text == text);
        return again;
    }

    private static async Task<long> EndedAsync(SandboxServer sandbox, Jid phone, SandboxClient client, long again, bool both)
    {
        sandbox.Network.PlanFaults(phone.WithDevice(1), new(StreamError: NotWellFormed));
        sandbox.Network.PlanFaults(phone.WithDevice(1), AcksLost);
        await client.WaitForAsync<Disconnected>(ended => ended.End.Cause is EndCause.ServerError);
        again += both ? 2 : 1;
        await sandbox.UntilAsync(() => sandbox.Network.Statistics().Repeated == again, () => "It did not leave again.");
        return again;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
