using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Whether a connection works is found out by a question to the own phone.</summary>
public sealed class PhoneCheckTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1), Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_tells_a_phone_that_answers_from_one_that_is_away_and_from_a_server_that_takes_nothing()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        await client.LinkAsync(ana);
        Assert.Equal(PhoneCheck.Answered, await client.Client.CheckPhoneAsync(Long, TestContext.Current.CancellationToken));
        Assert.Empty(ana.Messages());
        Assert.True(client.Client.Silence < Long);

        ana.GoOffline();
        Assert.Equal(PhoneCheck.Acknowledged, await client.Client.CheckPhoneAsync(Short, TestContext.Current.CancellationToken));
        sandbox.Network.PlanFaults(ana.Companions[0], new FaultPlan(LoseAcks: 1));
        Assert.Equal(PhoneCheck.Failed, await client.Client.CheckPhoneAsync(Short, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_connection_that_is_given_up_is_followed_by_another_one()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        await client.LinkAsync(ana);
        await client.WaitForAsync<Connected>();
        client.Client.Reconnect();
        await client.WaitForAsync<Disconnected>(ended => ended.End.Cause is FocoBot.WhatsApp.Connection.EndCause.Lost && ended.RetryIn is not null);
        await client.WaitForAsync<Connected>();
        Assert.Equal(PhoneCheck.Answered, await client.Client.CheckPhoneAsync(Long, TestContext.Current.CancellationToken));
    }
}
